"""What the app answers to an interaction: the first answer, and what its token is good for afterwards.

See https://discord.com/developers/docs/interactions/receiving-and-responding.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.fakes.discord import chat, shown
from tests.fakes.discord.calls import Call, Refusal, Route
from tests.fakes.discord.payloads import EPHEMERAL, IS_COMPONENTS_V2
from tests.fakes.discord.rules import Problem, anything, choice, form, integer, record
from tests.fakes.discord.world import Interaction, Json, Message, World

COMMAND: Final = 2
COMPONENT: Final = 3
AUTOCOMPLETE: Final = 4
SUBMIT: Final = 5
"""Kinds of interactions."""

REPLY: Final = 4
DEFER: Final = 5
DEFER_UPDATE: Final = 6
UPDATE: Final = 7
CHOICES: Final = 8
MODAL: Final = 9
"""Types of first answers."""

FIRST_SECONDS: Final = 3.0
TOKEN_SECONDS: Final = 900.0

LOADING: Final = 1 << 7
"""The flag of a message that is yet to come."""

_CALLBACK: Final = record({"type": choice(REPLY, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL)}, {"data": anything})
_DEFERRAL: Final = record({}, {"flags": integer(0, EPHEMERAL)})


def _fitting(interaction: Interaction) -> set[int]:
    """The first answers that an interaction can have."""
    if interaction.kind == AUTOCOMPLETE:
        return {CHOICES}
    fitting = {REPLY, DEFER} | ({MODAL} if interaction.kind != SUBMIT else set())
    return fitting | ({DEFER_UPDATE, UPDATE} if interaction.source else set())


def create_interaction_response(call: Call) -> Json | None:
    """The first answer: once, and within three seconds."""
    world = call.world
    interaction = world.interactions.get(call.path["interaction"])
    if interaction is None or interaction.token != call.path["token"]:
        raise Refusal(10062)
    if interaction.first is not None:
        raise Refusal(40060)
    if world.now() > interaction.at + FIRST_SECONDS:
        raise Refusal(10062, wrong=f"{world.now() - interaction.at:.1f} s after interaction {interaction.id}")
    body = call.ruled(_CALLBACK)
    if body["type"] not in _fitting(interaction):
        said = Problem(("type",), "INTERACTION_RESPONSE_TYPE", f"Not after an interaction of type {interaction.kind}")
        raise Refusal(50035, form([said]))
    _FIRST[body["type"]](call, interaction, body.get("data") or {})
    interaction.first, interaction.after = body["type"], world.now() - interaction.at
    return _resource(world, interaction) if call.query.get("with_response") in {"1", "true"} else None


def _resource(world: World, interaction: Interaction) -> Json:
    """What with_response asks for."""
    said: Json = {"id": interaction.id, "type": interaction.kind}
    message = world.messages.get(interaction.original)
    if message is None:
        return {"interaction": said}
    said |= {"response_message_id": message.id, "response_message_loading": interaction.is_loading}
    said |= {"response_message_ephemeral": message.is_ephemeral}
    shows = {} if interaction.first == DEFER_UPDATE else {"message": shown.message(world, message)}
    return {"interaction": said, "resource": {"type": interaction.first, **shows}}


def _reply(call: Call, interaction: Interaction, data: Json) -> None:
    body = call.taken("reply", data)
    _not_empty(body)
    interaction.original = _said(call, interaction, body).id


def _defer(call: Call, interaction: Interaction, data: Json) -> None:
    problems = list(_DEFERRAL(data, ("data",)))
    if problems:
        raise Refusal(50035, form(problems))
    interaction.original = _said(call, interaction, {"flags": (data.get("flags") or 0) | LOADING}).id
    interaction.is_loading = True


def _defer_update(_call: Call, interaction: Interaction, _data: Json) -> None:
    interaction.original = interaction.source


def _update(call: Call, interaction: Interaction, data: Json) -> None:
    message = call.world.messages.get(interaction.source)
    if message is None:
        raise Refusal(10008)
    body = call.taken("edit", data, is_v2=bool(message.flags & IS_COMPONENTS_V2))
    interaction.original = interaction.source
    chat.changed(call.world, chat.filled(message, body, call.world.now()))


def _choices(call: Call, interaction: Interaction, data: Json) -> None:
    interaction.choices = call.taken("autocomplete", data)["choices"]


def _modal(call: Call, interaction: Interaction, data: Json) -> None:
    kept = call.taken("modal", data)
    interaction.modal = {**kept, "components": shown.with_ids(kept["components"])}


_FIRST: Final = {
    REPLY: _reply,
    DEFER: _defer,
    DEFER_UPDATE: _defer_update,
    UPDATE: _update,
    CHOICES: _choices,
    MODAL: _modal,
}


def _not_empty(body: Mapping[str, Any]) -> None:
    if not any(body.get(key) for key in ("content", "embeds", "components", "attachments", "poll")):
        raise Refusal(50006)


def _said(call: Call, interaction: Interaction, body: Json) -> Message:
    """A message in answer, which needs no permission in the channel."""
    world = call.world
    if interaction.channel not in world.channels:
        raise Refusal(10003)
    message = chat.made(world, interaction.channel, body, call.files)
    message.interaction = interaction.id
    message.to = interaction.user if message.is_ephemeral else ""
    if interaction.kind == COMMAND:
        message.kind = 23 if interaction.sent["data"]["type"] == 3 else 20
    return world.put(message)


def _of_token(call: Call) -> Interaction:
    """Whose token is in the path, if it has been answered and 15 minutes are not over."""
    every = call.world.interactions.values()
    interaction = next((one for one in every if one.token == call.path["token"]), None)
    if interaction is None or call.path["app"] != call.world.app_id or interaction.first is None:
        raise Refusal(10015)
    if call.world.now() > interaction.at + TOKEN_SECONDS:
        raise Refusal(50027)
    return interaction


def execute_webhook(call: Call) -> Json:
    """A message that follows; the first after a deferral is what was deferred, and as private as was said then."""
    interaction = _of_token(call)
    body = call.taken("reply", call.body)
    _not_empty(body)
    if interaction.is_loading:
        return _arrived(call, interaction, {**body, "flags": (body.get("flags") or 0) & ~EPHEMERAL})
    message = _said(call, interaction, body)
    interaction.followups.append(message.id)
    return shown.message(call.world, message)


def _arrived(call: Call, interaction: Interaction, body: Json) -> Json:
    """What was deferred."""
    message = call.world.messages[interaction.original]
    message.flags &= ~LOADING
    interaction.is_loading = False
    return chat.changed(call.world, chat.filled(message, body, call.world.now()))


def _meant(call: Call, interaction: Interaction) -> Message:
    """The message of the path: @original, or one of this interaction's."""
    name = call.path.get("message", interaction.original)
    message = call.world.messages.get(name)
    if message is None or name not in {interaction.original, *interaction.followups}:
        raise Refusal(10008)
    return message


