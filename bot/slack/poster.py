"""Slack's way of taking one message, and of telling whether it has.

    post ──► blocks with pictures ──refused──► without pictures ──refused──► plain text ──► receipt: the message's `ts`
    find ──► the channel's history, or the thread's replies, since the delivery was due ──► whose metadata names it
    edit ──► the same blocks in the same message; never plain text, which would be less than what is there

Slack takes the same message twice without a word: nothing here is tried again but what was refused for its looks. What
each refusal means stands in `bot.slack.errors`; whether a message is looked for is decided in `bot.verdict`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.reach import AGAIN, NOT_REACHED
from bot.repair import PERSONAL
from bot.slack.errors import BLOCKS, NO_THREAD, No, Refused, meaning
from bot.slack.message import Message
from bot.slack.payload import arguments, changes, looks, names
from bot.slack.tokens import Clients
from bot.verdict import POST_TIMEOUT
from papers import metrics
from papers.errors import DeliveryError, Rejected, RetryAfter, Unknown, Unverifiable
from papers.model import Delivery, Destination, Paper, Receipt
from papers.stores.outbox import Pace

PER_CHANNEL: Final = 1.02
"""Seconds between two posts to a channel: one a second, and a little (https://docs.slack.dev/apis/web-api/rate-limits)."""

PER_WORKSPACE: Final = 0.2
"""Seconds between two posts to a workspace, of which Slack takes "several hundred" a minute (as above)."""

LOOK_AFTER: Final = 60.0
"""Seconds before Slack's history is believed when it does not show a message."""

LEASE: Final = LOOK_AFTER + 2 * POST_TIMEOUT + 10.0
"""Seconds a claim is good for: for a look, a post, that wait, and a server that is slow to answer us."""

SKEW: Final = timedelta(minutes=1)
"""How far Slack's clock may be behind ours."""

PAGE: Final = 15
"""Messages a page: what an app outside the Marketplace gets
(https://docs.slack.dev/changelog/2025/05/29/tos-updates)."""

PAGES: Final = 20
"""Pages that one look reads at most."""

PATIENCE: Final = timedelta(hours=1)
"""How long after its time a delivery is looked for, if Slack is too slow to show us all pages."""

LONGEST: Final = 3600.0
"""Seconds that a 429 is obeyed without asking again."""

log = structlog.get_logger(platform="slack")


def paces(destination: Destination) -> Sequence[Pace]:
    """The paces of a channel. A 429 is about a whole workspace, so it has one of its own that can be held up."""
    shared = f"{destination.platform}:{destination.workspace}"
    return [Pace(str(destination), PER_CHANNEL), Pace(shared, PER_WORKSPACE)]


class SlackPoster:
    """A `papers.ports.Poster`. `clients` must not retry by themselves: see above."""

    def __init__(self, clients: Clients, clock: Callable[[], datetime]) -> None:
        self._clients = clients
        self._clock = clock
        self._personal: dict[Destination, str] = {}

    async def post(self, delivery: Delivery, papers: Mapping[str, Paper], thread: str | None) -> Receipt:
        """Post. Raises RetryAfter if it certainly did not go out, Rejected if it never will, else Unknown.

        A headline that a moderator deleted takes its replies with it (Rejected): they are not posted into the channel,
        since somebody wanted none of it there.
        """
        client = await self._clients.client(delivery.destination.workspace)
        channel = await self._channel(client, delivery.destination)
        try:
            return await self._posted(client, delivery, papers, channel, thread)
        except Refused as error:
            if error.name != "not_in_channel" or not await joined(client, channel):
                raise
        return await self._posted(client, delivery, papers, channel, thread)

    async def _posted(
        self, client: AsyncWebClient, delivery: Delivery, papers: Mapping[str, Paper], channel: str, thread: str | None
    ) -> Receipt:
        answer = await taken(
            delivery,
            looks(delivery, papers),
            lambda look: client.chat_postMessage(**arguments(delivery, look, channel, thread)),
        )
        return receipt(answer.get("ts"))

    async def edit(self, delivery: Delivery, papers: Mapping[str, Paper], message: str, thread: str | None) -> None:
        """Show a message anew. Raises RetryAfter or Unknown, and Rejected if it is gone or cannot be changed.

        A 429 is about edits: they are counted apart from posts (https://docs.slack.dev/apis/web-api/rate-limits).
        """
        del thread  # a `ts` is unique in its channel
        try:
            client = await self._clients.client(delivery.destination.workspace)
            channel = await self._channel(client, delivery.destination)
            blocks = (look for look in looks(delivery, papers) if look.blocks)
            await taken(delivery, blocks, lambda look: client.chat_update(**changes(delivery, look, channel, message)))
        except RetryAfter as error:
            raise RetryAfter(error.seconds, "message") from error

    async def find(self, delivery: Delivery, thread: str | None) -> Receipt | None:
        """The receipt of a message that may have been posted, or None if it certainly was not.

        Raises RetryAfter or Unknown where Slack does not say now, Unverifiable where it never will.
        """
        try:
            client = await self._clients.client(delivery.destination.workspace)
            channel = await self._channel(client, delivery.destination)
            async for message in self._since(delivery, client, channel, thread):
                if names(message, delivery):
                    return receipt(message.get("ts"))
        except Refused as error:
            if error.name in NO_THREAD:  # who deletes a headline that has replies leaves a tombstone, and they stay
                return None
            raise Unverifiable(error.reason) from error
        except Rejected as error:
            raise Unverifiable(error.reason) from error
        return None

    async def _since(
        self, delivery: Delivery, client: AsyncWebClient, channel: str, thread: str | None
    ) -> AsyncIterator[Mapping[str, Any]]:
        """Every message of a channel, or of a thread in it, since the delivery was due. Raises as `find` does."""
        read = partial(client.conversations_replies, ts=thread) if thread else client.conversations_history
        oldest, cursor = f"{(delivery.due - SKEW).timestamp():.6f}", None
        for number in range(PAGES):
            try:
                page = await asked(
                    read(channel=channel, oldest=oldest, cursor=cursor, limit=PAGE, include_all_metadata=True)
                )
            except RetryAfter as error:
                if number and self._clock() - delivery.due > PATIENCE:
                    raise Unverifiable("more was said since than Slack lets the app read") from error
                raise
            messages, cursor = page.get("messages"), (page.get("response_metadata") or {}).get("next_cursor")
            if not isinstance(messages, list) or (page.get("has_more") and not cursor):
                raise Unknown("Slack's answer shows no history")
            for message in messages:
                yield message
            if not cursor:
                return
        raise Unverifiable(f"more than {PAGE * PAGES} messages came since")

    async def _channel(self, client: AsyncWebClient, destination: Destination) -> str:
        """The channel's id; a user's direct messages are opened once. Never raises Unknown: nothing was posted yet."""
        user = destination.channel.removeprefix(PERSONAL)
        if user == destination.channel:
            return user
        if destination not in self._personal:
            try:
                opened = await asked(client.conversations_open(users=user))
            except Unknown as error:
                raise RetryAfter(AGAIN) from error
            self._personal[destination] = opened["channel"]["id"]
        return self._personal[destination]


async def joined(client: AsyncWebClient, channel: str) -> bool:
    """Whether a channel could be joined: a public one can, and was, if the app was removed and came back."""
    try:
        await asked(client.conversations_join(channel=channel))
    except DeliveryError:
        return False
    return True


def receipt(ts: object) -> Receipt:
    """A message's `ts` is its id and, in seconds since 1970, its time."""
    try:
        return Receipt(str(ts), datetime.fromtimestamp(float(str(ts)), UTC))
    except (ValueError, OverflowError) as error:
        raise Unknown(f"Slack's answer names no message: {ts!r}") from error


async def taken(
    delivery: Delivery, shown: Iterable[Message], say: Callable[[Message], Awaitable[AsyncSlackResponse]]
) -> AsyncSlackResponse:
    """Slack's answer to the first of these that it does not refuse for its looks."""
    refused: Refused | None = None
    for look in shown:
        try:
            return await asked(say(look))
        except Refused as error:
            if error.name not in BLOCKS:
                raise
            log.warning("slack refused a message's looks", delivery=delivery.id, error=error.name, hints=error.hints)
            refused = error
    raise refused or Unknown("there was nothing to say")


async def asked(call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """Slack's answer. Raises RetryAfter where it was not reached, what its refusal means, else Unknown."""
    try:
        answer = await call
    except NOT_REACHED as error:
        log.warning("slack is out of reach", error=str(error))
        raise RetryAfter(AGAIN, "workspace") from error
    except SlackApiError as error:
        raise _counted(meaning(no(error))) from error
    except Exception as error:  # the SDK trips in many ways over what is no JSON object, or breaks off
        raise Unknown(f"no answer: {type(error).__name__}") from error  # its repr may show the token
    if not isinstance(answer.data, dict):
        raise Unknown("the answer is not JSON")
    return answer


def _counted(error: DeliveryError) -> DeliveryError:
    if isinstance(error, RetryAfter):
        metrics.rate_limited("slack", error.seconds)
    return error


def no(error: SlackApiError) -> No:
    """What a refusal says. Where Slack's JSON was broken, the SDK hands over aiohttp's response instead of its own."""
    response = error.response
    if not isinstance(response, AsyncSlackResponse):
        return No(response.status)
    body = response.data if isinstance(response.data, dict) else {}
    return No(
        status=response.status_code,
        error=body.get("error") or "",
        retry_after=_seconds(response.headers.get("Retry-After")),
        needed=body.get("needed") or "",
        hints=tuple((body.get("response_metadata") or {}).get("messages") or body.get("errors") or ()),
    )


def _seconds(text: str | None) -> float | None:
    """Of a Retry-After; None for what is no number."""
    try:
        return min(LONGEST, max(0.0, float(text or "")))
    except ValueError:
        return None
