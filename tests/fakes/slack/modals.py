"""What users do in modals: fill in, press, choose, submit and close."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.fakes.slack import payloads
from tests.fakes.slack.act import Act
from tests.fakes.slack.acts import Acts, Pick, chosen, found
from tests.fakes.slack.calls import Refusal
from tests.fakes.slack.form import Impossible, field, filled, unfilled, values
from tests.fakes.slack.parts import TEAM
from tests.fakes.slack.views import Modal, Place
from tests.fakes.slack.world import Json


class Modals(Acts):
    """Acts on the view on top of somebody's screen."""

    def click_modal(self, user: str, pick: Pick, choose: Any = None, *, workspace: str = TEAM) -> Act:
        """Press a button in a modal, or `choose` in a menu that is not an input's."""
        return self.server.do(self._click_modal(user, pick, choose, workspace))

    async def _click_modal(self, user: str, pick: Pick, choose: Any, workspace: str) -> Act:
        modal = self._top(workspace, user)
        block, element = found(modal.body["blocks"], pick)
        holds = chosen(element, choose)
        if holds and element["type"] != "overflow":
            modal.typed[block["block_id"], element["action_id"]] = holds
        return await self._act(modal, (workspace, user), block, element, holds)

    def fill(self, user: str, name: str, value: Any, *, workspace: str = TEAM) -> None:
        """Fill in a field, by its block_id or action_id, with text, an option's value or an id; the app is not told."""
        modal = self._top(workspace, user)
        block, element = field(modal.body, name)
        modal.typed[block["block_id"], element["action_id"]] = filled(element, value)

    def type_in_modal(self, user: str, name: str, value: Any, *, workspace: str = TEAM) -> Act:
        """Fill in a field and press Enter, or choose in it. Raises Impossible if the field does not tell the app."""
        return self.server.do(self._type(user, name, value, workspace))

    async def _type(self, user: str, name: str, value: Any, workspace: str) -> Act:
        self.fill(user, name, value, workspace=workspace)
        modal = self._top(workspace, user)
        block, element = field(modal.body, name)
        if block["type"] == "input" and not block.get("dispatch_action"):
            raise Impossible(f"{name} has no dispatch_action: the app is not told")
        return await self._act(modal, (workspace, user), block, element, filled(element, value))

    async def _act(self, modal: Modal, place: Place, block: Json, element: Json, holds: Mapping[str, Any]) -> Act:
        trigger = self.stage.trigger(place, modal.channel, in_modal=True)
        payload = {
            **payloads.interaction("block_actions", self.workspace(place[0]), place[1], trigger),
            **payloads.in_view(modal.body, values(modal.body, modal.typed, modal.channel)),
            "actions": [payloads.action(block, element, self.world.stamp(), holds)],
        }
        return await self._interact(payload, trigger)

    def submit(self, user: str, filling: Mapping[str, Any] | None = None, *, workspace: str = TEAM) -> Act:
        """Fill in fields, by block_id or action_id, and submit. Raises Impossible where the client would not let it."""
        return self.server.do(self._submit(user, filling or {}, workspace))

    async def _submit(self, user: str, filling: Mapping[str, Any], workspace: str) -> Act:
        modal = self._top(workspace, user)
        if not modal.body["submit"] or modal.body.get("submit_disabled"):
            raise Impossible("the modal cannot be submitted")
        for name, value in filling.items():
            self.fill(user, name, value, workspace=workspace)
        state = values(modal.body, modal.typed, modal.channel)
        if empty := list(unfilled(modal.body, state)):
            raise Impossible(f"these fields must be filled in: {', '.join(empty)}")
        trigger = self.stage.trigger((workspace, user), modal.channel, in_modal=True)
        payload = {
            **payloads.interaction("view_submission", self.workspace(workspace), user, trigger),
            "view": payloads.in_view(modal.body, state)["view"],
            "response_urls": [],
        }
        act = await self._interact(payload, trigger)
        if act.acknowledged is not None:
            try:
                self._obey(act, modal, (workspace, user))
            except Refusal as refusal:
                self.world.wrong(f"view_submission: {refusal.error} {refusal.extra.get('errors', '')}".strip())
        return act

    def _obey(self, act: Act, modal: Modal, place: Place) -> None:
        """What a submission's acknowledgement asks for. Raises Refusal."""
        answer = act.answer or {}
        stack = self.stage.stacks[place]
        match answer.get("response_action") if isinstance(answer, dict) else answer:
            case None:
                if modal in stack:
                    stack.remove(modal)
            case "clear":
                stack.clear()
            case "update":
                act.views.append(self.stage.replace(modal, answer.get("view"), place))
            case "push":
                act.views.append(self.stage.push(answer.get("view"), place, modal.channel))
            case "errors":
                inputs = {block["block_id"] for block in modal.body["blocks"] if block["type"] == "input"}
                act.errors = dict(answer.get("errors", {}))
                if not act.errors or act.errors.keys() - inputs:
                    raise Refusal("errors", errors=[f"{sorted(act.errors)} are not all among {sorted(inputs)}"])
            case other:
                raise Refusal("response_action", errors=[f"there is no {other}"])

    def close(self, user: str, *, workspace: str = TEAM, everything: bool = False) -> Act | None:
        """Close the top view (`everything`: all of them); None if the app did not ask to be told."""
        return self.server.do(self._close_modal(user, workspace, everything=everything))

    async def _close_modal(self, user: str, workspace: str, *, everything: bool) -> Act | None:
        modal = self._top(workspace, user)
        stack = self.stage.stacks[workspace, user]
        stack.pop()
        if everything or modal.body["clear_on_close"]:
            stack.clear()
        if not modal.body["notify_on_close"]:
            return None
        trigger = self.stage.trigger((workspace, user))
        payload = payloads.interaction("view_closed", self.workspace(workspace), user, trigger)
        del payload["trigger_id"]
        view = payloads.in_view(modal.body, values(modal.body, modal.typed, modal.channel))["view"]
        return await self._interact({**payload, "view": view, "is_cleared": everything}, trigger)

    def _top(self, workspace: str, user: str) -> Modal:
        stack = self.stage.stacks.get((workspace, user))
        if not stack:
            raise Impossible(f"{user} has no modal open")
        return stack[-1]
