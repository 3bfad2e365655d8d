"""A delivery as chat.postMessage and chat.update are told it, and as it is known again in a history. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.slack import limits
from bot.slack.message import Message
from bot.slack.mrkdwn import link
from bot.slack.post import render_post
from papers.errors import Unverifiable
from papers.model import Delivery, Paper
from papers.text import shorten

EVENT: Final = "paperboy_delivery"
"""The `event_type` of a message's metadata (https://docs.slack.dev/messaging/message-metadata)."""


def looks(delivery: Delivery, papers: Mapping[str, Paper]) -> Iterator[Message]:
    """The message as it should be, then plainer: what Slack refuses for its looks still has something to say.

    Slack refuses a whole message for one picture that it cannot load just now
    (https://github.com/slackapi/python-slack-sdk/issues/1782).
    """
    full, bare = (render_post(delivery, papers, pictures=pictures) for pictures in (True, False))
    yield full
    if bare != full:
        yield bare
    shown = dict.fromkeys((*(item.paper for item in delivery.items), *delivery.abstracts))
    titles = [_titled(papers.get(one, Paper(one, one))) for one in shown]
    yield Message("\n• ".join([full.text, *titles]), ())


def _titled(paper: Paper) -> str:
    return link(paper.url, shorten(paper.title, limits.TITLE), limits.LINK)


def arguments(delivery: Delivery, message: Message, channel: str, thread: str | None) -> dict[str, Any]:
    """Of chat.postMessage. Nothing in a paper's text becomes a mention, a channel's name or a preview."""
    return {
        "channel": channel,
        "text": message.text,
        **({"blocks": list(message.blocks)} if message.blocks else {}),
        **({"thread_ts": thread} if thread else {}),
        "metadata": metadata(delivery),
        "client_msg_id": str(uuid.uuid5(uuid.NAMESPACE_OID, delivery.id)),
        "link_names": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def changes(delivery: Delivery, message: Message, channel: str, ts: str) -> dict[str, Any]:
    """Of chat.update. The metadata stays: it is what the message is looked for by."""
    told = {"channel": channel, "ts": ts, "text": message.text, "blocks": list(message.blocks)}
    return {**told, "metadata": metadata(delivery), "link_names": False, "parse": "none"}


def metadata(delivery: Delivery) -> dict[str, Any]:
    """What names a delivery in its message."""
    return {"event_type": EVENT, "event_payload": {"delivery_id": delivery.id}}


def names(message: Mapping[str, Any], delivery: Delivery) -> bool:
    """Whether a message of Slack's history is this delivery.

    Raises Unverifiable for a message of ours whose payload Slack hides
    (https://github.com/slackapi/python-slack-sdk/issues/1501): it could be this one.
    """
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT:
        return False
    named = (metadata.get("event_payload") or {}).get("delivery_id")
    if named is None:
        raise Unverifiable("Slack does not show which of our messages is which")
    return bool(named == delivery.id)
