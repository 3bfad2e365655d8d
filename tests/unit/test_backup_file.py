"""A backup's lines: what was written is read, and a file that is not whole or would not work is refused by its line."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers.errors import BackupError
from papers.model import Channel, Destination, Preferences, Schedule, Subscription
from papers.stores.backup_file import Kept, KeptChannel, KeptFeed, read, write
from tests.builders import GENERAL, lesson, subscription, wants
from tests.conftest import NOW

FEED = "https://lab.example/feed.xml"
DAILY = Schedule("daily", "07:30", "Europe/Berlin", weekdays=True)
SOME: list[Kept] = [
    KeptFeed(FEED, ("x1",)),
    KeptChannel(Channel(GENERAL, DAILY), (subscription(3),), 3, None, {"x1": NOW}),
]


def file_of(everything: list[Kept]) -> bytes:
    file = BytesIO()
    write(everything, file, NOW)
    return file.getvalue()


def read_back(file: bytes) -> list[Kept]:
    return list(read(file.splitlines(keepends=True)))


def preferences() -> st.SearchStrategy[Preferences]:
    """Any that can be set."""
    return st.builds(Preferences, language=st.sampled_from(["en", "pt_BR"]))


@st.composite
def everything_kept(draw: st.DrawFn) -> list[Kept]:
    """Feeds and channels of all sorts."""
    names = draw(st.lists(st.text("abc-é", min_size=1, max_size=4), unique=True, max_size=3))
    found: list[Kept] = [KeptFeed(FEED, ("x1", "x2"))] * draw(st.integers(0, 1))
    for name in names:
        where = Destination("discord", "G1", name)
        asked = draw(st.lists(wants(), max_size=3))
        kinds = st.sampled_from([Schedule(), DAILY, Schedule("weekly", "23:59", weekday=6)])
        found.append(
            KeptChannel(
                Channel(where, draw(kinds), draw(st.booleans()), draw(preferences())),
                tuple(Subscription(f"{where}#{n}", n, where, want) for n, want in enumerate(asked, start=1)),
                draw(st.integers(0, 99)),
                draw(st.none() | st.just("is_archived")),
                draw(st.dictionaries(st.from_regex(r"26\d\d\.\d{5}", fullmatch=True), st.just(NOW), max_size=3)),
                draw(st.sampled_from([(), ("1:2026-03-10",)])),
                draw(st.sampled_from([{}, {"x1": {"ada": 1, "bob": -1}}])),
                draw(st.sampled_from([(), (lesson("x1", "1:0a1b2c3d", up=1),)])),
            )
        )
    return found


@given(everything_kept())
@settings(max_examples=50)
def test_what_was_written_is_read(everything: list[Kept]) -> None:
    file = file_of(everything)
    assert read_back(file) == everything
    assert json.loads(file.splitlines()[-1])["lines"] == file.count(b"\n")


def test_wherever_a_file_is_cut_it_is_noticed() -> None:
    file = file_of(SOME)
    for length in range(len(file) - 1):
        with pytest.raises(BackupError, match=r"^line "):
            read_back(file[:length])


def test_a_lost_line_is_noticed() -> None:
    lines = file_of(SOME).splitlines()
    for lost in range(len(lines)):
        with pytest.raises(BackupError, match=r"^line "):
            list(read(lines[:lost] + lines[lost + 1 :]))


def changed(*path: str | int, to: Any) -> bytes:
    """A backup of one channel with one subscription, changed in one place of its second line."""
    lines = file_of(SOME[1:]).splitlines()
    line = place = json.loads(lines[1])
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    lines[1] = json.dumps(line).replace('": ', '":').encode()
    return b"\n".join(lines)


def test_a_workspaces_export_is_called_what_it_is() -> None:
    export = b'{"paperboy":"workspace","version":1,"workspace":"slack:T1","at":"2026-11-20T06:00:00Z"}\n'
    with pytest.raises(BackupError, match=r"^line 1: this is a workspace's export, no backup"):
        read_back(export)


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (changed("subscriptions", 0, "want", "query", to="(diffusion"), "subscription 3"),
        (changed("subscriptions", 0, "want", to={}), "asks for nothing"),
        (changed("subscriptions", 0, "want", "feed", to="file:///etc/passwd"), "http"),
        (changed("subscriptions", 0, "want", "feed", to="HTTPS://lab.example/feed.xml"), "spelt"),
        (changed("subscriptions", 0, "want", "trending", to=0), "top 0"),
        (changed("subscriptions", 0, "number", to=4), "agree"),
        (changed("subscriptions", 0, "number", to="three"), "subscriptions.0.number"),
        (changed("subscriptions", 0, "destination", "channel", to="elsewhere"), "agree"),
        (changed("channel", "destination", "platform", to="carrier pigeon"), "platform"),
        (changed("channel", "destination", "workspace", to="T1:C1"), "name"),
        (changed("channel", "schedule", "zone", to="Mars/Olympus"), "Mars/Olympus"),
        (changed("channel", "schedule", "at", to="25:00"), "hour"),
        (changed("channel", "schedule", "weekday", to=7), "day 7"),
        (changed("seen", "x1", to="2026-03-11T08:00:00"), "seen.x1"),
        (changed("trended", to=["5"]), "trended"),
        (changed("last", to=-1), "last"),
        (changed("channel", "preferences", to={"language": "klingon"}), "klingon"),
        (changed("channel", "preferences", to={"format": "enormous"}), "preferences.format"),
        (changed("feedback", to={"x1": {"ada": 2}}), "feedback.x1.ada"),
    ],
)
def test_a_line_that_would_not_work_is_refused_by_its_number(file: bytes, reason: str) -> None:
    with pytest.raises(BackupError, match=f"^line 2: .*{reason}"):
        read_back(file)


def test_a_foreign_a_newer_and_a_doubled_file_are_refused() -> None:
    channel = KeptChannel(Channel(GENERAL))
    for file, reason in (
        (b"", "line 1: the file ends"),
        (b'{"id": 1}\n', "line 1: this is no backup"),
        (file_of([]).replace(b'"version":1', b'"version":2'), "line 1: .*version 2"),
        (file_of([channel, channel]), "line 3: .*twice"),
        (file_of([channel]) + file_of([]), "line 4: .*ended before"),
    ):
        with pytest.raises(BackupError, match=reason):
            read_back(file)
