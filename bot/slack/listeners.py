"""What Slack sends, each kind with its listener: acknowledge, find out who and where, hand over. It decides nothing.

Whatever no listener knows is acknowledged too: in Socket Mode it would come again.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Final

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot import tally
from bot.slack import acts, forms, submission
from bot.slack.events import CLOSED, OPENED, Happenings
from bot.slack.look import LOOK
from bot.slack.message import Message
from bot.slack.mrkdwn import unescape
from bot.slack.render import render_error
from bot.slack.replies import DirectReply, MessageReply
from bot.slack.rights import Rights
from bot.slack.tokens import workspace_of
from bot.slack.views import Place, channel_of
from bot.slack.windows import Windows, form_for
from bot.talk import Talk
from bot.tally import tallied
from papers.errors import PaperboyError
from papers.model import Asker, Destination

COMMAND: Final = "/papers"

SHORTCUT: Final = "similar"
"""The message shortcut's callback id."""

ANYTHING: Final = re.compile("")

Body = dict[str, Any]
Listener = Callable[..., Awaitable[None]]


def caught(listener: Listener) -> Listener:
    """The listener, whose errors end here: Bolt would forget the acknowledgement of one that raises soon after it.

    Who waits for an answer is told, where Slack gave an address for one.
    """

    @wraps(listener)
    async def run(*args: Any, context: AsyncBoltContext, **kwargs: Any) -> None:
        try:
            await listener(*args, context=context, **kwargs)
        except Exception as error:  # noqa: BLE001 - see above
            message = LOOK.told_as_message(error)
            if context.response_url and context.respond:
                await MessageReply(context.respond).aside(message)

    return run


