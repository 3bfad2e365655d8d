"""Words in: every command, every way to get it wrong, and what is suggested then."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot import commands
from bot.commands import COMMANDS, Command, parse
from papers.errors import UsageError
from papers.model import Schedule, Want
from papers.wording.subscriptions import label

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
CLASSES = {
    "search": commands.Search,
    "similar": commands.Similar,
    "subscribe": commands.Subscribe,
    "unsubscribe": commands.Unsubscribe,
    "list": commands.List,
    "edit": commands.Edit,
    "forget": commands.Forget,
    "repair": commands.Repair,
    "test": commands.Test,
    "instant": commands.SetSchedule,
    "daily": commands.SetSchedule,
    "weekly": commands.SetSchedule,
    "digest": commands.Digest,
    "trending": commands.Trending,
    "why": commands.Why,
    "vote": commands.Vote,
    "log": commands.Log,
    "resend": commands.Resend,
    "settings": commands.Settings,
    "feed": commands.Feed,
    "email": commands.Email,
    "pause": commands.Pause,
    "resume": commands.Resume,
    "help": commands.Help,
}


def read(text: str) -> Command:
    return parse(text, NOW)


def refused(text: str) -> UsageError:
    with pytest.raises(UsageError) as caught:
        read(text)
    return caught.value


def want(text: str) -> Want:
    command = read(f"subscribe {text}")
    assert isinstance(command, commands.Subscribe)
    return command.want


def daily(text: str) -> Schedule:
    command = read(f"daily {text}")
    assert isinstance(command, commands.SetSchedule)
    return command.schedule


@pytest.mark.parametrize("form", COMMANDS, ids=lambda form: form.usage)
def test_the_example_of_every_form_parses_to_its_own_class(form: commands.Form) -> None:
    assert type(read(form.example)) is CLASSES[form.name]
    assert form.example.split(" ")[0] == form.usage.split(" ")[0] == form.name


def test_the_table_names_every_command_that_there_is() -> None:
    assert {form.name for form in COMMANDS} == set(CLASSES)
    assert set(CLASSES.values()) == set(get_args(Command))


@pytest.mark.parametrize(
    "text",
    [
        "search “state space” -survey",
        "/papers SEARCH \N{NO-BREAK SPACE} “state\N{NO-BREAK SPACE}space”  \N{MINUS SIGN}survey",
        "/Papers search\t«state space» \N{EN DASH}survey\n",
        "search \N{ZERO WIDTH SPACE}\x00„state space‟ -survey\N{RIGHT-TO-LEFT OVERRIDE}",
    ],
)
def test_what_keyboards_make_of_plain_typing_is_undone(text: str) -> None:
    assert read(text) == commands.Search('"state space" -survey')


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("search diffusion", commands.Search("diffusion")),
        ("search since", commands.Search("since")),
        ('search "since:30d ago"', commands.Search('"since:30d ago"')),
        ('search "sort:new"', commands.Search('"sort:new"')),
        ("search how do people quantise KV caches?", commands.Search("how do people quantise KV caches?")),
        ("unsubscribe #3", commands.Unsubscribe(3)),
        ("unsubscribe 3", commands.Unsubscribe(3)),
        ("forget #3", commands.Forget(3)),
        ("test 3", commands.Test(3)),
        ("test #3", commands.Test(3)),
        ("test 3d diffusion", commands.Test(Want(query="3d diffusion"))),
        ('test "2024"', commands.Test(Want(query='"2024"'))),
        ("edit #3 about: robots", commands.Edit(3, Want(topic="robots"))),
        ("edit 3 ~5/day", commands.Edit(3, 5.0)),
        ("edit #3 ~7/week", commands.Edit(3, 1.0)),
        ("edit 3 ~5", commands.Edit(3, 5.0)),
        ("edit 3 5/day", commands.Edit(3, 5.0)),
        ("edit 3 ~5 per day", commands.Edit(3, 5.0)),
        ("edit 3 ~2.5", commands.Edit(3, 2.5)),
        ("instant", commands.SetSchedule(Schedule(zone=""))),
        ("weekly mon 09:00", commands.SetSchedule(Schedule("weekly", "09:00", "", 0))),
        ("weekly Sunday 9:05 tokyo", commands.SetSchedule(Schedule("weekly", "09:05", "Asia/Tokyo", 6))),
        ("why 2607.21557", commands.Why("2607.21557")),
        ("why <https://arxiv.org/abs/2607.21557>", commands.Why("https://arxiv.org/abs/2607.21557")),
        ("why cs/0112017", commands.Why("cs/0112017")),
    ],
)
def test_right_words_parse(text: str, expected: Command) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9:00", Schedule("daily", "09:00", "")),
        ("23:59 utc", Schedule("daily", "23:59", "UTC")),
        ("00:00 europe/berlin weekdays", Schedule("daily", "00:00", "Europe/Berlin", weekdays=True)),
        ("09:00 weekdays Berlin", Schedule("daily", "09:00", "Europe/Berlin", weekdays=True)),
        ("09:00 new york", Schedule("daily", "09:00", "America/New_York")),
    ],
)
def test_zones_are_found_by_name_or_city(text: str, expected: Schedule) -> None:
    assert daily(text) == expected


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("serch diffusion", "/papers search diffusion"),
        ("UNSUBSCRIB #3", "/papers unsubscribe #3"),
        ("unsubscribee", "/papers help unsubscribe"),
        ("transformers in vision", "/papers search transformers in vision"),
        ("hello there", "/papers help"),
        ("list all", "/papers list"),
        ("/paper list", "/papers list"),
        ("/paper@somebody diffusion", "/papers search diffusion"),
        ("settings language germn", "/papers settings language de"),
        ("search diffusion since:30", "/papers search diffusion since:30d"),
        ("search (diffusion since:30d", "/papers search (diffusion) since:30d"),
        ("search diffusion has:Code1", "/papers search diffusion has:code"),
        ("search diffusion sort:newest", "/papers search diffusion sort:new"),
        ("search (diffusion sort:top", "/papers search (diffusion) sort:top"),
        ("search diffusion before:2026-02-30", "/papers search diffusion before:2026-02-28"),
        ("subscribe diffusion ~3/day", "/papers subscribe about: diffusion ~3/day"),
        ("subscribe diffusion ~3", "/papers subscribe about: diffusion ~3/day"),
        ("subscribe about: robots ~3/dya", "/papers subscribe about: robots ~3/day"),
        ("subscribe about: robots ~3/day ~4/day", "/papers subscribe about: robots ~4/day"),
        ("subscribe diffusion about:", "/papers subscribe diffusion"),
        ("subscribe https://lab.org/f ~3/day", "/papers subscribe https://lab.org/f"),
        ("subscribe ftp://lab.org/f", "/papers subscribe https://lab.org/f"),
        ("subscribe trending top:60", "/papers subscribe trending top:50"),
        ("subscribe trending top:0", "/papers subscribe trending top:5"),
        ("subscribe trending top:3 diffusion", "/papers subscribe trending top:3"),
        ("edit 3 diffusion ~3/day", "/papers edit 3 about: diffusion ~3/day"),
        ("edit 3 ~5/dya", "/papers edit 3 ~5/day"),
        ("edit 3 ~5/day ~6/day", "/papers edit 3 ~6/day"),
        ("daily 9 Berlin", "/papers daily 9:00 Berlin"),
        ("daily 9.30", "/papers daily 9:30"),
        ("daily 09:00 Europe/Berln weekdays", "/papers daily 09:00 Europe/Berlin weekdays"),
        ("daily 09:00 istanbul", "/papers daily 09:00 Asia/Istanbul"),
        ("weekly mondya 09:00", "/papers weekly mon 09:00"),
        ("weekly mon 09:00 tokio", "/papers weekly mon 09:00 Asia/Tokyo"),
    ],
)
def test_the_nearest_right_line_is_suggested(text: str, suggestion: str) -> None:
    assert refused(text).suggestion == suggestion
    read(suggestion)


@pytest.mark.parametrize(
    "text",
    [
        "search",
        "search diffusion page:0",
        "search diffusion since:0d",
        "search diffusion since:4000d",
        "search diffusion since:",
        "subscribe",
        "subscribe about:",
        "subscribe about: robots ~0/day",
        "subscribe about: robots ~101/day",
        "subscribe about: robots ~\N{ARABIC-INDIC DIGIT ONE}/day",
        "subscribe about: robots ~1e1/day",
        "subscribe about: robots ~nan/day",
        f"subscribe about: {'a' * 2_001}",
        f"subscribe https://lab.org/{'a' * 2_048}",
        "subscribe https://",
        "subscribe http://[::1",
        "subscribe trending top:\N{ARABIC-INDIC DIGIT ONE}",
        "unsubscribe",
        "unsubscribe x",
        "forget",
        "forget x",
        "unsubscribe 0",
        "unsubscribe -1",
        "unsubscribe 3 4",
        f"unsubscribe {'9' * 5_000}",
        "edit 3",
        "edit 3 ~500",
        "edit 3 ~0",
        "edit diffusion -survey",
        "test",
        "daily",
        "daily 24:00",
        "daily 09:60",
        "daily 009:00",
        "daily 9:0",
        "daily \N{ARABIC-INDIC DIGIT ZERO}9:00",
        "daily 09:00 Middle/Earth_Shire",
        "weekly mon",
        "weekly mo 09:00",
        "why",
        "why a b",
        "why <>",
        f"why {'9' * 3_000}",
        "pause now",
        'search "' + "a " * 4_000,
    ],
)
def test_wrong_words_are_refused_with_advice(text: str) -> None:
    error = refused(text)
    assert error.advice
    assert len(str(error)) < 120


def test_a_missing_number_is_never_guessed() -> None:
    for text in ("unsubscribe x", "unsubscribe", "edit x diffusion", "edit 3"):
        assert refused(text).suggestion is None


TRICKY = (
    '" “ about: ~3/day ~/ ~5/week top:3 trending since:9d page:2 ( ) OR - * title: https:// ftp://x #3 0 '
    "2026-02-30 berln weekdays < > ß"
)
PIECES = st.sampled_from(
    [form.name for form in COMMANDS]
    + [word for form in COMMANDS for word in form.example.split(" ")]
    + [*TRICKY.split(), "\x1b[31m", "\ud800"]
)
LINES = st.one_of(st.text(), st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=8).map(" ".join))


@given(LINES)
@example("/papers")
@example("subscribe <https://[>")
def test_no_text_raises_anything_but_a_usage_error_whose_suggestion_parses(text: str) -> None:
    try:
        read(text)
    except UsageError as error:
        suggestion = error.suggestion
    else:
        return
    if suggestion is not None:
        read(suggestion)


@given(LINES)
def test_a_label_typed_after_subscribe_asks_for_the_same_again(text: str) -> None:
    try:
        command = read(f"subscribe {text}")
    except UsageError:
        return
    assert isinstance(command, commands.Subscribe)
    assert want(label(command.want)) == command.want
