"""One reader for each command: what may follow its name. `bot.commands` has the table that they stand in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from string import hexdigits
from typing import Final

from bot import words
from bot.asks import (
    Command,
    Digest,
    Edit,
    Email,
    Feed,
    Forget,
    Repair,
    Resend,
    SetSchedule,
    Settings,
    Similar,
    Subscribe,
    Test,
    Unsubscribe,
    Vote,
    Why,
)
from bot.volumes import ending_volume, volume
from bot.wants import read_want
from papers import preferences
from papers.errors import UsageError
from papers.model import Schedule

MAX_ID: Final = 2_048
SHORTEST_ID: Final = 6
LONGEST_ID: Final = 24
NUMBERS: Final = f"{words.line('list')} shows the numbers"


@dataclass(frozen=True, slots=True)
class Form:
    """One thing that can be typed. A command with several forms has a row for each, all with the same reader.

    Attributes:
        name: the first word.
        usage: what may be typed, capitals standing for the user's own words.
        does: what it does, in one line.
        example: a line that works, without `/papers`.
        read: the reader of the name's rest.
    """

    name: str
    usage: str
    does: str
    example: str
    read: Callable[[Typed], Command]


@dataclass(frozen=True, slots=True)
class Typed:
    """A tidied line: the forms of the command it names, the `rest` after the name, the day it was typed on."""

    forms: tuple[Form, ...]
    rest: str
    today: date

    @property
    def name(self) -> str:
        """The command's name."""
        return self.forms[0].name

    def line(self, rest: str) -> str:
        """The same command with another rest."""
        return words.line(self.name, rest)

    def mender(self, wrong: str, lead: str = "") -> words.Mend:
        """Makes the same line with the word `wrong` put right; `lead` is what the right word begins with."""
        typed = words.split(self.rest)
        return lambda right: self.line(" ".join(lead + right if word == wrong else word for word in typed))

    def misused(self, message: str) -> UsageError:
        """The error of a command whose words are missing or too many: says how it is typed."""
        if len(self.forms) > 1:
            advice = f"{words.line('help', self.name)} shows its forms; one is {words.line(self.forms[0].example)}"
        else:
            advice = f"write {words.line(self.forms[0].usage)}, for example {words.line(self.forms[0].example)}"
        return UsageError(message, advice=advice)

    def only_word(self, wanted: str) -> str:
        """The rest, which must be one word."""
        if not self.rest or " " in self.rest:
            raise self.misused(f"{self.name} takes {wanted}")
        return self.rest


def alone(command: Command) -> Callable[[Typed], Command]:
    """The reader of a command that is one word."""

    def read(typed: Typed) -> Command:
        if typed.rest:
            raise UsageError(
                f"{typed.name} takes nothing after it",
                advice=f"leave {words.quote(typed.rest)} away",
                suggestion=typed.line(""),
            )
        return command

    return read


def similar(typed: Typed) -> Command:
    """An id, a link in whichever brackets, or free text, with `page:2` anywhere."""
    text, page = _paged(typed.rest)
    named = words.unbracket(text)
    if not named:
        raise typed.misused("similar wants a paper's id, a link to it, or a text")
    if len(named) > MAX_ID:
        raise UsageError(f"that is longer than {MAX_ID:,} characters", advice="a title and an abstract are plenty")
    return Similar(named, page)


def _paged(text: str) -> tuple[str, int]:
    """Free text, in which quotes do not bind, without its `page:2`, and the page."""
    rest, page = [], 1
    for word in text.split():
        if word.casefold().startswith("page:"):
            page = words.number(word.partition(":")[2], "a page", "pages count from page:1")
        else:
            rest.append(word)
    return " ".join(rest), page


def subscribe(typed: Typed) -> Command:
    """What `bot.wants` reads."""
    if not typed.rest:
        raise typed.misused("subscribe wants to know what to look for")
    return Subscribe(read_want(typed.rest, typed.line))


def unsubscribe(typed: Typed) -> Command:
    """`N`."""
    word = typed.only_word("the number of one subscription, which list shows")
    return Unsubscribe(words.number(word, "a subscription's number", NUMBERS))


def forget(typed: Typed) -> Command:
    """`N`."""
    word = typed.only_word("the number of one subscription, which list shows")
    return Forget(words.number(word, "a subscription's number", NUMBERS))


def repair(typed: Typed) -> Command:
    """`N`."""
    word = typed.only_word("the number of one subscription, which list shows")
    return Repair(words.number(word, "a subscription's number", NUMBERS))


def edit(typed: Typed) -> Command:
    """`N`, then what subscribe takes, or a volume alone: of what it is about already."""
    first, _, rest = typed.rest.partition(" ")
    if not rest:
        raise typed.misused("edit wants the number of a subscription, and what it shall be")
    number = words.number(first, "a subscription's number", NUMBERS)

    def mend(better: str) -> str:
        return words.line("edit", first, better)

    others, amount = ending_volume(rest.split(" "))
    if amount and not others:
        return Edit(number, volume(amount, mend))
    return Edit(number, read_want(rest, mend))


