"""`paperboy opml`, as somebody runs it who comes from another reader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from papers import opml
from papers.errors import UsageError
from papers.model import Destination, Subscription, Want
from papers.opml import Outline
from papers.stores.channels import MAX_SUBSCRIPTIONS
from papers.stores.server import Server
from papers.wiring import Stores
from tests.fakes.entries import entry, rss
from tests.fakes.upstream import Upstream

VISION = Destination("terminal", "local", "vision")
TEAM = Destination("slack", "T1", "C1")


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        yield running


@pytest.fixture(autouse=True)
def _settings(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", server.url)
    monkeypatch.setenv("PAPERBOY_ALLOW_PRIVATE_FEEDS", "true")


def run(*words: str) -> tuple[int, str]:
    """Exit status, and what was printed."""
    done = CliRunner().invoke(app, ["opml", *words])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def written(tmp_path: Path, *urls: str) -> str:
    file = tmp_path / "feeds.opml"
    file.write_bytes(opml.write({"mine": [Outline(url, "a feed") for url in urls]}))
    return str(file)


def feeds(stores: Stores, where: Destination) -> list[str | None]:
    return [one.want.feed for one in stores.channels.subscriptions(where)]


def test_a_readers_list_is_brought_in_with_what_became_of_each(
    upstream: Upstream, stores: Stores, tmp_path: Path
) -> None:
    good, other = (upstream.feed(f"/{name}", rss([entry("A Post", guid=name)])) for name in ("good", "other"))
    missing = f"{upstream.url}/missing"
    status, said = run("import", written(tmp_path, good, missing, "ftp://x.org/", other), "--channel", "vision")
    assert status == 1
    assert feeds(stores, VISION) == [good, other]
    assert f"subscribed: {good} (#1)" in said.replace("\n", " ")
    assert f"refused: {missing}" in said
    assert "404" in said
    assert "2 feeds subscribed to, 0 there already, 2 refused" in said
    assert stores.papers.unmatched(1) == [], "what a feed holds now is no news"
    status, said = run("import", written(tmp_path, other, good), "--channel", "#vision")
    assert (status, feeds(stores, VISION)) == (0, [good, other])
    assert "no feeds subscribed to, 2 there already, 0 refused" in said


def test_any_platforms_channel_can_be_named(upstream: Upstream, stores: Stores, tmp_path: Path) -> None:
    good = upstream.feed("/good", rss([entry("A Post", guid="1")]))
    assert run("import", written(tmp_path, good), "--channel", str(TEAM))[0] == 0
    assert feeds(stores, TEAM) == [good]
    assert stores.channels.subscriptions(TEAM)[0].created_by == "", "no user of that workspace made it"
    with pytest.raises(UsageError, match="not a channel"):
        run("import", written(tmp_path, good), "--channel", "irc:x:y")


def test_a_full_channel_takes_no_more_and_asks_nobody(upstream: Upstream, stores: Stores, tmp_path: Path) -> None:
    urls = [
        upstream.feed(f"/{number}", rss([entry("A Post", guid=str(number))]))
        for number in range(MAX_SUBSCRIPTIONS, MAX_SUBSCRIPTIONS + 3)
    ]
    for number in range(MAX_SUBSCRIPTIONS - 1):
        stores.channels.add(Subscription("", 0, VISION, Want(query=f"word{number}")))
    _, said = run("import", written(tmp_path, *urls), "--channel", "vision")
    assert said.count("at most 32 subscriptions") == 2
    assert [request.path for request in upstream.requests] == ["/32", "/33"]


def test_what_is_exported_can_be_imported_elsewhere(upstream: Upstream, stores: Stores, tmp_path: Path) -> None:
    good = upstream.feed("/good", rss([entry("A Post", guid="1")]))
    run("import", written(tmp_path, good), "--channel", "vision")
    out = str(tmp_path / "out.opml")
    assert "1 feed of 1 channel" in run("export", out)[1]
    assert opml.read(Path(out).read_bytes()) == (Outline(good, good),)
    assert run("import", out, "--channel", "robots")[0] == 0
    assert feeds(stores, Destination("terminal", "local", "robots")) == [good]
    run("export", out, "--channel", "nobody")
    assert opml.read(Path(out).read_bytes()) == ()


def test_titles_and_what_is_wanted_of_a_feed_survive_the_way_out_and_in(
    upstream: Upstream, stores: Stores, tmp_path: Path
) -> None:
    good = upstream.feed("/good", rss([entry("A Post", guid="1")]))
    wants = [Want(feed=good), Want(feed=good, query="diffusion -survey"), Want(feed=good, topic="robots", per_day=0.5)]
    for want in wants:
        stores.channels.add(Subscription("", 0, VISION, want))
    assert CliRunner().invoke(app, ["poll", good]).exit_code == 0
    out = tmp_path / "out.opml"
    run("export", str(out))
    assert {one.name for one in opml.read(out.read_bytes())} == {"updates"}
    assert run("import", str(out), "--channel", "robots")[0] == 0
    there = stores.channels.subscriptions(Destination("terminal", "local", "robots"))
    assert [one.want for one in there] == wants


def test_words_that_nobody_could_type_are_refused_alone(upstream: Upstream, tmp_path: Path) -> None:
    good = upstream.feed("/good", rss([entry("A Post", guid="1")]))
    file = tmp_path / "odd.opml"
    file.write_bytes(opml.write({"": [Outline(good, "x", "((("), Outline(good, "x", "robots")]}))
    status, said = run("import", str(file), "--channel", "vision")
    assert (status, "1 feed subscribed to, 0 there already, 1 refused" in said) == (1, True)