def get_answer(call: Call) -> Json:
    """One of an interaction's messages."""
    return shown.message(call.world, _meant(call, _of_token(call)))


def update_answer(call: Call) -> Json:
    """Change one of an interaction's messages. Whether it is ephemeral stays as it was."""
    interaction = _of_token(call)
    message = _meant(call, interaction)
    body = call.taken("edit", call.body, is_v2=bool(message.flags & IS_COMPONENTS_V2))
    if interaction.is_loading and message.id == interaction.original:
        _not_empty(body)
        return _arrived(call, interaction, body)
    return chat.changed(call.world, chat.filled(message, body, call.world.now()))


def delete_answer(call: Call) -> None:
    """No more of one of an interaction's messages."""
    interaction = _of_token(call)
    chat.dropped(call.world, _meant(call, interaction))
    interaction.is_loading = False


_HOOK: Final = "/webhooks/{app}/{token}"
_ORIGINAL: Final = f"{_HOOK}/messages/@original"
_ONE: Final = f"{_HOOK}/messages/{{message}}"
_LIMIT: Final = (5, 2.0)


def _route(name: str, method: str, path: str, answer: Any) -> Route:
    return Route(name, method, path, answer, _LIMIT, needs_token=False)


ROUTES: Final = (
    _route(
        "create_interaction_response",
        "POST",
        "/interactions/{interaction}/{token}/callback",
        create_interaction_response,
    ),
    _route("execute_webhook", "POST", _HOOK, execute_webhook),
    _route("get_original_webhook_message", "GET", _ORIGINAL, get_answer),
    _route("update_original_webhook_message", "PATCH", _ORIGINAL, update_answer),
    _route("delete_original_webhook_message", "DELETE", _ORIGINAL, delete_answer),
    _route("get_webhook_message", "GET", _ONE, get_answer),
    _route("update_webhook_message", "PATCH", _ONE, update_answer),
    _route("delete_webhook_message", "DELETE", _ONE, delete_answer),
)
