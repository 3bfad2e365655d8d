"""Every slash command, from its options to its answer: the same words as typed lines, in time, to the asker only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.commands import COMMANDS
from bot.conversation import Conversation
from bot.discord.render import render, render_error
from papers.errors import PaperboyError
from papers.model import Asker
from papers.wiring import clock
from tests.fakes.discord import Message
from tests.fakes.entries import arxiv_entry, rss
from tests.fakes.upstream import Upstream
from tests.integration.discordline import DiscordLine, anybody, ask, destination, subscribe, told, wants

DEFERRED = 5
SLOWEST = 1.0
"""Seconds until Discord is told that an answer will come; it takes three."""

FEED = "https://rss.arxiv.org/rss/cs.LG"
"""Stands for one that is on loopback."""

LINES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ('subscribe "state space" OR mamba -survey', "subscribe", {"query": '"state space" OR mamba -survey'}),
    ("subscribe about: drawing maps ~3/day", "subscribe", {"about": "drawing maps", "volume": "~3/day"}),
    ("subscribe maps cat:cs.LG about: x", "subscribe", {"query": "maps", "category": "cs.LG", "about": "x"}),
    ("subscribe trending top:5", "subscribe", {"top": 5}),
    ("subscribe trending top:5 maps", "subscribe", {"top": 5, "query": "maps"}),
    (f"subscribe {FEED} title:agents", "subscribe", {"feed": FEED, "query": "title:agents"}),
    ("search diffusion org:google since:30d", "search", {"query": "diffusion org:google", "since": "30d"}),
    ("search diffusion cat:cs.LG page:1", "search", {"query": "diffusion", "category": "cs.LG", "page": 1}),
    ("daily 09:00 Europe/Berlin weekdays", "daily", {"at": "09:00", "zone": "Europe/Berlin", "weekdays": True}),
    ("daily 7:30", "daily", {"at": "7:30", "weekdays": False}),
    ("weekly mon 09:00 America/New_York", "weekly", {"day": "mon", "at": "09:00", "zone": "America/New_York"}),
    ("instant", "instant", {}),
    ("why 2603.00001", "why", {"paper": "2603.00001"}),
    ("why https://arxiv.org/abs/2603.00001v2", "why", {"paper": "https://arxiv.org/abs/2603.00001v2"}),
    ("similar 2603.00001", "similar", {"paper": "2603.00001"}),
    ("similar drawing maps page:2", "similar", {"paper": "drawing maps page:2"}),
    ("list", "list", {}),
    ("edit 1 diffusion -survey", "edit", {"number": 1, "what": "diffusion -survey"}),
    ("test 1", "test", {"what": "1"}),
    ("test maps", "test", {"what": "maps"}),
    ("digest yesterday", "digest", {"day": "yesterday"}),
    ("digest", "digest", {}),
    ("digest 2026-03-10", "digest", {"day": "2026-03-10"}),
    ("trending", "trending", {}),
    ("trending week", "trending", {"period": "week"}),
    ("trending month by:growth page:1", "trending", {"period": "month", "by": "growth", "page": 1}),
    ("trending by:stars", "trending", {"by": "stars"}),
    ("digest friday", "digest", {"day": "friday"}),
    ("log", "log", {}),
    ("vote down 2699.00001", "vote", {"way": "down", "paper": "2699.00001"}),
    ("resend 3f9a0c", "resend", {"delivery": "3f9a0c"}),
    ("settings", "settings", {}),
    ("settings format full", "settings", {"name": "format", "value": "full"}),
    ("settings language de", "settings", {"name": "language", "value": "de"}),
    ("feed off", "feed", {"change": "off"}),
    ("email ada@example.org", "email", {"address": "ada@example.org"}),
    ("pause", "pause", {}),
    ("resume", "resume", {}),
    ("help", "help", {}),
    ("help subscribe", "help", {"command": "subscribe"}),
    ("unsubscribe 7", "unsubscribe", {"number": 7}),
    ("forget 7", "forget", {"number": 7}),
    ("repair 7", "repair", {"number": 7}),
)


def typed(line: DiscordLine, words: str) -> str:
    """What is said to somebody who types a line, as far as no platform has a part in it."""
    asker = Asker(destination(line.channel), anybody(line).id)
    conversation = Conversation(lambda: line.core.desk, line.stores.drafts, line.stores.quota, clock)
    try:
        said = conversation.answer(asker, words, conversation.read(words))
    except PaperboyError as error:
        message = render_error(error)
    else:
        message = render(said.answer, clock(), "UTC", token=said.token, line=said.line)
    return Message("", "", "", 0.0, components=list(message.components)).text


def test_a_command_says_what_its_line_says_in_time_and_to_the_asker_only(hall: DiscordLine, upstream: Upstream) -> None:
    upstream.feed("/rss", rss([arxiv_entry("2603.00009v1", "Agents"), arxiv_entry("2603.00008v1", "Maps")]))
    feed = f"{upstream.url}/rss"
    hall.poll()
    subscribe(hall, query="diffusion")
    for words, command, options in LINES:
        if words.startswith(("settings ", "pause", "resume")):
            typed(hall, words)  # so that it is so already, each of the two times that are compared
        given = {name: feed if value == FEED else value for name, value in options.items()}
        act = ask(hall, command, anybody(hall), **given)
        assert act.type == DEFERRED
        assert act.after is not None
        assert act.after < SLOWEST
        assert act.is_ephemeral
        assert act.text == typed(hall, words.replace(FEED, feed)), words
    assert hall.discord.messages(hall.channel) == []


def test_everything_that_can_be_typed_can_be_chosen(hall: DiscordLine) -> None:
    (papers,) = [one for one in hall.discord.commands() if one["name"] == "papers"]
    assert {one["name"] for one in papers["options"]} == {form.name for form in COMMANDS}
    offered = {words.partition(" ")[0] for words, _, _ in LINES}
    assert offered == {form.name for form in COMMANDS}


def options(hall: DiscordLine) -> Iterator[dict[str, Any]]:
    """Every command, sub-command and option that Discord was told of."""
    waiting = hall.discord.commands()
    while waiting:
        one = waiting.pop()
        waiting += one.get("options", [])
        yield one


def test_every_command_and_option_is_described_and_the_menus_entry_too(hall: DiscordLine) -> None:
    described = [one for one in options(hall) if one["type"] != 3 or "options" in one or "description" in one]
    assert len(described) > 40
    for one in described:
        is_menu = one["name"] == "Find similar papers"
        assert is_menu or len(one["description"]) > 5, one
    assert [one["name"] for one in hall.discord.commands() if one["type"] == 3] == ["Find similar papers"]


def test_no_two_commands_have_one_name_in_any_language(hall: DiscordLine) -> None:
    (papers,) = [one for one in hall.discord.commands() if one["name"] == "papers"]
    for language in ("de", "fr"):
        own = [one["name_localizations"][language] for one in papers["options"]]
        assert len(set(own)) == len(own) == len(papers["options"])


def test_whoever_may_see_a_channel_is_offered_every_command(hall: DiscordLine) -> None:
    for one in hall.discord.commands():
        assert one["default_member_permissions"] is None
        assert one["contexts"] == [0, 1]


BAD: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("search", {"query": "diffusion ("}, "^"),
    ("search", {"query": "diffusion", "since": "soon"}, "since"),
    ("subscribe", {"query": "title:"}, "title"),
    ("subscribe", {"volume": "~3/day"}, "about"),
    ("subscribe", {"feed": "ftp://example.org/x"}, "http"),
    ("subscribe", {"feed": "no address"}, "http"),
    ("daily", {"at": "25:00"}, "“25:00” is not a time of day"),
    ("daily", {"at": "09:00", "zone": "Mars/Base"}, "Mars/Base"),
    ("weekly", {"day": "mon", "at": "9 am"}, "is not a time of day"),
    ("digest", {"day": "2026-13-45"}, "2026-13-45"),
    ("why", {"paper": "not an id"}, "id"),
    ("vote", {"way": "up", "paper": "2699.00001"}, "2699.00001"),
    ("resend", {"delivery": "ffffff"}, "ffffff"),
    ("feed", {"change": "new"}, "PAPERBOY_PUBLIC_URL"),
    ("email", {"address": "ada@example.org"}, "no mails are sent from here"),
    ("settings", {"name": "format"}, "compact, full"),
    ("settings", {"name": "format", "value": "fulll"}, "compact, full"),
    ("settings", {"value": "full"}, "full"),
    ("settings", {"name": "language", "value": "xx_YY"}, "xx_YY"),
    ("unsubscribe", {"number": 999}, "999"),
    ("forget", {"number": 999}, "999"),
    ("repair", {"number": 999}, "999"),
    ("edit", {"number": 999, "what": "maps"}, "999"),
    ("edit", {"number": 999}, "999"),
    ("test", {"what": "999"}, "999"),
    ("help", {"command": "nothing"}, "nothing"),
)


def test_bad_options_get_the_reason_and_change_nothing(hall: DiscordLine) -> None:
    for command, options, reason in BAD:
        said = told(ask(hall, command, anybody(hall), **options))
        assert "⚠" in said, (command, options)
        assert reason in said
        assert "something broke" not in said
    assert "No subscriptions" in told(ask(hall, "list"))


def test_a_category_is_of_the_whole_query(hall: DiscordLine) -> None:
    subscribe(hall, query="diffusion OR maps", category="cs.LG")
    (want,) = wants(hall)
    assert want.query in {"(diffusion OR maps) cat:cs.LG", "cat:cs.LG (diffusion OR maps)"}


def test_an_option_for_a_category_takes_no_other_words(hall: DiscordLine) -> None:
    for command in ("subscribe", "search"):
        assert "⚠" in told(ask(hall, command, query="maps", category="cs.LG OR survey"))


def test_commands_do_the_same_whatever_language_they_are_offered_in(hall: DiscordLine) -> None:
    for language in ("de", "fr", "ja"):
        reader = hall.discord.user("reader", hall.guild, locale=language)
        assert "No subscriptions" in told(ask(hall, "list", reader))
