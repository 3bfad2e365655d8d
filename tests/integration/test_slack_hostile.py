"""Text that means harm: mentions, links, control characters and sheer length, in commands, forms and papers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.slack import acts
from tests.fakes.entries import item
from tests.fakes.slack import Message
from tests.fakes.upstream import Upstream
from tests.integration.slackline import DAY, SlackLine, ask, brought, pressing, subscribe, told

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


def is_harmless(message: Message) -> bool:
    """No live mention, no link that is not to a paper, no control or bidi character, nothing that notifies."""
    texts = [message.text, *parsed(message.blocks)]
    is_quiet = not any(mark in text for text in texts for mark in ("<!channel", "<!here", "<!subteam", "<@U2", "<#C1|"))
    everything = json.dumps(message.body, ensure_ascii=False)
    is_clean = not any(ord(c) < 32 or ord(c) == 127 or c in "\u202e\u202c\u2066\u2069\ufeff" for c in everything)
    return is_quiet and is_clean and "<https://evil.example" not in everything and message.flags.get("parse") is None


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("command", ["search", "subscribe", "subscribe about:", "similar", "why", "help", ""])
def test_a_hostile_command_is_answered_and_obeys_nothing_of_it(line: SlackLine, command: str, text: str) -> None:
    line.poll()
    answer = ask(line, f"{command} {text}".strip())
    assert is_harmless(answer), answer.body
    assert "something broke" not in told(answer)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_subscription_goes_all_the_way_and_obeys_nothing_of_it(line: SlackLine, text: str) -> None:
    topic = text[:1_900]
    said = subscribe(line, f"diffusion OR graphs OR survey about: {topic} ~50/day")
    assert is_harmless(said)
    assert is_harmless(ask(line, "list"))
    line.slack.command("U1", "C1", "/papers edit 1").until(lambda act: act.views)
    for message in brought(line):
        assert is_harmless(message)
        for shown in (one for block in message.blocks for one in block.get("elements", ()) if one.get("type") == "button"):
            answered = line.slack.click("U2", "C1", message, pressing_exactly(shown["action_id"])).answered()
            assert is_harmless(answered)


def pressing_exactly(action_id: str) -> str:
    """A button by its whole action_id."""
    return action_id


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_paper_is_posted_and_obeys_nothing_of_it(line: SlackLine, upstream: Upstream, text: str) -> None:
    hostile = {"summary": f"maps {text}", "authors": [text[:300], "A. Nother"], "ai_summary": text[:500]}
    hostile |= {"githubRepo": f"https://github.com/{text[:80]}", "projectPage": text[:200], "ai_keywords": [text[:60]]}
    upstream.day(DAY, [item("2603.00009", f"Maps {text}", upvotes=7, **hostile)])
    subscribe(line, "maps")
    messages = brought(line, count=2)
    assert all(map(is_harmless, messages))
    assert "Maps" in told(messages[0])
    for words in ("search maps", "digest", "why 2603.00009", "similar 2603.00009", "log"):
        assert is_harmless(ask(line, words))
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
