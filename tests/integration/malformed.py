"""Lines as nobody should type them: random, mutated from right ones, and full of what Unicode has against programs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

from bot import words
from bot.commands import COMMANDS

ODD = (
    "\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u2028", "\x00", "\x07", "\x1b[31m", "\x7f", "\ud800", "\udfff",
    "\U000e0041", "\U0010ffff", "\ufffd", "e" + "\u0301" * 40, "\u0130", "\u1e9e", "ﬁ", "①②", "٣",
    "\uff13", "²", "\U0001d7d9",
    "👩‍👩‍👧‍👦", "。", "\uff1a", "\uff20", "\u00a0", "\t", "\r\n", "\u3000", "\\", "%00", "%s", "{0}", "${x}", "`",
    "``\u200b`",
    "'", '"', "“", "((((", "))))", "AND", "OR", "NOT", "-", "--", "*", "a*", "~", "~0/day", "~1e9/day", "~nan/day",
    "~-1/day", "about:", "title:", "cat:", "org:(", "since:0d", "since:99999999999d", "before:9999-99-99", "has:",
    "sort:", "page:0", "page:-1", "page:99999999999999999999", "top:0", "0", "-1", "1" * 400, "1e309", "NaN", "#1",
    "<@U1>",
    "<!channel>", "@everyone", "<#C1>", "</papers:1>", "<https://x.example|y>", "http://", "http://[", "http://127.0.0.1/",
    "https://no.example/feed.xml", "file:///etc/passwd", "javascript:1", "2603.00001", "c0ffee" * 4, "24:00", "09:60",
    "Europe/Nowhere", "../../etc/passwd", "mon", "__proto__", "a" * 600, "(" * 50 + "a", "a OR " * 40, '"' * 33,
    "-" * 99,
)  # fmt: skip
"""Pieces that have broken programs before."""


def lines(count: int, seed: int = 0) -> Iterator[str]:
    """So many lines, the same for the same seed."""
    random = Random(seed)  # noqa: S311 - to be repeated, not to be secret
    for _ in range(count):
        yield random.choice(_MAKERS)(random)


def _right(random: Random) -> str:
    return random.choice(COMMANDS).example


def _swapped(random: Random) -> str:
    """A right line with another command's name, or another command's words."""
    name = random.choice(COMMANDS).name
    return f"{name} {_right(random).partition(' ')[2]}"


def _mutated(random: Random) -> str:
    """A right line in which some characters went, came, doubled or changed places."""
    text = list(_right(random))
    for _ in range(random.randint(1, 6)):
        at = random.randrange(len(text) + 1)
        match random.randrange(4):
            case 0:
                del text[at : at + random.randint(1, 5)]
            case 1:
                text.insert(at, random.choice(ODD))
            case 2:
                text[at:at] = text[: random.randint(0, 30)]
            case _:
                random.shuffle(text)
    return "".join(text)


def _odd(random: Random) -> str:
    """A command's name, and pieces."""
    name = random.choice([*(form.name for form in COMMANDS), words.PREFIX, random.choice(ODD)])
    return " ".join([name, *random.choices(ODD, k=random.randint(0, 6))])


def _glued(random: Random) -> str:
    """As above, without spaces between."""
    return f"{random.choice(COMMANDS).name} {''.join(random.choices(ODD, k=random.randint(1, 12)))}"


def _noise(random: Random) -> str:
    """Any characters of all that there are."""
    reach = random.choice([128, 0x250, 0x3000, 0x110000])
    name = random.choice([random.choice(COMMANDS).name + " ", ""])
    return name + "".join(chr(random.randrange(reach)) for _ in range(random.choice([1, 5, 40, 600, 9_000])))


_MAKERS: tuple[Callable[[Random], str], ...] = (_swapped, _mutated, _mutated, _odd, _odd, _glued, _noise)
