"""What users do in channels and in the Home tab: type a command, press a button, choose a shortcut."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.slack import payloads
from tests.fakes.slack.act import Act
from tests.fakes.slack.blocks import elements
from tests.fakes.slack.form import Impossible, filled, option, values
from tests.fakes.slack.looking import Looking
from tests.fakes.slack.parts import TEAM
from tests.fakes.slack.responses import Url
from tests.fakes.slack.world import Channel, Json, Message, Workspace, shown

Pick = str | Callable[[Mapping[str, Any]], bool]
"""A button or menu: its action_id, or what holds of the element as JSON."""


def found(blocks: list[Json], pick: Pick) -> tuple[Json, Json]:
    """The one element that is meant, and its block. Raises Impossible if there is none, or more than one."""
    wanted = (lambda element: element["action_id"] == pick) if isinstance(pick, str) else pick
    hits = [(dict(block), dict(element)) for block, element in elements(blocks) if wanted(element)]
    if len(hits) != 1:
        there = [(element["action_id"], element.get("value")) for _, element in elements(blocks)]
        raise Impossible(f"{len(hits)} elements are {pick}; there are {there}")
    return hits[0]


def chosen(element: Json, choice: Any) -> Json:
    """What an element holds once it was clicked, or once that was chosen in it."""
    if element["type"] == "button":
        return {}
    if element["type"] == "overflow":
        return {"selected_option": option(element, choice)}
    return filled(element, choice)


class Acts(Looking):
    """Each act returns when the app has acknowledged it, or has not within 3 seconds. Raises Impossible."""

    def command(self, user: str, channel: str, words: str, *, workspace: str = TEAM) -> Act:
        """Type a slash command, e.g. "/papers list"."""
        return self.server.do(self._command(user, channel, words, workspace))

    async def _command(self, user: str, channel: str, words: str, workspace: str) -> Act:
        team, where = self._in(workspace, channel, user)
        url = self.answers.new(team, where, user)
        trigger = self.stage.trigger((workspace, user), channel)
        payload = payloads.command(team, where, user, words, trigger=trigger, url=self._address(url))
        act = Act(await self.courier.bring("slash_commands", payload), url, self.stage.triggers[trigger])
        if isinstance(act.answer, str):
            self.answers.show(url, {"text": act.answer})
        elif act.answer:
            self.answers.show(url, act.answer)
        return act

    def click(
        self, user: str, channel: str, message: str | Message, pick: Pick, choose: Any = None, *, workspace: str = TEAM
    ) -> Act:
        """Press a button of a message (a ts, or an ephemeral one that `ephemerals` gave), or `choose` in a menu."""
        return self.server.do(self._click(user, channel, message, pick, choose, workspace=workspace))

    async def _click(
        self, user: str, channel: str, message: str | Message, pick: Pick, choose: Any, *, workspace: str
    ) -> Act:
        team, where = self._in(workspace, channel, user)
        seen = self._seen(where, message, user)
        block, element = found(seen.blocks, pick)
        url = self.answers.new(team, where, user, seen)
        trigger = self.stage.trigger((workspace, user), channel)
        payload = {
            **payloads.interaction("block_actions", team, user, trigger),
            **payloads.in_message(seen, where),
            "state": {"values": values({"blocks": seen.blocks}, {})},
            "response_url": self._address(url),
            "actions": [payloads.action(block, element, self.world.stamp(), chosen(element, choose))],
        }
        return await self._interact(payload, trigger, url)

    def message_shortcut(
        self, user: str, channel: str, message: str, callback_id: str, *, workspace: str = TEAM
    ) -> Act:
        """Choose a shortcut of the app in a message's menu; `message` is its ts."""
        return self.server.do(self._shortcut(user, channel, message, callback_id, workspace))

    async def _shortcut(self, user: str, channel: str, message: str, callback_id: str, workspace: str) -> Act:
        team, where = self._in(workspace, channel, user)
        seen = self._seen(where, message, user)
        url = self.answers.new(team, where, user)
        trigger = self.stage.trigger((workspace, user), channel)
        payload = {
            **payloads.interaction("message_action", team, user, trigger),
            "callback_id": callback_id,
            "message_ts": seen.ts,
            "message": shown(seen, where),
            "channel": {"id": where.id, "name": where.name},
            "response_url": self._address(url),
            "action_ts": self.world.stamp(),
        }
        return await self._interact(payload, trigger, url)

    def global_shortcut(self, user: str, callback_id: str, *, workspace: str = TEAM) -> Act:
        """Choose a shortcut of the app, wherever one is."""
        return self.server.do(self._global_shortcut(user, callback_id, workspace))

    async def _global_shortcut(self, user: str, callback_id: str, workspace: str) -> Act:
        team = self._person(workspace, user)
        trigger = self.stage.trigger((workspace, user))
        payload = payloads.interaction("shortcut", team, user, trigger)
        payload |= {"callback_id": callback_id, "action_ts": self.world.stamp()}
        return await self._interact(payload, trigger)

    def click_home(self, user: str, pick: Pick, choose: Any = None, *, workspace: str = TEAM) -> Act:
        """Press a button in one's Home tab, or `choose` in a menu of it."""
        return self.server.do(self._click_home(user, pick, choose, workspace))

    async def _click_home(self, user: str, pick: Pick, choose: Any, workspace: str) -> Act:
        team = self._person(workspace, user)
        view = self.home(user, workspace)
        if view is None:
            raise Impossible(f"{user} has no Home tab yet")
        block, element = found(view["blocks"], pick)
        trigger = self.stage.trigger((workspace, user))
        payload = {
            **payloads.interaction("block_actions", team, user, trigger),
            **payloads.in_view(view, values(view, {})),
            "actions": [payloads.action(block, element, self.world.stamp(), chosen(element, choose))],
        }
        return await self._interact(payload, trigger)

    def say(self, user: str, channel: str, text: str, *, thread: str | None = None, workspace: str = TEAM) -> Message:
        """Write a message of one's own, of which the app is not told."""
        self._in(workspace, channel, user)
        body = {"text": text, "user": user, "team": workspace}
        message = Message(self.world.stamp(), channel, workspace, body, thread_ts=thread)
        self.world.workspaces[workspace].channels[channel].messages.append(message)
        return message

    def delete(self, channel: str, ts: str, *, workspace: str = TEAM) -> None:
        """Somebody who may deletes a message, of which the app is not told."""
        where = self.world.workspaces[workspace].channels[channel]
        message = where.find(ts)
        if message is None:
            raise Impossible(f"there is no message {ts} in {channel}")
        where.remove(message)

    async def _interact(self, payload: Json, trigger: str, url: Url | None = None) -> Act:
        delivery = await self.courier.bring("interactive", payload)
        if delivery.answer and payload["type"] != "view_submission":
            self.world.wrong(f"{delivery.name}: Slack does nothing with {delivery.answer}")
        return Act(delivery, url, self.stage.triggers[trigger])

    def _in(self, workspace: str, channel: str, user: str) -> tuple[Workspace, Channel]:
        team = self._person(workspace, user)
        where = team.channels.get(channel)
        if where is None or (where.kind != "public" and user not in where.members):
            raise Impossible(f"{user} sees no {channel} in {workspace}")
        return team, where

    def _seen(self, channel: Channel, message: str | Message, user: str) -> Message:
        ts = message if isinstance(message, str) else message.ts
        shelf = [*channel.messages, *(one for one in channel.ephemerals if one.to == user)]
        seen = next((one for one in shelf if one.ts == ts), None)
        if seen is None:
            raise Impossible(f"{user} sees no message {ts} in {channel.id}")
        return seen

    def _address(self, url: Url) -> str:
        return f"{self.url}/respond/{url.name}"
