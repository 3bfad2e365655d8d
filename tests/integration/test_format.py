"""Stored data and its format: older data is used and migrated once, newer data is left alone.

format-1.jsonl was written by code from before there were formats: three papers, four subscriptions in two terminal
channels, one that waits, a post, votes; and in Slack a delivery that waits beside one that was possibly sent.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from cli import doctor
from papers.answers.archive import SearchAnswer
from papers.answers.subscriptions import Listing
from papers.answers.why import WhyAnswer
from papers.errors import StoreNewer
from papers.model import Destination
from papers.settings import Settings
from papers.stores import keys
from papers.stores.format import Format, agree, current
from papers.stores.migrations import MIGRATIONS, Migration
from papers.stores.server import Server
from papers.wiring import clock
from tests.builders import GENERAL
from tests.fakes.entries import item
from tests.fakes.upstream import Upstream
from tests.integration.line import Line
from tests.integration.outboxes import due, kept

FIRST_FORMAT = Path(__file__).with_name("format-1.jsonl")
LATEST = MIGRATIONS[-1].to
RANDOM, SLACK = Destination("terminal", "local", "random"), Destination("slack", "T1", "C1")


def load(server: Server) -> None:
    """Put the first format's data into an empty server, times to live and all."""
    for line in FIRST_FORMAT.read_text("utf-8").splitlines():
        row = json.loads(line)
        key, value = row["key"], row["value"]
        match row["type"]:
            case "string":
                server.call("SET", key, value)
            case "hash":
                server.call("HSET", key, *chain.from_iterable((name, _raw(field)) for name, field in value.items()))
            case "set":
                server.call("SADD", key, *value)
            case "zset":
                server.call("ZADD", key, *chain.from_iterable((score, member) for member, score in value))
            case "list":
                server.call("RPUSH", key, *value)
            case "stream":
                for fields in value:
                    server.call("XADD", key, "*", *chain.from_iterable(fields))
        if "ttl" in row:
            server.call("PEXPIRE", key, row["ttl"])


def _raw(field: Any) -> Any:
    return base64.b64decode(field["b64"]) if isinstance(field, dict) else field


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    """Today's code over that data, with one paper more upstream."""
    load(server)
    with Upstream() as upstream:
        upstream.day(
            "2026-03-11",
            [item("2603.00009", "Diffusion of heat", upvotes=40, summary="We warm maps by diffusion. It is slow.")],
        )
        made = Line(server, upstream)
        agree(server, "0.2.0")
        yield made
        made.workshop.core.library.close()


def test_nothing_that_the_first_release_stored_is_lost(line: Line) -> None:
    listed = line.say("/papers list")
    assert isinstance(listed, Listing)
    assert [row.subscription.number for row in listed.rows] == [1, 2, 3]
    assert listed.rows[0].subscription.want.query == "diffusion -survey"
    found = line.say("/papers search diffusion")
    assert isinstance(found, SearchAnswer)
    assert {card.paper.id for card in found.cards} == {"2603.00001", "2603.00002"}
    assert isinstance(line.say("/papers why 2603.00001"), WhyAnswer)
    stores = line.stores
    assert stores.votes.all(GENERAL) == {"2603.00001": {"ada": 1}, "2603.00002": {"ada": -1}}
    assert {one.paper for one in stores.lessons.of([GENERAL])[GENERAL]} == {"2603.00001", "2603.00002"}
    assert stores.channels.channel(GENERAL).preferences.format == "full"
    assert stores.channels.channel(RANDOM).schedule.at == "07:30"
    assert stores.inbox.holds(RANDOM, "2603.00003")
    assert len(stores.posts.all(GENERAL)) == 1
    assert [record.state for record in stores.outbox.history(SLACK)] == ["pending", "parked"]


def test_the_line_goes_on_where_the_first_release_stopped(line: Line) -> None:
    before = len(line.stores.posts.all(GENERAL))
    line.poll()
    line.match()
    due(line.stores, RANDOM, clock() - timedelta(minutes=1))
    line.plan()
    line.send()
    posts = line.stores.posts.all(GENERAL)[before:]
    assert [one.paper for post in posts for one in post.items] == ["2603.00009"]  # and nothing that was posted before
    assert [one.paper for post in line.stores.posts.all(RANDOM) for one in post.items] == ["2603.00003"]
    assert line.stores.outbox.release(SLACK, f"{1:024}")