class Listeners:
    """What is listened to, and who does it."""

    def __init__(self, talk: Talk[Message], rights: Rights, windows: Windows, happenings: Happenings) -> None:
        self._talk = talk
        self._rights = rights
        self._windows = windows
        self._happenings = happenings

    def attach(self, app: AsyncApp) -> None:
        """Register every listener, the catch-alls last: Bolt runs the first that fits."""
        app.command(COMMAND)(caught(self.command))
        app.shortcut(SHORTCUT)(caught(self.shortcut))
        app.view(acts.SUBSCRIBE_FORM)(caught(self.submitted))
        app.action(re.compile(f"^{acts.PREVIEW}"))(caught(self.typed))
        app.action(ANYTHING)(caught(self.pressed))
        events: dict[str, Listener] = {
            "app_home_opened": self.home,
            "link_shared": self.shared,
            "message": self.message,
            "app_uninstalled": self.removed,
            "tokens_revoked": self.revoked,
            "member_joined_channel": self.joined,
            **dict.fromkeys(CLOSED, self.closed),
            **dict.fromkeys(OPENED, self.reopened),
        }
        for event, listener in events.items():
            app.event(event)(caught(listener))
        for rest in (app.command, app.shortcut, app.view, app.view_closed, app.options, app.event):
            rest(ANYTHING)(self.anything)

    async def command(self, ack: AsyncAck, body: Body, context: AsyncBoltContext, respond: AsyncRespond) -> None:
        """`/papers …`; a `subscribe` or `edit N` without anything after it opens the form."""
        await ack()
        asker = await self._asker(context, body["channel_id"])
        line, reply = unescape(body.get("text") or ""), MessageReply(respond)
        value = form_for(line)
        if value is None:
            await self._talk.line(asker, line, reply)
        else:
            await self._windows.form(Place(_client(context), body["trigger_id"]), asker, value)

    async def pressed(self, ack: AsyncAck, body: Body, context: AsyncBoltContext, respond: AsyncRespond) -> None:
        """A button in a message, in a modal or in App Home."""
        await ack()
        action, view = body["actions"][0], body.get("view")
        verb, value = acts.verb(action["action_id"]), str(action.get("value") or "")
        if view is None:
            await self._pressed_in_message(body, context, verb, value, MessageReply(respond, _thread(body)))
        elif verb not in acts.SILENT:
            await self._pressed_in_view(body, context, verb, value)

    async def _pressed_in_message(
        self, body: Body, context: AsyncBoltContext, verb: str, value: str, reply: MessageReply
    ) -> None:
        asker = await self._asker(context, body["channel"]["id"])
        if verb == acts.FORM:
            await self._windows.form(Place(_client(context), body["trigger_id"]), asker, value)
        elif verb not in acts.SILENT:
            await self._talk.press(asker, verb, value, reply)

    async def _pressed_in_view(self, body: Body, context: AsyncBoltContext, verb: str, value: str) -> None:
        client, view = _client(context), body["view"]
        place = Place(client, body["trigger_id"], view if view["type"] == "modal" else None)
        of_channel = verb in {acts.CHANNEL_FORM, acts.CHANNEL_LIST}
        asker = await self._asker(context, value if of_channel else channel_of(view))
        try:
            await self._rights.see(asker)
            if verb == acts.CHANNEL_LIST:
                await self._windows.listing(place, asker)
            elif verb == acts.CHANNEL_FORM and not value:
                await self._windows.pick(place)
            elif verb in {acts.FORM, acts.CHANNEL_FORM}:
                await self._windows.form(place, asker, "" if of_channel else value)
            else:
                reply = await place.reply(verb, asker.destination.channel)
                await self._talk.press(asker, verb, value, reply)
        except PaperboyError as error:
            await place.show(forms.notice("Paperboy", render_error(error)))
        await self._windows.home(client, asker.destination.workspace, asker.user)

    async def typed(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        """Something was entered into the form."""
        await ack()
        await self._windows.preview(_client(context), _workspace(context), _user(context), body["view"])

    async def submitted(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        """The form is sent: the one listener whose acknowledgement says something."""
        client, workspace, user = _client(context), _workspace(context), _user(context)
        await submission.answer(ack, client, self._windows.save(workspace, user, body["view"]))
        await self._windows.home(client, workspace, user)

    async def shortcut(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        """Find similar papers."""
        await ack()
        asker = await self._asker(context, body["channel"]["id"])
        await self._windows.similar(Place(_client(context), body["trigger_id"]), asker, body["message"])

    async def home(self, ack: AsyncAck, event: Body, context: AsyncBoltContext) -> None:
        """App Home comes into view; Slack tells of every visit."""
        await ack()
        if event.get("tab") == "home":
            with tallied("slack", tally.HOME):
                await self._windows.home(_client(context), _workspace(context), event["user"])

    async def shared(self, ack: AsyncAck, event: Body, context: AsyncBoltContext) -> None:
        """Somebody writes a link to a paper."""
        await ack()
        await self._happenings.shared(_client(context), _workspace(context), event)

    async def message(self, ack: AsyncAck, event: Body, context: AsyncBoltContext) -> None:
        """Words in the app's own direct messages are a command without its slash."""
        await ack()
        if event.get("channel_type") == "im" and "subtype" not in event and "bot_id" not in event:
            asker = await self._asker(context, event["channel"])
            await self._talk.line(
                asker, unescape(event.get("text") or ""), DirectReply(_client(context), event["channel"])
            )

    async def closed(self, ack: AsyncAck, event: Body, context: AsyncBoltContext) -> None:
        """A channel was archived or deleted, or the app was removed from it."""
        await ack()
        await self._happenings.closed(_channel(context, event), event["type"])

    async def reopened(self, ack: AsyncAck, event: Body, context: AsyncBoltContext) -> None:
        """A channel was unarchived."""
        await ack()
        await self._happenings.opened(_channel(context, event))

    async def joined(self, ack: AsyncAck, event: Body, context: AsyncBoltContext) -> None:
        """Somebody joined a channel; the app itself may have been removed from it before."""
        await ack()
        if event["user"] == context.bot_user_id:
            await self._happenings.opened(_channel(context, event))

    async def removed(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        """The app was uninstalled."""
        await ack()
        await self._happenings.removed(_workspace(context), float(body["event_time"]))

    async def revoked(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        """Tokens were revoked; people's own ones are none that we keep."""
        await ack()
        if body["event"]["tokens"].get("bot"):
            await self._happenings.removed(_workspace(context), float(body["event_time"]))

    async def anything(self, ack: AsyncAck) -> None:
        """What nobody here knows."""
        await ack()

    async def _asker(self, context: AsyncBoltContext, channel: str) -> Asker:
        return await self._rights.asker(_workspace(context), _user(context), channel)


def _workspace(context: AsyncBoltContext) -> str:
    return workspace_of(context.enterprise_id, context.team_id, is_enterprise_install=context.is_enterprise_install)


def _channel(context: AsyncBoltContext, event: Body) -> Destination:
    return Destination("slack", _workspace(context), str(event["channel"]))


def _user(context: AsyncBoltContext) -> str:
    return str(context.user_id)


def _client(context: AsyncBoltContext) -> AsyncWebClient:
    client = context.client
    if client is None:
        raise RuntimeError("Bolt gave no client")
    return client


def _thread(body: Body) -> str | None:
    """The thread that the pressed message is a reply in. A headline's own thread is closed to whoever presses there."""
    message = body.get("message") or {}
    thread: str | None = message.get("thread_ts")
    return None if thread == message.get("ts") else thread
