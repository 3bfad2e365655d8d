"""How the strict Slack brings things: sockets that close, signatures, retries, and its process with a ledger."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk import WebClient

from tests.fakes.slack import StrictSlack
from tests.fakes.slack.guest import Guest

Json = dict[str, Any]


class Shop:
    """An app that says what it heard, and whose listeners can be held up."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.is_free = threading.Event()
        self.is_free.set()

    def register(self, app: AsyncApp) -> None:
        @app.middleware
        async def hold(next_: Any) -> None:
            if self.is_free.is_set():
                await next_()

        @app.event("channel_rename")
        async def renamed(body: Json) -> None:
            self.heard.append(body["event_id"])

        @app.command("/shop")
        async def shop(ack: Any, respond: Any) -> None:
            self.heard.append("/shop")
            await ack()
            await respond("x")


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def slack() -> Iterator[StrictSlack]:
    with StrictSlack() as house:
        house.channel("C1")
        yield house


@pytest.fixture
def by_socket(slack: StrictSlack, shop: Shop) -> Iterator[None]:
    with Guest(slack, shop.register):
        yield


@pytest.fixture
def by_http(slack: StrictSlack, shop: Shop) -> Iterator[None]:
    with Guest(slack, shop.register, http=True):
        yield


@pytest.mark.usefixtures("by_socket")
def test_an_app_comes_back_after_disconnect(slack: StrictSlack, shop: Shop) -> None:
    slack.until(lambda: slack.connections == 1)
    slack.disconnect("warning")
    slack.disconnect("refresh_requested")
    slack.until(lambda: slack.connections == 1)
    slack.command("U1", "C1", "/shop").answered()
    assert shop.heard == ["/shop"]
    assert slack.violations == []


def test_any_one_of_several_connections_gets_each_envelope(slack: StrictSlack) -> None:
    first, second = Shop(), Shop()
    with Guest(slack, first.register), Guest(slack, second.register):
        for _ in range(4):
            slack.rename("C1", "x")
        slack.until(lambda: len(first.heard + second.heard) == 4)
        assert (len(first.heard), len(second.heard)) == (2, 2)


def test_an_event_that_nobody_acknowledged_is_brought_again(slack: StrictSlack) -> None:
    slack.redeliver_after(0.2)
    shop = Shop()
    act = slack.rename("C1", "x")
    assert act.acknowledged is None
    with Guest(slack, shop.register):
        slack.until(lambda: shop.heard)
        assert shop.heard == [act.delivery.payload["event_id"]]
        assert slack.counts["redelivered"] >= 1


def test_a_ticket_opens_one_connection(slack: StrictSlack) -> None:
    address = WebClient(base_url=slack.api_url).apps_connections_open(app_token=slack.app_token)["url"]
    assert address.startswith("ws://127.0.0.1:")
    assert [upgraded(address), upgraded(address)] == [101, 403]
    assert slack.violations == ["Socket Mode: a ticket was used twice, or is not one"]


@pytest.mark.usefixtures("by_http")
def test_what_is_brought_by_http_is_signed(slack: StrictSlack, shop: Shop) -> None:
    assert slack.verify_url("abc").answer == {"challenge": "abc"}
    act = slack.command("U1", "C1", "/shop")
    assert act.status == 200
    payload = act.delivery.payload
    assert slack.forge(payload, secret="guess", what="slash_commands").status == 401  # noqa: S106 - wrong on purpose
    assert slack.forge(payload, age=301, what="slash_commands").status == 401
    assert shop.heard == ["/shop"]
    assert slack.forge(payload, what="slash_commands").status == 200
    assert shop.heard == ["/shop"] * 2


@pytest.mark.usefixtures("by_http")
def test_a_replay_is_the_same_to_the_byte(slack: StrictSlack) -> None:
    act = slack.command("U1", "C1", "/shop")
    again = slack.repeat(act)
    before, after = act.delivery.attempts[-1], again.delivery.attempts[-1]
    assert (before.body, before.headers) == (after.body, after.headers)
    assert again.status == 200


