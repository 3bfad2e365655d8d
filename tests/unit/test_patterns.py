"""No pattern engine meets strangers' text unbounded, and what reads such text takes time in proportion to it."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Callable, Iterator
from importlib import import_module

import pytest

from bot.discord.markdown import escape as discord_escape
from bot.slack.mrkdwn import escape as slack_escape
from papers.redaction import Redactor
from papers.sources.markup import plain
from papers.text import clean, fold, sentences, spans
from tests.repository import ROOT, python_files

WITH_PATTERNS = {
    "bot/bare.py": "a word of a command line; fullmatch, labels are joined by a dot, each character one way",
    "bot/slack/listeners.py": "ids of our own buttons and views, which Slack signs",
    "bot/slack/oauth.py": "a Host header, as long as aiohttp lets a line be (8,190); fullmatch, each character one way",
    "cli/logs.py": "lines of RQ and slack_sdk, as they stand in their sources: their values come later",
    "papers/identity.py": "what may be an id, cut off before; every repetition is bounded or the last",
    "papers/redaction.py": "log lines, cut off before at 16,000 characters; repetitions are bounded or end a pattern",
    "papers/sample/__init__.py": "the sample that comes along",
    "papers/services/naming.py": "fullmatch of sixteen characters",
    "papers/sources/arxiv_listing.py": "the path of a feed that the operator configured; parts are joined by a +",
}
"""Every file of the product that imports `re`, what it looks at, and why that cannot take long."""

OTHERS = ("sample/__init__.py", "redaction.py")

HOSTILE = (
    "a@",
    "a=",
    "password=",
    "://",
    "eyJaaaaaaaa.",
    "-----BEGIN PRIVATE KEY-----",
    "a",
    " ",
    "(",
    "<",
    "&",
    "*",
    "`",
    "\u0301",
    "漢",
    "a.",
    "1.",
    "<a",
    "a-",
    "](",
    "\\",
    "\u200d",
    "&#",
    "“",
)
"""What is repeated."""

LONG = 5_000
RATIO = 25.0
"""Ten times the text: linear takes about ten times as long, quadratic a hundred."""


def test_patterns_are_only_where_there_is_a_reason() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in python_files()
        if path.relative_to(ROOT).parts[0] in {"papers", "bot", "workers", "cli"} and "re" in _imports(path.read_text())
    }
    assert found == set(WITH_PATTERNS)


def _imports(source: str) -> Iterator[str]:
    if "re" not in source.split():
        return  # no such word, which is quicker to see than a tree is to build
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def patterns() -> list[re.Pattern[str]]:
    """Those of the files above, but for the sample's, and those of logs, which are tried below."""
    modules = [
        import_module(path.removesuffix(".py").replace("/", ".")) for path in WITH_PATTERNS if "sample" not in path
    ]
    return [value for module in modules for value in vars(module).values() if isinstance(value, re.Pattern)]


def seconds(use: Callable[[str], object], text: str) -> float:
    """The shortest of several tries, in CPU time: whatever else the machine does."""
    took = []
    for _ in range(3):
        begun = time.process_time()
        use(text)
        took.append(time.process_time() - begun)
    return min(took)


def test_the_patterns_take_time_in_proportion() -> None:
    found = patterns()
    assert len(found) >= 6
    for pattern in found:
        for piece in ("a", "1", "a.", "a-", "a+", "cs.LG+", "/rss/a", "2603.", "0", "math.GT/", ":", "x0"):
            for use in (pattern.fullmatch, pattern.match):  # as they are used: none is searched for
                short, long = (seconds(use, piece * count + "!") for count in (500, 5_000))
                assert long <= max(short * RATIO, 0.01), (pattern.pattern, piece)


@pytest.mark.parametrize("use", [fold, clean, spans, sentences, plain, slack_escape, discord_escape, Redactor().text])
def test_what_reads_text_takes_time_in_proportion(use: Callable[[str], object]) -> None:
    for piece in HOSTILE:
        short, long = (seconds(use, piece * (length // len(piece))) for length in (LONG // 10, LONG))
        assert long <= max(short * RATIO, 0.03), repr(piece)