def test_what_was_out_is_forgotten_from_now_on_and_what_waits_is_not(line: Line) -> None:
    left = {
        record.state: line.stores.server.call("PTTL", keys.delivery(where, record.delivery.id)) // 86_400_000
        for where in (GENERAL, SLACK)
        for record in line.stores.outbox.history(where)
    }
    assert left == {"sent": 119, "parked": 119, "pending": -1}
    before = kept(line.stores.server)
    list(MIGRATIONS[0].run(line.stores.server))
    assert kept(line.stores.server) == before


def stepping(to: int, done: list[int], dies: list[int]) -> Migration:
    """A migration in three steps, that notes each and dies in its second as often as it is told to."""

    def run(_: Server) -> Iterator[int]:
        for step in range(3):
            if step == 1 and dies and dies[0] == to:
                raise KeyboardInterrupt(dies.pop(0))
            done.append(to * 10 + step)
            yield 1

    return Migration(to, "a trial", run)


def test_migrations_run_once_in_order_and_go_on_where_somebody_died(server: Server) -> None:
    done: list[int] = []
    dies = [3]
    steps = [stepping(to, done, dies) for to in (2, 3, 4)]
    with pytest.raises(KeyboardInterrupt):
        agree(server, "0.4.0", steps)
    assert (current(server), done) == (Format(2, "0.4.0"), [20, 21, 22, 30])
    agree(server, "0.4.0", steps)
    agree(server, "0.4.0", steps)
    assert (current(server), done) == (Format(4, "0.4.0"), [20, 21, 22, 30, 30, 31, 32, 40, 41, 42])


def test_one_process_migrates_and_the_others_wait_for_it(server: Server) -> None:
    done: list[int] = []
    step = stepping(2, done, [])
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        """Meanwhile the other one ends."""
        slept.append(seconds)
        server.call("DEL", keys.lease("format"))
        agree(server, "0.2.0", [step])

    server.call("SET", keys.lease("format"), "another's")
    agree(server, "0.2.0", [step], sleep)
    assert (len(slept), done) == (1, [20, 21, 22])


def test_a_lease_that_a_dead_process_left_runs_out(server: Server) -> None:
    def dies(_: Server) -> Iterator[int]:
        yield 1
        assert 0 < server.call("TTL", keys.lease("format")) <= 60

    agree(server, "0.2.0", [Migration(2, "a trial", dies)])
    assert server.call("EXISTS", keys.lease("format")) == 0


def test_data_of_a_newer_release_is_refused_with_what_to_do_and_nothing_is_changed(server: Server) -> None:
    load(server)
    server.call("HSET", keys.FORMAT, "version", LATEST + 2, "by", "0.3.0")
    before = kept(server)
    with pytest.raises(StoreNewer) as refused:
        agree(server, "0.2.0")
    assert str(refused.value) == (
        f"this data was written by Paperboy 0.3.0 (format {LATEST + 2}); "
        f"this is 0.2.0, which knows formats up to {LATEST}"
    )
    assert "start that version again" in refused.value.advice
    assert kept(server) == before


@pytest.mark.parametrize(("version", "grade"), [(1, "good"), (LATEST, "good"), (LATEST + 1, "bad")])
def test_doctor_says_of_which_format_the_data_is(version: int, grade: str) -> None:
    checked = doctor._format(Format(version, "0.3.0"))
    assert (checked.grade, f"format {version}" in checked.what) == (grade, True)
    assert (f"brings it to {LATEST}" in checked.what) == (version < LATEST)


def test_doctor_says_of_an_empty_server_that_nothing_is_stored_and_of_old_data_its_format(server: Server) -> None:
    settings = Settings(redis_url=SecretStr(server.url))
    assert "nothing is stored yet" in [one.what for one in doctor._server(settings)]
    load(server)
    assert [one.what for one in doctor._server(settings)][-1].startswith("stored data is of format 1; ")


def test_formats_have_no_gaps() -> None:
    assert [one.to for one in MIGRATIONS] == list(range(2, LATEST + 1))
