"""Views: where one opens, what it remembers, and answers that are given in one.

A trigger lives three seconds (https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses), so a
view is opened at once, saying that somebody looks, and filled when the answer is there. Up to three modals lie on each
other (https://docs.slack.dev/surfaces/modals#view_stack): from the second on, what is pressed in one takes its place.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import acts, parts
from bot.slack.api import error_code
from bot.slack.forms import notice, waiting
from bot.slack.message import Message, View

IN_PLACE: Final = acts.CHOICES | {acts.TURN}
"""Verbs whose answer takes the place of the modal that they were pressed in."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next view goes: above what was pressed. `modal` is what was pressed in, None for all but modals."""

    client: AsyncWebClient
    trigger: str
    modal: View | None = None

    async def show(self, view: View) -> str:
        """Show a view; its id."""
        if self.modal is None:
            answer = await self.client.views_open(trigger_id=self.trigger, view=view)
        elif not self.modal.get("previous_view_id"):
            answer = await self.client.views_push(trigger_id=self.trigger, view=view)
        else:
            answer = await self.client.views_update(view_id=self.modal["id"], view=view)
        return str(answer["view"]["id"])

    async def reply(self, verb: str, channel: str) -> ViewReply:
        """A view that waits for the answer to a verb, about a channel."""
        in_place = self.modal is not None and verb in IN_PLACE
        shown = self.modal["id"] if self.modal and in_place else await self.show(waiting("Paperboy"))
        return ViewReply(self.client, shown, channel)


class ViewReply:
    """A `bot.slack.replies.Reply` that fills a view, and lets it remember its channel."""

    def __init__(self, client: AsyncWebClient, view_id: str, channel: str) -> None:
        self._client = client
        self._view_id = view_id
        self._channel = channel

    async def aside(self, message: Message) -> None:
        """In the view."""
        try:
            view = in_channel(notice("Paperboy", message), self._channel)
            await self._client.views_update(view_id=self._view_id, view=view)
        except SlackApiError as error:
            if error_code(error) != "not_found":  # they closed it meanwhile
                raise

    async def instead(self, message: Message) -> None:
        """In the view."""
        await self.aside(message)

    async def aloud(self, message: Message) -> None:
        """A view has no channel to speak to: the asker is shown it."""
        await self.aside(message)

    async def gone(self) -> None:
        """In the view, which is closed by whoever reads it."""
        told = "Cancelled, nothing was saved."
        await self.aside(Message(told, (parts.small(told),)))


def in_channel(view: View, channel: str) -> View:
    """The view, remembering which channel its buttons speak of."""
    return {**view, "private_metadata": json.dumps({"channel": channel})}


def channel_of(view: View) -> str:
    """The channel that a view's buttons speak of, "" for none."""
    try:
        return str(json.loads(view.get("private_metadata") or "{}").get("channel") or "")
    except ValueError:
        return ""