@pytest.mark.usefixtures("by_http")
def test_an_event_that_was_not_taken_by_http_is_brought_again_and_says_so(slack: StrictSlack, shop: Shop) -> None:
    shop.is_free.clear()
    act = slack.rename("C1", "x")
    assert act.acknowledged is None
    shop.is_free.set()
    slack.until(lambda: shop.heard)
    assert act.delivery.attempts[-1].headers["X-Slack-Retry-Num"] == str(len(act.delivery.attempts) - 1)
    assert act.delivery.attempts[-1].headers["X-Slack-Retry-Reason"] == "http_error"


@pytest.mark.usefixtures("by_socket")
def test_a_response_url_is_good_five_times_and_for_half_an_hour(slack: StrictSlack) -> None:
    act = slack.command("U1", "C1", "/shop")
    act.answered()
    assert [respond(act.delivery.payload["response_url"], {"text": "y"}) for _ in range(5)] == [200] * 4 + [404]
    assert slack.violations == ["response_url: used more than 5 times"]
    late = slack.command("U1", "C1", "/shop")
    late.answered()
    slack.later(1801)
    assert respond(late.delivery.payload["response_url"], {"text": "y"}) == 404
    assert slack.violations[1:] == ["response_url: used after 30 minutes"]


@pytest.mark.usefixtures("by_socket")
def test_what_a_response_may_not_say_is_a_violation(slack: StrictSlack) -> None:
    url = slack.command("U1", "C1", "/shop").delivery.payload["response_url"]
    respond(url, {"text": "y", "replace_original": True})
    respond(url, {"text": "y", "respond_type": "in_channel"})
    respond(url, {})
    assert [one.partition(":")[2].strip() for one in slack.violations] == [
        "of a command, there is no original to replace or delete",
        "takes no respond_type",
        "no_text",
    ]


def upgraded(address: str) -> int:
    """The status that a WebSocket's first request is answered with."""
    parts = urlsplit(address)
    client = http.client.HTTPConnection(parts.netloc)
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    client.request("GET", f"/link?{parts.query}", headers={**upgrade, "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="})
    status = client.getresponse().status
    client.close()
    return status


def respond(url: str, body: Json) -> int:
    return asked("POST", url, body)[0]


def asked(method: str, url: str, body: Json | None = None) -> tuple[int, str]:
    parts = urlsplit(url)
    client = http.client.HTTPConnection(parts.netloc)
    client.request(method, parts.path, json.dumps(body), {"Content-Type": "application/json"})
    answer = client.getresponse()
    told = answer.status, answer.read().decode()
    client.close()
    return told


def test_its_process_keeps_a_ledger_and_has_weather(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    world = json.dumps({"T1": {"token": "xoxb-1", "channels": ["C1"]}})
    command = [sys.executable, "-m", "tests.fakes.slack", str(ledger), "--world", world]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:  # noqa: S603 - our own
        assert process.stdout is not None
        base = process.stdout.readline().strip()
        slack = base.removesuffix("/api/")
        client = WebClient("xoxb-1", base_url=base, retry_handlers=[])
        metadata = {"event_type": "x", "event_payload": {"delivery": "d1"}}
        ts = client.chat_postMessage(channel="C1", text="x", metadata=metadata)["ts"]
        asked("PUT", f"{slack}/world", {"T2": {"token": "xoxb-2", "channels": ["C1"]}})
        WebClient("xoxb-2", base_url=base).chat_postMessage(channel="C1", text="y")
        asked("PUT", f"{slack}/weather", {"faults": {"hang up after": 1.0}})
        with pytest.raises(http.client.RemoteDisconnected):
            client.chat_postMessage(channel="C1", text="z")
        counts = json.loads(asked("GET", f"{slack}/counts")[1])
        process.kill()
    lines = [json.loads(line) for line in ledger.read_text("utf-8").splitlines()]
    kept = [(line["workspace"], line["text"], line.get("delivery")) for line in lines]
    assert kept == [("T1", "x", "d1"), ("T2", "y", None), ("T1", "z", None)]
    assert (lines[0]["id"], lines[0]["thread"], counts["taken"], counts["violations"]) == (ts, None, 3, 0)