def test(typed: Typed) -> Command:
    """`N`, else what subscribe takes."""
    if not typed.rest:
        raise typed.misused("test wants the number of a subscription, or a QUERY")
    return Test(words.whole(typed.rest.removeprefix("#")) or read_want(typed.rest, typed.line))


def daily(typed: Typed) -> Command:
    """`HH:MM [ZONE] [weekdays]`; without a zone, the channel keeps the one that it has (`Schedule.zone` empty)."""
    if not typed.rest:
        raise typed.misused("daily wants a time of day")
    first, *others = typed.rest.split(" ")
    at = words.clock(first, typed.mender(first))
    weekdays = [word for word in others if word.casefold() in {"weekday", "weekdays"}]
    named = " ".join(word for word in others if word not in weekdays)
    zone = words.zone(named, lambda right: words.line("daily", first, right, *weekdays)) if named else ""
    return SetSchedule(Schedule("daily", at, zone, weekdays=bool(weekdays)))


def weekly(typed: Typed) -> Command:
    """`DAY HH:MM [ZONE]`, as `daily`."""
    day, _, time_and_zone = typed.rest.partition(" ")
    first, _, named = time_and_zone.partition(" ")
    if not first:
        raise typed.misused("weekly wants a day of the week and a time of day")
    weekday = words.weekday(day, typed.mender(day))
    at = words.clock(first, typed.mender(first))
    zone = words.zone(named, lambda right: words.line("weekly", day, first, right)) if named else ""
    return SetSchedule(Schedule("weekly", at, zone, weekday))


def digest(typed: Typed) -> Command:
    """Nothing, or a day; `page:2` anywhere."""
    text, page = _paged(typed.rest)
    if not text:
        return Digest(page=page)
    return Digest(words.day(replace(typed, rest=text).only_word("one day"), typed.today, typed.line), page)


def why(typed: Typed) -> Command:
    """An id, or a link in whichever brackets."""
    return Why(_paper(typed, typed.only_word("the id of one paper, or a link to it")))


def vote(typed: Typed) -> Command:
    """`up` or `down`, then as `why`."""
    first, _, rest = typed.rest.partition(" ")
    if not rest or " " in rest:
        raise typed.misused("vote takes up or down, and the id of one paper, or a link to it")
    way = words.choice(first, ("up", "down"), "a vote", lambda near: typed.line(f"{near} {rest}"))
    return Vote(_paper(typed, rest), 1 if way == "up" else -1)


def _paper(typed: Typed, word: str) -> str:
    paper = words.unbracket(word)
    if not paper or len(paper) > MAX_ID:
        raise typed.misused("that is not a paper's id")
    return paper


def resend(typed: Typed) -> Command:
    """The id of a delivery, or enough of its beginning."""
    word = typed.only_word("the id of one post, which log shows").removeprefix("#").casefold()
    if not SHORTEST_ID <= len(word) <= LONGEST_ID or any(c not in hexdigits for c in word):
        log = words.line("log")
        advice = f"{log} shows the id of each post that can be resent; its first {SHORTEST_ID} characters are enough"
        raise UsageError(f"{words.quote(word)} is not a post's id", advice=advice)
    return Resend(word)


def feed(typed: Typed) -> Command:
    """Nothing, or what is to become of the channel's feed."""
    if not typed.rest:
        return Feed()
    return Feed(
        "new" if words.choice(typed.rest, ("new", "off"), "a word that feed takes", typed.line) == "new" else "off"
    )


def email(typed: Typed) -> Command:
    """An address; whether it is one, is for those to say who write to it."""
    return Email(typed.only_word("one email address"))


def settings(typed: Typed) -> Command:
    """Nothing, or a setting's name and the value it shall have."""
    if not typed.rest:
        return Settings()
    first, _, rest = typed.rest.partition(" ")
    name = words.choice(first, preferences.NAMES, "a setting", lambda near: typed.line(f"{near} {rest}".rstrip()))
    choices = preferences.CHOICES.get(name, preferences.LANGUAGES)

    def mend(right: str) -> str:
        return typed.line(f"{name} {right}")

    if not rest:
        is_open = name == preferences.LANGUAGE
        advice = f"write {'a locale, such as ' if is_open else ''}{', '.join(choices)}"
        raise UsageError(f"{name} wants a value", advice=advice, suggestion=None if is_open else mend(choices[-1]))
    if name == preferences.LANGUAGE:
        return Settings(((name, words.language(rest, mend)),))
    return Settings(((name, words.choice(rest, choices, f"a value of {name}", mend)),))
