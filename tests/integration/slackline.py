"""The line with Slack at its end: the whole Slack bot in a thread of its own, and the strict Slack beyond it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal

import aiohttp
from pydantic import SecretStr
from yarl import URL

from bot.slack import acts
from bot.slack.oauth import INSTALL
from bot.slack.wiring import slack_bot
from papers.settings import Settings
from papers.stores.server import Server
from papers.wiring import Core
from tests.fakes.entries import item
from tests.fakes.slack import Message, StrictSlack
from tests.fakes.upstream import Upstream
from tests.integration.line import Line
from tests.scratch import scratch

Mode = Literal["socket", "http"]

PATIENCE = 30.0
KEY = "A" * 43 + "="
"""The base64 of 32 zero bytes."""


class Told:
    """The bot's `Health`, which a line is told of."""

    def __init__(self, line: SlackLine, ready: threading.Event) -> None:
        self._line = line
        self.ready = ready.set

    def __call__(self, path: str) -> tuple[int, bytes, str]:
        del path
        return 200, b"fine\n", "text/plain"

    def here(self, port: int) -> None:
        self._line.port = port


class SlackLine(Line):
    """Stages are run by hand; what they put into the outbox is sent by the bot."""

    def __init__(self, server: Server, upstream: Upstream, slack: StrictSlack, **settings: Any) -> None:
        super().__init__(server, upstream)
        self.slack = slack
        chosen: dict[str, Any] = {
            "slack_api_base_url": slack.api_url,
            "slack_oauth_authorize_url": f"{slack.url}/oauth/v2/authorize",
            "hf_endpoint": upstream.url,
            "paperboy_allow_private_feeds": True,
            "paperboy_data": scratch(),
        }
        self.core = Core(Settings.model_construct(**chosen, **settings), server)
        self.port = 0

    def send(self) -> int:
        """The bot does."""
        return 0

    @contextmanager
    def running(self) -> Iterator[None]:
        """With the bot at work."""
        runner, ready, failed = asyncio.Runner(), threading.Event(), []
        stop = asyncio.Event()

        async def work() -> None:
            await slack_bot(self.core).run(stop, Told(self, ready))

        def thread() -> None:
            try:
                with runner:
                    runner.run(work())
            except Exception as error:  # noqa: BLE001 - it is the test's to see
                failed.append(error)
            finally:
                ready.set()

        worker = threading.Thread(target=thread, name="slack bot")
        worker.start()
        try:
            assert ready.wait(PATIENCE), "the bot did not get ready"
            if failed:
                raise failed[0]
            if self.core.settings.slack_mode == "http":
                self.slack.http(f"http://127.0.0.1:{self.port}/slack/events")
            yield
        finally:
            if not failed:
                runner.get_loop().call_soon_threadsafe(stop.set)
            worker.join(PATIENCE)
        assert not worker.is_alive(), "the bot did not stop"


def one_workspace(server: Server, upstream: Upstream, slack: StrictSlack, mode: Mode, **settings: Any) -> SlackLine:
    """A bot that is set up by its tokens, in workspace T1."""
    secrets = {
        "slack_bot_token": SecretStr(slack.install()),
        "slack_app_token": SecretStr(slack.app_token),
        "slack_signing_secret": SecretStr(slack.signing_secret),
    }
    return SlackLine(server, upstream, slack, slack_mode=mode, **secrets, **settings)


def many_workspaces(server: Server, upstream: Upstream, slack: StrictSlack, mode: Mode, **settings: Any) -> SlackLine:
    """A bot that workspaces install by OAuth."""
    secrets = {
        "slack_client_id": slack.client_id,
        "slack_client_secret": SecretStr(slack.client_secret),
        "slack_app_token": SecretStr(slack.app_token),
        "slack_signing_secret": SecretStr(slack.signing_secret),
        "paperboy_encryption_keys": SecretStr(KEY),
    }
    return SlackLine(server, upstream, slack, slack_mode=mode, **secrets, **settings)


DAY = "2026-03-10"


def three_papers(upstream: Upstream) -> None:
    """A day's listing: two papers on diffusion, one of them a survey, and one on graphs."""
    upstream.day(
        DAY,
        [
            item("2603.00001", "Diffusion for maps", upvotes=30, summary="We draw maps by diffusion. It works."),
            item("2603.00002", "A survey of diffusion", upvotes=20, summary="We read about diffusion."),
            item("2603.00003", "Graphs of words", upvotes=10, summary="We link words."),
        ],
    )


