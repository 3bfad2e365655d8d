"""Text that means harm: mentions, links, control characters and sheer length, in commands, forms, menus and papers."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.discord import acts
from tests.fakes.discord import Message
from tests.fakes.entries import item
from tests.fakes.upstream import Upstream
from tests.integration.discordline import DAY, DiscordLine, anybody, ask, brought, press, subscribe, told

HOSTILE = (
    "<@1> <@!1> <@&1> <#1> </cmd:1> <t:1> <t:1:R> <id:customize>",
    "<:tada:1> <a:tada:1> :tada:",
    "@everyone @here",
    "[x](https://evil.example) [https://arxiv.org](https://evil.example)",
    "https://evil.example/path <https://evil.example> discord.gg/evil",
    "**bold** __u__ _it_ ~~no~~ `code` ```block``` ||spoiler||",
    "# heading\n> quote\n- list\n-# small",
    "\\<@1> \\[x\\](https://evil.example) \\\\",
    "\x00\x07\x1b[31mred\x7f \u202eevil\u202c \u2066x\u2069 \ufeff\u200b",
    "](https://evil.example) [",
    "x" * 490,
    "🦊" * 200,
)

LIVE = re.compile(r"(?<!\\)(?:\\\\)*(?:<(?:@|#|/|t:|id:|a?:\w+:)|@(?:everyone|here)|\|\||```|~~)")
"""What Discord would act on, if no backslash takes its meaning."""

OURS = re.compile(r"<t:\d{10}:[fR]>|<@\d{17,20}>|<#\d{17,20}>")
"""What the renderers write themselves: times, who shared something, the channel that a notice is about."""

CODE = re.compile(r"```\n.*?\n```|`[^`\n]+`", re.DOTALL)
"""In which Discord acts on nothing."""

LINK = re.compile(r"\]\((\S*?)\)")
BARE = re.compile(r"(?<!\\)https?://[^\s)]+")


def is_harmless(message: Message) -> bool:
    """No live mention, no link to anywhere but papers, no control or bidi character, nobody notified."""
    texts = [CODE.sub("", OURS.sub("", str(part["content"]))) for part in message.parts if "content" in part]
    unlinked = [LINK.sub("]", text) for text in texts]
    is_quiet = not any(LIVE.search(text) for text in unlinked)
    urls = [url for text in texts for url in LINK.findall(text)] + [u for text in unlinked for u in BARE.findall(text)]
    urls += [str(part["media"]["url"]) for part in message.parts if "media" in part]
    links_well = all(urlsplit(url).hostname != "evil.example" for url in urls)
    shown = json.dumps(message.components, ensure_ascii=False)
    is_clean = not any(ord(c) < 32 or ord(c) == 127 or c in "\u202e\u202c\u2066\u2069\ufeff" for c in shown)
    return is_quiet and links_well and is_clean and message.allowed_mentions == {"parse": []}


@pytest.mark.parametrize(
    "text", ["<@1>", "x @everyone", "```\n<@1>", "](<@1> x)", "[x](https://evil.example)", "a||b", "\u202e"]
)
def test_a_message_that_harms_is_seen_to(text: str) -> None:
    part = {"type": 10, "content": text}
    assert not is_harmless(Message("", "", "", 0.0, components=[part], allowed_mentions={"parse": []}))


def test_a_hostile_command_is_answered_and_obeys_nothing_of_it(hall: DiscordLine) -> None:
    hall.poll()
    for text in HOSTILE:
        user = anybody(hall)
        for command, option in (
            ("search", "query"),
            ("subscribe", "query"),
            ("subscribe", "about"),
            ("subscribe", "feed"),
            ("similar", "paper"),
            ("test", "what"),
            ("why", "paper"),
        ):
            act = ask(hall, command, user, None, **{option: text})
            assert is_harmless(act.message), (command, act.text)
            assert "something broke" not in told(act)
        for command, option, longest in (("help", "command", 32), ("resend", "delivery", 24), ("daily", "at", 5)):
            act = ask(hall, command, user, None, **{option: text[:longest]})
            assert is_harmless(act.message), (command, act.text)
            assert "something broke" not in told(act)


def test_hostile_subscriptions_go_all_the_way_and_nothing_of_them_is_obeyed(hall: DiscordLine) -> None:
    for text in HOSTILE:
        quoted = text[:450].replace("\n", " ").replace('"', "")
        said = subscribe(hall, anybody(hall), None, query=f'maps OR "{quoted} x"')
        assert "Subscribed" in told(said)
        assert is_harmless(said.message), said.text
    listed = ask(hall, "list")
    assert is_harmless(listed.message), listed.text
    for number in range(1, len(HOSTILE) + 1):
        assert ask(hall, "edit", number=number).modal
    for message in brought(hall, count=2):
        assert is_harmless(message), message.text
        for custom_id in message.custom_ids:
            answer = hall.discord.click(anybody(hall), message, custom_id)
            assert is_harmless(answer.message), answer.text


@pytest.fixture
def hostile(hall: DiscordLine, upstream: Upstream) -> DiscordLine:
    """A day of hostile papers, one for each text."""
    papers = []
    for number, text in enumerate(HOSTILE):
        rest: dict[str, Any] = {"summary": f"maps {text}", "authors": [text[:300], "A. Nother"]}
        rest |= {"ai_summary": text, "githubRepo": f"https://github.com/{text[:80]}", "projectPage": text[:200]}
        rest |= {"ai_keywords": [text[:60]], "thumbnail": f"https://cdn.example/{text[:80]}.png"}
        papers.append(item(f"2603.{number + 100:05}", f"Maps {text}", upvotes=99 - number, **rest))
    upstream.day(DAY, papers)
    return hall


def test_hostile_papers_are_posted_and_nothing_of_them_is_obeyed(hostile: DiscordLine) -> None:
    subscribe(hostile, query="maps")
    messages = brought(hostile, count=4)
    seen = set()
    for message in messages:
        assert is_harmless(message), message.text
        assert message.embeds == []
        seen |= {one.partition(":")[2] for one in message.custom_ids if acts.verb(one) == acts.UP}
    assert seen == {f"2603.{number + 100:05}" for number in range(len(HOSTILE))}
    (thread,) = hostile.discord.threads(hostile.channel)
    assert not any(sign in thread.name for sign in ("<", "@", "[", "\u202e"))


def test_hostile_papers_are_told_of_and_nothing_of_them_is_obeyed(hostile: DiscordLine) -> None:
    subscribe(hostile, query="maps")
    hostile.poll()
    for command, options in (
        ("search", {"query": "maps"}),
        ("digest", {}),
        ("trending", {}),
        ("log", {}),
        ("test", {"what": "1"}),
        ("subscribe", {"about": "maps"}),
        *(("why", {"paper": f"2603.{number + 100:05}"}) for number in range(len(HOSTILE))),
        *(("similar", {"paper": f"2603.{number + 100:05}"}) for number in range(len(HOSTILE))),
    ):
        act = ask(hostile, command, anybody(hostile), None, **options)
        assert is_harmless(act.message), (command, act.text)
    press(hostile, ask(hostile, "digest"), acts.POST)
    assert is_harmless(hostile.discord.messages(hostile.channel)[-1])


def test_every_post_carries_its_nonce_and_notifies_nobody(hall: DiscordLine) -> None:
    subscribe(hall, query="diffusion")
    brought(hall, count=2)
    sent = hall.discord.calls("create_message")
    nonces = [one.body["nonce"] for one in sent]
    assert all(re.fullmatch("[0-9a-f]{24}", nonce) for nonce in nonces)
    assert len(set(nonces)) == len(nonces)
    assert all(one.body["enforce_nonce"] is True for one in sent)
    assert all(one.body["allowed_mentions"] == {"parse": []} for one in sent)


def test_a_hostile_form_is_previewed_and_a_hostile_message_has_similar_ones(hall: DiscordLine) -> None:
    hall.poll()
    for text in HOSTILE:
        user = anybody(hall)
        draft = hall.discord.submit(user, ask(hall, "subscribe", user), topic=text, query="diffusion")
        assert is_harmless(draft.message), draft.text
        found = hall.discord.menu(user, "Find similar papers", hall.discord.say(user, hall.channel, text))
        assert is_harmless(found.message), found.text
