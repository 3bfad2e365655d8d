"""What is typed after `/papers`, as a command: reads, decides nothing, touches nothing.

`COMMANDS` is the one table of what can be typed: parsing, help, suggestions and the documentation are made from it.
Every wrong line raises `UsageError`; its suggestion, where it has one, is a whole line that does parse.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from bot import readers, searching, trends, words
from bot.asks import (
    Command,
    Digest,
    Edit,
    Email,
    Feed,
    Forget,
    Help,
    List,
    Log,
    Pause,
    Repair,
    Resend,
    Resume,
    Search,
    SetSchedule,
    Settings,
    Similar,
    Subscribe,
    Test,
    Trending,
    Unsubscribe,
    Vote,
    Why,
    answer,
)
from bot.grammar import GRAMMAR
from bot.readers import Form, Typed
from papers import preferences
from papers.errors import UsageError
from papers.model import Schedule

__all__ = [
    "COMMANDS",
    "Command",
    "Digest",
    "Edit",
    "Email",
    "Feed",
    "Forget",
    "Form",
    "Help",
    "List",
    "Log",
    "Pause",
    "Repair",
    "Resend",
    "Resume",
    "Search",
    "SetSchedule",
    "Settings",
    "Similar",
    "Subscribe",
    "Test",
    "Trending",
    "Unsubscribe",
    "Vote",
    "Why",
    "answer",
    "parse",
]

MAX_LINE: Final = 8_000
"""Characters of a line: an address, a QUERY and a topic of full length, and some to spare."""

AT_ONCE: Final = SetSchedule(Schedule(zone=""))
"""The channel keeps its zone, should it be posted to daily again."""

QUERY: Final = "QUERY"
"""Not a command, but `help` tells of it too."""

HELP_EXAMPLES: Final = 4
"""Rows of `COMMANDS` that `help` shows, before its last line, which names the other commands."""


def parse(text: str, now: datetime) -> Command:
    """The command that `text` spells, with or without `/papers` in front; nothing at all is `help`.

    Args:
        text: as it came from the platform, any characters.
        now: its date is what `digest today` means, in the zone it carries.

    Raises:
        UsageError: the words are wrong; a QUERY that does not parse is a QueryError with its place.
    """
    if len(text) > MAX_LINE:
        raise UsageError(f"that is longer than {MAX_LINE:,} characters", advice="say it in fewer words")
    try:
        return _read(words.tidy(text), now.date())
    except UsageError as error:
        if error.suggestion is not None and not _reads(error.suggestion, now.date()):
            error.suggestion = None  # two things were wrong, and one was mended: no line to offer
        raise


def _read(text: str, today: date) -> Command:
    first, _, rest = text.partition(" ")
    if first.casefold() in {words.PREFIX, words.PREFIX.removeprefix("/")}:
        first, _, rest = rest.partition(" ")
    if not first:
        return _examples()
    forms = _forms(first.casefold())
    if not forms:
        raise _unknown(first, rest, today)
    return forms[0].read(Typed(forms, rest, today))


def _reads(text: str, today: date) -> bool:
    try:
        _read(text, today)
    except UsageError:
        return False
    return True


def _unknown(first: str, rest: str, today: date) -> UsageError:
    """Of the nearest command, with what was typed after it, else its help; what is near to none is searched for."""
    near = words.nearest(first.removeprefix("/").partition("@")[0], ["papers", *_names()])
    lines = [words.line("search", first, rest)]
    if near == "papers":  # `/paper list`
        lines = [words.line(rest), words.line("search", rest)]
    elif near is not None:
        lines = [words.line(near, rest), words.line("help", *([near] if near != "help" else []))]
    return UsageError(
        f"there is no command {words.quote(first)}",
        advice=f"{words.line('help')} shows what there is",
        suggestion=next((line for line in lines if _reads(line, today)), None),
    )


def _forms(name: str) -> tuple[Form, ...]:
    return tuple(form for form in COMMANDS if form.name == name)


def _names() -> list[str]:
    return list(dict.fromkeys(form.name for form in COMMANDS))


def _examples() -> Help:
    """Five lines: what most people came for, and where the rest is found."""
    shown = [(words.line(form.example), form.does) for form in COMMANDS[:HELP_EXAMPLES]]
    others = _names()[len({form.name for form in COMMANDS[:HELP_EXAMPLES]}) :]
    return Help((*shown, (words.line("help", QUERY), f"how to type a QUERY, or one of {', '.join(others)}")))


def _help(typed: Typed) -> Command:
    if not typed.rest:
        return _examples()
    if typed.rest.casefold() == QUERY.casefold():
        return Help(tuple((words.line("search", example), means) for example, means in GRAMMAR))
    forms = _forms(typed.rest.casefold())
    if not forms:
        near = words.nearest(typed.rest, [*_names(), QUERY])
        raise UsageError(
            f"there is no command {words.quote(typed.rest)}",
            advice=f"there are {', '.join(_names())}",
            suggestion=typed.line(near or ""),
        )
    return Help(tuple((words.line(form.usage), form.does) for form in forms))


COMMANDS: Final = (
    Form(
        "subscribe",
        "subscribe QUERY",
        "post papers with these words here",
        'subscribe "state space" OR mamba -survey',
        readers.subscribe,
    ),
    Form(
        "subscribe",
        "subscribe [QUERY] about: FREE TEXT [~3/day]",
        "post papers with this meaning here",
        "subscribe about: efficient LLM inference ~3/day",
        readers.subscribe,
    ),
    Form(
        "search",
        "search QUERY [since:30d] [before:2026-11-01] [has:code] [sort:new] [page:2]",
        "search the archive, by words and meaning",
        "search diffusion org:google since:30d",
        searching.search,
    ),
    Form(
        "daily",
        "daily 09:00 [ZONE] [weekdays]",
        "post here once a day",
        "daily 09:00 Europe/Berlin weekdays",
        readers.daily,
    ),
    Form(
        "why",
        "why ID",
        "tell why a paper came here, or why it did not",
        "why 2607.21557",
        readers.why,
    ),
    Form(
        "similar",
        "similar ID, a link or FREE TEXT [page:2]",
        "show the papers most like it",
        "similar 2607.21557",
        readers.similar,
    ),
    Form(
        "subscribe",
        "subscribe trending [top:5]",
        "post the day's most upvoted papers here",
        "subscribe trending top:5",
        readers.subscribe,
    ),
    Form(
        "subscribe",
        "subscribe URL [QUERY]",
        "post the entries of an RSS or Atom feed here",
        "subscribe https://rss.arxiv.org/rss/cs.LG title:agents",
        readers.subscribe,
    ),
    Form(
        "list",
        "list",
        "show what this channel is subscribed to, and when it is posted to",
        "list",
        readers.alone(List()),
    ),
    Form(
        "unsubscribe",
        "unsubscribe N",
        "drop a subscription, by its number in list",
        "unsubscribe 3",
        readers.unsubscribe,
    ),
    Form("repair", "repair N", "try a feed that is paused again, by its number in list", "repair 3", readers.repair),
    Form(
        "edit", "edit N QUERY", "change a subscription; what subscribe takes", "edit 3 diffusion -survey", readers.edit
    ),
    Form("edit", "edit N ~5/day", "change how many papers a topic brings", "edit 3 ~5/day", readers.edit),
    Form(
        "vote",
        "vote up ID",
        "give a paper 👍, or 👎 with down: topics learn from both",
        "vote up 2607.21557",
        readers.vote,
    ),
    Form("forget", "forget N", "undo what 👍 and 👎 taught a topic, by its number", "forget 3", readers.forget),
    Form("test", "test N or QUERY", "show what would have come in the last 30 days", "test diffusion", readers.test),
    Form(
        "weekly",
        "weekly mon 09:00 [ZONE]",
        "post here once a week",
        "weekly mon 09:00 America/New_York",
        readers.weekly,
    ),
    Form("instant", "instant", "post here as soon as papers come", "instant", readers.alone(AT_ONCE)),
    Form(
        "digest", "digest [DAY] [page:2]", "show a day's papers, most upvoted first", "digest yesterday", readers.digest
    ),
    Form(
        "trending",
        "trending [week|month] [by:growth|by:stars] [page:2]",
        "show the most upvoted of the newest day, week or month; by:growth what rises now, by:stars its code",
        "trending week by:growth",
        trends.trending,
    ),
    Form("log", "log", "show what became of the last posts to this channel", "log", readers.alone(Log())),
    Form("resend", "resend ID", "post again what was possibly sent, by its id in log", "resend 3f9a0c", readers.resend),
    Form(
        "settings",
        "settings [NAME VALUE]",
        f"show how posts look here, or change one of {', '.join(preferences.NAMES)}",
        "settings format full",
        readers.settings,
    ),
    Form("feed", "feed [new or off]", "show this channel's private feed, for feed readers", "feed", readers.feed),
    Form(
        "email",
        "email ADDRESS",
        "offer somebody this channel's papers as a daily mail",
        "email ada@example.org",
        readers.email,
    ),
    Form("pause", "pause", "post nothing here until resume; matches wait", "pause", readers.alone(Pause())),
    Form("resume", "resume", "post here again", "resume", readers.alone(Resume())),
    Form("help", "help [COMMAND]", "show examples, or the forms of one command", "help subscribe", _help),
    Form("help", f"help {QUERY}", "show what a QUERY may hold", f"help {QUERY}", _help),
)
"""Everything that can be typed, what most people came for first."""