def pressing(verb: str, value: str | None = None) -> Callable[[Any], bool]:
    """A button by what it says."""
    return lambda element: (
        acts.verb(element["action_id"]) == verb and (value is None or element.get("value", "") == value)
    )


def ask(line: SlackLine, words: str, user: str = "U1", channel: str = "C1", workspace: str = "T1") -> Message:
    """Type a command; its answer."""
    return line.slack.command(user, channel, f"/papers {words}", workspace=workspace).answered()


def subscribe(line: SlackLine, words: str, user: str = "U1", channel: str = "C1", workspace: str = "T1") -> Message:
    """Subscribe, and press Save; what is said then."""
    draft = ask(line, f"subscribe {words}", user, channel, workspace)
    return line.slack.click(user, channel, draft, pressing(acts.SAVE), workspace=workspace).answered()


def admins_only(line: SlackLine, workspace: str = "T1") -> None:
    """Let an admin leave changes in C1 to admins."""
    line.slack.user("UADMIN", workspace, admin=True)
    line.slack.join("C1", "UADMIN", workspace=workspace)
    assert "Settings kept" in told(ask(line, "settings changes admins", user="UADMIN", workspace=workspace))


def told(*shown: Message | dict[str, Any] | None) -> str:
    """All text that messages and views show, their buttons' labels included."""
    return "\n".join(text for one in shown for text in _texts(one.body if isinstance(one, Message) else one))


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key in {"text", "fallback", "user_id", "channel_id"} and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
    elif isinstance(part, list):
        for one in part:
            yield from _texts(one)


def brought(line: SlackLine, channel: str = "C1", count: int = 1, workspace: str = "T1") -> list[Message]:
    """What the channel's stages bring to Slack, once there are so many messages."""
    line.poll()
    line.work()
    line.slack.until(lambda: len(line.slack.messages(channel, workspace)) >= count)
    return line.slack.messages(channel, workspace)


def verbs(shown: Message | dict[str, Any]) -> set[str]:
    """The verbs of a message's or view's buttons."""
    return {acts.verb(one["action_id"]) for one in buttons(shown)}


def buttons(shown: Message | dict[str, Any]) -> list[dict[str, Any]]:
    """A message's or view's buttons."""
    blocks = shown.blocks if isinstance(shown, Message) else shown["blocks"]
    found = [one for block in blocks for one in (*block.get("elements", []), block.get("accessory") or {})]
    return [one for one in found if one.get("type") == "button"]


def visit(line: SlackLine, user: str = "U1", workspace: str = "T1") -> str:
    """Open App Home; what it shows once it was published anew."""
    slack = line.slack
    before = len(slack.called("views.publish"))
    slack.open_home(user, workspace=workspace)
    slack.until(lambda: len(slack.called("views.publish")) > before)
    slack.until(lambda: slack.called("views.publish")[-1].answer)
    return told(slack.home(user, workspace))


def top(line: SlackLine, user: str = "U1", workspace: str = "T1") -> str:
    """The text of the modal on top, once nothing is looked for any more."""
    line.slack.until(lambda: "Looking…" not in told(line.slack.modal(user, workspace)))
    return told(line.slack.modal(user, workspace))


def install(line: SlackLine, workspace: str = "T1", user: str = "U1") -> str:
    """Install the app from its own page by a browser, as `user` who clicks Allow ("": Cancel); how that ends."""
    if user:
        line.slack.allow_as(user, workspace)
    else:
        line.slack.cancel_install()
    page = URL(f"http://127.0.0.1:{line.port}{INSTALL}")

    async def browse() -> str:
        jar = aiohttp.CookieJar(unsafe=True, treat_as_secure_origin=page.origin())
        async with aiohttp.ClientSession(cookie_jar=jar) as browser, browser.get(page) as answer:
            return await answer.text()

    return asyncio.run(browse())


def sent(line: SlackLine, user: str = "U1", filling: Mapping[str, Any] | None = None, workspace: str = "T1") -> str:
    """Fill in the form on top and send it; what is shown then: its errors, or what stands in its place."""
    refused = line.slack.submit(user, filling, workspace=workspace).errors
    return " ".join(refused.values()) or top(line, user, workspace)
