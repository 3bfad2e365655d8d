"""Channels' private feeds over real HTTP and a real Valkey: who reads what, how often, and who no more."""

from __future__ import annotations

import asyncio
import gzip
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import urlsplit

import aiohttp
import feedparser
import pytest
from structlog.testing import capture_logs

from bot.serving import application, serving
from bot.web.guessing import ALLOWED
from bot.web.wiring import pages
from papers.errors import NotAllowedError
from papers.model import Asker, Delivery, Destination
from papers.outlet import FeedAnswer
from papers.services.desk import Desk
from papers.settings import Settings
from papers.stores import keys
from papers.stores.outbox import Verdict
from papers.wiring import Core, Stores
from tests.builders import GENERAL, paper, store, subscription
from tests.conftest import NOW
from tests.integration.outboxes import claimed, delivery, put, waits

PUBLIC = "https://papers.example.org"
OTHER = Destination("slack", "T1", "C0THERSECRET")
NOWHERE = "/feeds/" + "a" * 43 + ".atom"


@dataclass(frozen=True)
class Got:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def titles(self) -> list[str]:
        return [entry.title for entry in feedparser.parse(self.body).entries]


Ask = Callable[..., Awaitable[Got]]
"""Path, method and headers by name -> what is answered."""


@pytest.fixture
def core(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> Iterator[Core]:
    monkeypatch.setenv("PAPERBOY_PUBLIC_URL", PUBLIC)
    monkeypatch.setenv("HTTP_PORT", "0")
    core = Core(Settings.load(), stores.server)
    store(stores.papers, *(paper(number, f"Paper {number}") for number in range(1, 9)))
    yield core
    core.library.close()


def visit(core: Core, talk: Callable[[Ask], Awaitable[None]]) -> None:
    """Serve the role's pages and read some."""

    async def go() -> None:
        served = application(pages(core), lambda path: (200, path.encode(), "text/plain"))
        async with (
            serving(served, "127.0.0.1", 0) as port,
            aiohttp.ClientSession(auto_decompress=False, skip_auto_headers=("Accept-Encoding",)) as browser,
        ):

            async def ask(path: str, method: str = "GET", **headers: str) -> Got:
                named = {name.replace("_", "-"): value for name, value in headers.items()}
                url = f"http://127.0.0.1:{port}{path}"
                async with browser.request(method, url, headers=named) as answer:
                    return Got(answer.status, answer.headers.copy(), await answer.read())

            await talk(ask)

    asyncio.run(go())


def post(stores: Stores, *deliveries: Delivery) -> None:
    """Let these be posted, one after the other."""
    put(stores, *deliveries)
    for _ in deliveries:
        stores.outbox.settle(claimed(stores, deliveries[0].destination), Verdict("sent", message="m"))


def opened(core: Core, where: Destination = GENERAL) -> str:
    """The path of a channel's new Atom feed."""
    answer = core.desk.feed(Asker(where, "ada"), "new")
    assert answer.atom.startswith(f"{PUBLIC}/feeds/")
    return urlsplit(answer.atom).path


def test_a_channel_s_posts_are_read_in_both_formats_newest_first_and_nothing_that_waits(core: Core) -> None:
    core.stores.channels.add(subscription(query="paper"))
    post(core.stores, delivery(1, "2603.00001"), delivery(2, "2603.00003", "2603.00002"))
    waits(core.stores, "2603.00004")
    put(core.stores, delivery(3, "2603.00005"))
    path = opened(core)

    async def talk(ask: Ask) -> None:
        for kind in ("atom", "rss"):
            got = await ask(path.replace(".atom", f".{kind}"))
            assert got.status == 200
            assert got.headers["Content-Type"] == f"application/{kind}+xml; charset=utf-8"
            assert got.titles == ["Paper 3", "Paper 2", "Paper 1"]
            read = feedparser.parse(got.body)
            assert not read.bozo
            assert read.feed.title == "Paperboy: papers for paper"
            assert PUBLIC + path.replace(".atom", f".{kind}") in {link.href for link in read.feed.links}

    visit(core, talk)


def test_who_has_it_is_not_sent_it_again(core: Core) -> None:
    post(core.stores, delivery(1, "2603.00001"))
    path = opened(core)

    async def talk(ask: Ask) -> None:
        first = await ask(path)
        tag, modified = first.headers["ETag"], first.headers["Last-Modified"]
        earlier = format_datetime(parsedate_to_datetime(modified) - timedelta(seconds=1), usegmt=True)
        for known in ({"If_None_Match": f'"x", {tag}'}, {"If_None_Match": "*"}, {"If_Modified_Since": modified}):
            again = await ask(path, **known)
            assert (again.status, again.body) == (304, b"")
            assert again.headers["ETag"] == tag
            assert again.headers["Cache-Control"] == "private, max-age=900"
        for unknown in (
            {"If_None_Match": '"x"'},
            {"If_Modified_Since": earlier},
            {"If_Modified_Since": "yesterday"},
            {"If_None_Match": '"x"', "If_Modified_Since": modified},  # the tag goes before the date
        ):
            assert (await ask(path, **unknown)).status == 200

    visit(core, talk)


def test_it_is_private_compressed_if_asked_and_answers_head(core: Core) -> None:
    post(core.stores, delivery(1, "2603.00001"))
    path = opened(core)

    async def talk(ask: Ask) -> None:
        plain, zipped, head = await ask(path), await ask(path, Accept_Encoding="gzip"), await ask(path, "HEAD")
        assert "Content-Encoding" not in plain.headers
        assert zipped.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(zipped.body) == plain.body
        assert zipped.headers["ETag"] == plain.headers["ETag"]
        assert plain.headers["Vary"] == "Accept-Encoding"
        assert (head.status, head.body) == (200, b"")
        assert head.headers["Content-Length"] == str(len(plain.body))
        assert plain.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert plain.headers["Referrer-Policy"] == "no-referrer"
        assert (await ask(path, "POST")).status == 405
        assert (await ask(path, "DELETE")).status == 405

    visit(core, talk)


def test_a_new_address_ends_the_old_one_at_once_and_off_ends_both(core: Core, asker: Asker) -> None:
    post(core.stores, delivery(1, "2603.00001"))
    old = opened(core)

    async def talk(ask: Ask) -> None:
        before = await ask(old)
        new = await asyncio.to_thread(opened, core)
        after = await ask(new)
        assert ((await ask(old)).status, after.status) == (404, 200)
        ids = [[entry.id for entry in feedparser.parse(got.body).entries] for got in (before, after)]
        assert ids[0] == ids[1]
        assert core.desk.feed(asker, None).atom == PUBLIC + new
        assert core.desk.feed(asker, "off").atom == ""
        assert ((await ask(new)).status, (await ask(old)).status) == (404, 404)
        assert core.desk.feed(asker, None).atom == ""

    visit(core, talk)


def test_no_channel_s_feed_tells_of_another_or_of_itself(core: Core) -> None:
    post(core.stores, delivery(1, "2603.00001"))
    post(core.stores, delivery(2, "2603.00002", "2603.00001", where=OTHER))
    here, there = opened(core), opened(core, OTHER)

    async def talk(ask: Ask) -> None:
        ours, theirs = await ask(here), await ask(there)
        assert (ours.titles, theirs.titles) == (["Paper 1"], ["Paper 2", "Paper 1"])
        ids = [{entry.id for entry in feedparser.parse(got.body).entries} for got in (ours, theirs)]
        assert not ids[0] & ids[1]
        assert OTHER.channel.encode() not in theirs.body
        assert here.encode() not in theirs.body

    visit(core, talk)


def test_a_paused_or_archived_channel_is_still_read_and_one_that_paperboy_left_is_gone(
    core: Core, asker: Asker
) -> None:
    post(core.stores, delivery(1, "2603.00001"))
    path = opened(core)
    core.desk.pause(asker, paused=True)

    async def talk(ask: Ask) -> None:
        outbox = core.stores.outbox
        assert (await ask(path)).titles == ["Paper 1"]
        outbox.suspend(GENERAL, "the channel is archived: unarchive it", "1")
        assert (await ask(path)).status == 200
        outbox.unsuspend(GENERAL, NOW)
        outbox.suspend(GENERAL, "Paperboy was removed from this workspace", "2")
        assert (await ask(path)).status == 410
        outbox.unsuspend(GENERAL, NOW)
        assert (await ask(path)).status == 200

    visit(core, talk)


def test_a_thousand_readers_cost_one_reading(core: Core) -> None:
    post(core.stores, delivery(1, "2603.00001"))
    path = opened(core)

    async def talk(ask: Ask) -> None:
        await ask(path)
        server = core.stores.server
        server.call("CONFIG", "RESETSTAT")
        for _ in range(50):
            assert (await ask(path)).status == 200
        told = server.call("INFO", "commandstats")
        assert "cmdstat_lrange" not in told
        assert told["cmdstat_hget"]["calls"] <= 100

    visit(core, talk)


def test_who_tries_addresses_that_lead_nowhere_is_put_off_and_nobody_else(core: Core) -> None:
    path = opened(core)

    async def talk(ask: Ask) -> None:
        tried = [await ask(NOWHERE, X_Forwarded_For="192.0.2.1, 198.51.100.7") for _ in range(ALLOWED + 1)]
        assert [got.status for got in tried] == [404] * ALLOWED + [429]
        assert 0 < int(tried[-1].headers["Retry-After"]) <= 3
        assert (await ask(path, X_Forwarded_For="203.0.113.9, 198.51.100.7")).status == 429
        assert (await ask(path, X_Forwarded_For="198.51.100.7, 198.51.100.8")).status == 200
        assert (await ask(path)).status == 200

    visit(core, talk)


@pytest.mark.parametrize("path", ["/feeds/", "/feeds/x.json", "/feeds/../keys.atom", "/feeds/%00.atom", "/feeds/é.rss"])
def test_what_is_no_feed_is_not_found(core: Core, path: str) -> None:
    async def talk(ask: Ask) -> None:
        assert (await ask(path)).status == 404

    visit(core, talk)


def test_no_secret_is_logged_whatever_happens(core: Core, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    post(core.stores, delivery(1, "2603.00001"))
    with capture_logs() as logs:
        path = opened(core)

        async def talk(ask: Ask) -> None:
            await ask(path)
            await ask(NOWHERE)
            core.stores.server.call("SET", keys.OUTLETS, "what cannot be read")
            assert (await ask(path)).status == 503

        visit(core, talk)
    assert [line["event"] for line in logs] == ["audit", "the server is away"]
    secret = path.removeprefix("/feeds/").removesuffix(".atom")
    assert secret not in f"{logs} {caplog.text}"


def test_where_feeds_are_not_served_the_asker_is_told_what_the_operator_can_do(core: Core, asker: Asker) -> None:
    desk: Desk = replace(core.desk, public_url=None)
    for change in (None, "new"):
        with pytest.raises(NotAllowedError) as caught:
            desk.feed(asker, change)
        assert "PAPERBOY_PUBLIC_URL" in caught.value.advice
    assert desk.feed(asker, "off") == FeedAnswer(is_served=False)
    core.desk.feed(asker, "new")
    assert desk.feed(asker, "off") == FeedAnswer(change="off", is_served=False)


def test_a_feed_that_there_is_not_is_not_said_to_be_turned_off(core: Core, asker: Asker) -> None:
    assert core.desk.feed(asker, "off") == FeedAnswer()
    core.desk.feed(asker, "new")
    assert core.desk.feed(asker, "off") == FeedAnswer(change="off")
