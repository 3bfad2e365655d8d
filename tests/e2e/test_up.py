"""`paperboy up`: everything in one command, stopped by one Ctrl-C, and unharmed by kill -9."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.error import HTTPError
from urllib.request import urlopen

import psutil
import pytest

from tests.e2e.processes import Home, Ran, Running, gone, until
from tests.fakes.entries import item
from tests.fakes.upstream import Upstream
from tests.observed import documented, exported, families

UNREADY = '{"ready": false, "reasons": ["bot terminal: does not answer"]}\n'
ROLES = {"up", "worker fetch", "worker match", "bot terminal"}


def ready(up: Running) -> dict[str, str]:
    """Where each role that is ready answers probes."""
    return {event["role"]: event["http"] for event in up.events if event.get("event") == "ready"}


def started(home: Home) -> Running:
    """`up`, with every role of it ready."""
    up = home.start("up")
    until(lambda: set(ready(up)) == ROLES, "every role to be ready")
    return up


def get(address: str, path: str) -> tuple[int, str]:
    try:
        with urlopen(f"http://{address}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


@dataclass
class Scene:
    """A home where `up` runs, its Hugging Face, and a second `up` that has tried its luck from the beginning."""

    home: Home
    upstream: Upstream
    up: Running
    second: Running


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with Upstream() as upstream, Home(tmp_path_factory.mktemp("up"), upstream.url).cleared() as home:
        up = started(home)
        yield Scene(home, upstream, up, home.start("up"))


def named(up: Running, words: str) -> list[psutil.Process]:
    """The processes of `up` whose command line holds these words; there should be one."""
    return [one for one in up.family() if not gone(one) and words in " ".join(one.cmdline())]


def test_each_role_says_once_that_it_is_ready_and_answers_for_itself(scene: Scene) -> None:
    up = scene.up
    events = [event for event in up.events if event.get("event") == "ready"]
    assert sorted(event["role"] for event in events) == sorted(ROLES)
    for address in ready(up).values():
        assert get(address, "/healthz") == (200, '{"alive": true, "reasons": []}\n')
        assert get(address, "/readyz") == (200, '{"ready": true, "reasons": []}\n')
        assert "process_" in get(address, "/metrics")[1]
        assert get(address, "/nowhere")[0] == 404


def test_one_page_has_the_metrics_of_every_role(scene: Scene) -> None:
    """Those of the docs, no other, and none is missing; the state that all share is told once."""
    address = ready(scene.up)["up"]
    until(lambda: "paperboy_roles" in get(address, "/metrics")[1], "the shared state to be counted")
    page = get(address, "/metrics")[1]
    assert set(exported(page)) == set(documented())
    samples = {(one.name, one.labels["process"]) for family in families(page) for one in family.samples}
    assert {process for name, process in samples if name == "paperboy_build_info"} == ROLES
    assert [process for name, process in samples if name == "paperboy_archive_papers"] == ["worker match"]
    running = {
        one.labels["role"]: one.value
        for family in families(page)
        for one in family.samples
        if one.name == "paperboy_roles"
    }
    assert {role for role, number in running.items() if number} <= ROLES


def test_what_is_said_beside_it_is_kept_and_answered_by_posts(scene: Scene) -> None:
    home, up = scene.home, scene.up
    assert home.say("subscribe diffusion").status == 0
    assert home.say("list").json["rows"][0]["label"] == "diffusion"
    scene.upstream.day(datetime.now(UTC).date(), [item("2607.00001", "Diffusion in the morning")])
    assert home.run("poll").status == 0
    until(lambda: [post["items"][0]["paper"] for post in home.posts()] == ["2607.00001"], "its post")
    assert up.is_running()


def test_a_role_that_is_killed_is_started_again(scene: Scene) -> None:
    (before,) = named(scene.up, "bot terminal")
    before.kill()
    until(lambda: gone(before) and "a role died" in scene.up.said, "its death to be noticed")
    address = ready(scene.up)["up"]
    until(lambda: get(address, "/readyz")[1] == UNREADY, "the whole to be unready")
    until(lambda: len(named(scene.up, "bot terminal")) == 1, "another")
    until(lambda: get(address, "/readyz")[0] == 200, "the whole to be ready again")


@pytest.mark.parametrize("how", ["Ctrl-C", "SIGTERM"])
def test_it_stops_cleanly_and_leaves_no_process(home: Home, how: str) -> None:
    up = started(home)
    family = up.family()
    assert len(family) >= 5  # itself, its roles and the server
    began = time.monotonic()
    if how == "Ctrl-C":
        up.interrupt()
    else:
        family[0].send_signal(signal.SIGTERM)
    assert up.wait() == 0
    assert time.monotonic() - began < 10
    assert [one for one in family if not gone(one)] == []
    assert "Traceback" not in up.said
    assert "a role died" not in up.said


def test_a_second_one_on_the_same_directory_is_refused(scene: Scene) -> None:
    assert scene.second.wait() == 1
    assert "another `paperboy up` runs on" in scene.second.said
    assert scene.up.is_running()


def test_a_server_that_is_killed_is_started_again_and_lost_nothing(scene: Scene) -> None:
    (before,) = named(scene.up, "valkey")
    said = scene.home.say("subscribe robots", "restarted").json["subscription"]["number"]
    before.kill()
    until(lambda: "the embedded server died" in scene.up.said, "its death to be noticed")
    rows = scene.home.say("list", "restarted").json["rows"]
    assert [row["subscription"]["number"] for row in rows] == [said]
    until(lambda: len(named(scene.up, "valkey")) == 1, "another")
    assert scene.up.is_running()


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as upstream:
        yield upstream


def storm(home: Home, upstream: Upstream, number: int, moment: float) -> dict[str, Ran]:
    """Run `up`, kill it in the midst of subscribing and polling; what each channel was answered."""
    up = home.start("up")
    until(lambda: "up" in ready(up), "it to be ready")
    family = up.family()
    today = datetime.now(UTC).date()
    papers = [
        item(f"2607.{round_}0{i:03}", f"Diffusion {round_} {i}") for round_ in range(number + 1) for i in range(7)
    ]
    upstream.day(today, papers)
    channels = [f"c{number}-{i}" for i in range(3)]
    with ThreadPoolExecutor(4) as pool:
        said = {channel: pool.submit(home.say, "subscribe diffusion", channel) for channel in channels}
        pool.submit(home.run, "poll", "--date", str(today))  # by its date: a dead fetch holds its source's lease on
        time.sleep(moment)
        up.kill()
        answers = {channel: future.result() for channel, future in said.items()}
    until(lambda: all(gone(one) for one in family), "its children to follow it")
    return answers


@pytest.mark.timeout(200)  # a post that was under way when it was killed is looked for when its lease is over
def test_kill_9_at_any_moment_loses_no_acknowledged_subscription_and_doubles_no_post(
    home: Home, upstream: Upstream
) -> None:
    home.endpoint = upstream.url
    moments = random.Random(20260311)  # noqa: S311 - not a secret
    acknowledged: set[str] = set()
    for number in range(6):
        if number > 1 and acknowledged:  # a busy machine may have acknowledged nothing until then
            break
        answers = storm(home, upstream, number, moments.uniform(0.3, 2.2) + number // 2)
        acknowledged |= {channel for channel, answer in answers.items() if answer.status == 0}
    assert acknowledged, "nothing was acknowledged, so nothing was tested"
    up = started(home)
    today = datetime.now(UTC).date()
    upstream.day(today, [item("2607.99999", "Diffusion at last")])
    assert home.run("poll", "--date", str(today)).status == 0
    until(lambda: _settled(home), "every delivery to be settled", 100)
    posts = home.posts()
    brought = [(post["channel"], shown["paper"]) for post in posts for shown in post["items"]]
    assert len(brought) == len(set(brought)), "a paper was posted twice in a channel"
    assert acknowledged <= {channel for channel, paper in brought if paper == "2607.99999"}
    for channel in sorted(acknowledged):
        assert len(home.say("list", channel).json["rows"]) == 1
    assert up.is_running()


def _settled(home: Home) -> bool:
    stats = home.run("stats", "--json").json
    return bool(stats["waiting"] == 0 and set(stats["deliveries"]) <= {"sent"})
