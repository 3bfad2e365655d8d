"""Text that means harm: mentions, links, control characters and sheer length, in commands, forms and papers."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.slack import acts
from tests.fakes.entries import item
from tests.fakes.slack import Message
from tests.fakes.upstream import Upstream
from tests.integration.slackline import DAY, SlackLine, ask, brought, buttons, pressing, subscribe, told

HOSTILE = (
    "<!channel> <!here|now> <!subteam^S1>",
    "<@U2> and <@U2|bob> and <#C1|general>",
    "<https://evil.example|https://arxiv.org>",
    "&lt;!channel&gt; &amp;lt;@U2&amp;gt;",
    "\x00\x07\x1b[31mred\x7f \u202eevil\u202c \u2066x\u2069 \ufeff\u200b",
    "*bold* _it_ ~no~ `code` ```block``` :tada: > quote",
    "@channel @here @everyone",
    "x" * 7_900,
    "🦊" * 2_000,
    "\n\n\n/papers list\n",
)


def parsed(part: Any) -> list[str]:
    """Every string that Slack parses: mrkdwn of blocks, and the text of messages and cards."""
    if isinstance(part, dict):
        own = [part["text"]] if part.get("type") == "mrkdwn" else []
        return own + [text for inner in part.values() for text in parsed(inner)]
    return [text for inner in part for text in parsed(inner)] if isinstance(part, list) else []


def addresses(part: Any) -> list[str]:
    """Every address that blocks link to or load."""
    if isinstance(part, dict):
        own = [part[key] for key in ("url", "image_url") if key in part]
        return own + [url for inner in part.values() for url in addresses(inner)]
    return [url for inner in part for url in addresses(inner)] if isinstance(part, list) else []


def is_harmless(message: Message) -> bool:
    """No live mention, no link to anywhere but papers, no control or bidi character."""
    texts = [message.text, *parsed(message.blocks)]
    live = ("<!channel", "<!here", "<!subteam", "<@U2", "<#C1|", "<https://evil.example", "<http://evil.example")
    is_quiet = not any(mark in text for text in texts for mark in live)
    links_well = not any(urlsplit(url).hostname == "evil.example" for url in addresses(message.blocks))
    everything = json.dumps(message.body, ensure_ascii=False)
    is_clean = not any(ord(c) < 32 or ord(c) == 127 or c in "\u202e\u202c\u2066\u2069\ufeff" for c in everything)
    return is_quiet and links_well and is_clean and "parse" not in message.flags


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_command_is_answered_and_obeys_nothing_of_it(line: SlackLine, text: str) -> None:
    line.poll()
    for command in ("search", "subscribe", "subscribe about:", "similar", "why", "help", ""):
        answer = ask(line, f"{command} {text}".strip())
        assert is_harmless(answer), answer.body
        assert "something broke" not in told(answer)


def test_hostile_subscriptions_go_all_the_way_and_nothing_of_them_is_obeyed(line: SlackLine) -> None:
    slack = line.slack
    for number, text in enumerate(HOSTILE, 1):
        quoted = text[:450].replace("\n", " ")
        said = subscribe(line, f'maps OR "{quoted} x"', user="U2")
        assert "Subscribed" in told(said)
        assert is_harmless(said), said.body
        slack.command("U1", "C1", f"/papers edit {number}").until(lambda act: act.views)
        assert not any("<!channel" in shown or "<@U2" in shown for shown in parsed(slack.modal("U1")))
    assert is_harmless(ask(line, "list"))
    for message in brought(line, count=2):
        assert is_harmless(message), message.body
        for button in buttons(message):
            assert is_harmless(slack.click("U1", "C1", message, button["action_id"]).answered())


def test_hostile_papers_are_posted_and_nothing_of_them_is_obeyed(line: SlackLine, upstream: Upstream) -> None:
    papers = []
    for number, text in enumerate(HOSTILE):
        rest = {"summary": f"maps {text}", "authors": [text[:300], "A. Nother"], "ai_summary": text[:500]}
        rest |= {"githubRepo": f"https://github.com/{text[:80]}", "projectPage": text[:200], "ai_keywords": [text[:60]]}
        papers.append(item(f"2603.{number + 100:05}", f"Maps {text}", upvotes=99 - number, **rest))
    upstream.day(DAY, papers)
    subscribe(line, "maps")
    for message in brought(line, count=3):
        assert is_harmless(message), message.body
    seen = " ".join(json.dumps(message.body) for message in line.slack.messages("C1"))
    assert all(one["paper"]["id"] in seen for one in papers)
    for words in ("search maps", "digest", "trending", "log", *(f"why {one['paper']['id']}" for one in papers)):
        assert is_harmless(ask(line, words)), words
    line.slack.click("U1", "C1", ask(line, "search maps"), pressing(acts.POST)).answered()
    assert is_harmless(line.slack.messages("C1")[-1])


def test_a_hostile_form_is_previewed_and_saved(line: SlackLine) -> None:
    slack = line.slack
    line.poll()
    for text in HOSTILE:
        slack.command("U1", "C1", "/papers subscribe").until(lambda act: act.views)
        slack.type_in_modal("U1", "topic", text[:2_000])
        slack.submit("U1", {"query": "diffusion"})
        slack.until(lambda: "Looking…" not in told(slack.modal("U1")))
        modal = slack.modal("U1")
        assert modal is not None
        assert not any("<!channel" in shown or "<@U2" in shown for shown in parsed(modal["blocks"]))


def test_a_command_longer_than_any_is_refused_in_words(line: SlackLine) -> None:
    assert "8,000 characters" in told(ask(line, "search " + "word " * 1_700))
