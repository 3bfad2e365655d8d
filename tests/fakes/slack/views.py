"""views.*: Home tabs, modals and the triggers that open them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from tests.fakes.slack.blocks import view_violations
from tests.fakes.slack.calls import Call, Method, Refusal, malformed, pictures_load
from tests.fakes.slack.form import Typed, kept
from tests.fakes.slack.world import APP_ID, Json, World, with_ids

TRIGGER_LIFETIME: Final = 3.0
"""Seconds (https://docs.slack.dev/interactivity/handling-user-interaction)."""

DEEPEST: Final = 3
"""Views in a stack (https://docs.slack.dev/surfaces/modals)."""

LARGEST: Final = 250_000
"""Characters of a view as JSON; beyond is view_too_large."""

Place = tuple[str, str]
"""A workspace and a user."""


@dataclass(slots=True)
class Trigger:
    """What an interaction gives an app to open a modal with: good once, and for 3 seconds."""

    place: Place
    at: float
    channel: str
    in_modal: bool = False
    is_used: bool = False
    views: list[Json] = field(default_factory=list)
    """What was opened with it."""


@dataclass(slots=True)
class Modal:
    """A view on a user's screen. `channel` is where they were when it opened."""

    body: Json
    channel: str
    typed: Typed = field(default_factory=dict)


class Stage:
    """What users have before them: each one's Home tab, and modals on top of each other."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.triggers: dict[str, Trigger] = {}
        self.homes: dict[Place, Json] = {}
        self.stacks: dict[Place, list[Modal]] = {}

    def trigger(self, place: Place, channel: str = "", *, in_modal: bool = False) -> str:
        """A new trigger_id."""
        name = f"{self.world.name('')}.{place[0]}.trigger"
        self.triggers[name] = Trigger(place, self.world.now(), channel, in_modal)
        return name

    def use(self, call: Call) -> Trigger:
        """The call's trigger, for the one time that it can be used."""
        found = self.triggers.get(call.text("trigger_id"))
        if found is None or found.place[0] not in {one.id for one in call.reach()}:
            raise Refusal("invalid_trigger_id")
        if self.world.now() - found.at > TRIGGER_LIFETIME:
            raise Refusal("expired_trigger_id")
        if found.is_used:
            raise Refusal("exchanged_trigger_id")
        found.is_used = True
        return found

    def made(self, view: Any, place: Place, kind: str, *, id_of: Json | None = None) -> Json:
        """A view as Slack keeps it, in the place of `id_of` if that is given. Raises Refusal."""
        if not isinstance(view, Mapping) or view.get("type") != kind:
            raise malformed("invalid_arguments", [f"must be a view of type {kind} [json-pointer:/view]"])
        found = view_violations(view)
        if found:
            raise malformed("invalid_arguments", found)
        if len(json.dumps(view)) > LARGEST:
            raise Refusal("view_too_large")
        pictures_load(self.world, view["blocks"])
        name = id_of["id"] if id_of else self.world.name("V")
        around = {"id": name, "root_view_id": name, "previous_view_id": None}
        if id_of:
            around = {key: id_of[key] for key in around}
        filling = {"private_metadata": "", "callback_id": "", "external_id": "", "close": None, "submit": None}
        flags = {"clear_on_close": False, "notify_on_close": False}
        own = {"team_id": place[0], "app_id": APP_ID, "app_installed_team_id": place[0], "bot_id": f"B{place[0]}"}
        blocks = with_ids(self.world, view["blocks"])
        stamp = f"{self.world.stamp()}.{name}"
        return {**filling, **flags, **view, **own, **around, "blocks": blocks, "hash": stamp, "state": {"values": {}}}

    def push(self, view: Any, place: Place, channel: str) -> Json:
        """Another view on top of the stack."""
        stack = self.stacks.setdefault(place, [])
        if len(stack) >= DEEPEST:
            raise Refusal("push_limit_reached")
        body = self.made(view, place, "modal")
        if stack:
            body |= {"root_view_id": stack[0].body["id"], "previous_view_id": stack[-1].body["id"]}
        stack.append(Modal(body, channel))
        return body

    def replace(self, modal: Modal, view: Any, place: Place) -> Json:
        """Another view in the place of one; what the user typed stays in fields that stay."""
        modal.body = self.made(view, place, "modal", id_of=modal.body)
        modal.typed = kept(modal.body, modal.typed)
        return modal.body

    def find(self, call: Call) -> tuple[Place, Modal]:
        """The modal that view_id or external_id names, while it is open. Raises Refusal."""
        name, external = call.text("view_id"), call.text("external_id")
        reach = {one.id for one in call.reach()}
        for place, stack in self.stacks.items():
            for modal in stack if place[0] in reach else ():
                if modal.body["id"] == name or (external and modal.body["external_id"] == external):
                    return place, modal
        raise Refusal("not_found")


def opened(stage: Stage, call: Call) -> Json:
    """views.open."""
    trigger = stage.use(call)
    before = stage.stacks.pop(trigger.place, [])
    try:
        body = stage.push(call.data("view"), trigger.place, trigger.channel)
    except Refusal:
        stage.stacks[trigger.place] = before
        raise
    trigger.views.append(body)
    return {"view": body}


def pushed(stage: Stage, call: Call) -> Json:
    """views.push: from within a modal only."""
    trigger = stage.use(call)
    if not trigger.in_modal or not stage.stacks.get(trigger.place):
        raise Refusal("invalid_trigger_id")
    body = stage.push(call.data("view"), trigger.place, trigger.channel)
    trigger.views.append(body)
    return {"view": body}


def updated(stage: Stage, call: Call) -> Json:
    """views.update: of a view that is still open, and that is still what `hash` says, if it says anything."""
    place, modal = stage.find(call)
    if call.text("hash") and call.text("hash") != modal.body["hash"]:
        raise Refusal("hash_conflict")
    return {"view": stage.replace(modal, call.data("view"), place)}


def published(stage: Stage, call: Call) -> Json:
    """views.publish."""
    user = call.user("user_id")
    place = (user.workspace, user.id)
    before = stage.homes.get(place)
    if call.text("hash") and before and call.text("hash") != before["hash"]:
        raise Refusal("hash_conflict")
    stage.homes[place] = stage.made(call.data("view"), place, "home", id_of=before)
    return {"view": stage.homes[place]}


def methods(stage: Stage) -> dict[str, Method]:
    """Those of this module."""
    return {
        "views.open": Method(partial(opened, stage), (), ("trigger_id", "view")),
        "views.push": Method(partial(pushed, stage), (), ("trigger_id", "view")),
        "views.update": Method(partial(updated, stage), (), ("view",), ("view_id", "external_id", "hash")),
        "views.publish": Method(partial(published, stage), (), ("user_id", "view"), ("hash",)),
    }
