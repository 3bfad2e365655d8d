"""What people do with the app: slash commands, autocomplete, buttons, menus, forms, the context menu of a message.

Each act returns when the app has answered it, and, where it deferred, when what was deferred has come; or when it did
not answer within three seconds, which is a violation. What Discord would not let somebody do raises `Impossible`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tests.fakes.discord import shown
from tests.fakes.discord.act import Act, Impossible
from tests.fakes.discord.answers import AUTOCOMPLETE, COMMAND, COMPONENT, FIRST_SECONDS, SUBMIT
from tests.fakes.discord.forms import chosen, filled
from tests.fakes.discord.options import leaf, nested, resolved, typed
from tests.fakes.discord.permissions import USE_APPLICATION_COMMANDS, VIEW_CHANNEL, in_channel, of_guild
from tests.fakes.discord.shapes import BUTTON, LINK, SELECTS
from tests.fakes.discord.world import DM, Channel, Interaction, Json, Message, User, World

GRACE: Final = 0.5
"""Seconds that are waited beyond the three, so that a late answer is met by its refusal."""


class People:
    """Acts over a world. `patience`: seconds that an act waits for what was deferred."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.patience = 10.0

    def slash(
        self, user: User, channel: Channel, path: str, options: Mapping[str, Any] | None = None, /, **more: Any
    ) -> Act:
        """A slash command, as "papers follow"; options as Python values, a channel or a user as what it is."""
        given = {**(options or {}), **more}
        with self.world.lock:
            command = self._command(user, channel, path.partition(" ")[0], 1)
            kept = typed(leaf(command, path), given)
            data = {**_head(command), "options": nested(path, kept)}
            if extra := resolved(self.world, user, given.values()):
                data["resolved"] = extra
            sent = self._send(COMMAND, user, channel, data)
        return self._awaited(sent)

    def complete(self, user: User, channel: Channel, path: str, option: str, text: str, /, **others: Any) -> list[Json]:
        """What autocomplete offers when this much is typed."""
        return self._completed(user, channel, path, option, text, **others).choices

    def keystrokes(
        self, user: User, channel: Channel, path: str, option: str, text: str, /, **others: Any
    ) -> list[list[Json]]:
        """What autocomplete offers, from the empty field on, as it is typed."""
        every = (text[:count] for count in range(len(text) + 1))
        return [self._completed(user, channel, path, option, one, **others).choices for one in every]

    def _completed(self, user: User, channel: Channel, path: str, option: str, text: str, /, **others: Any) -> Act:
        with self.world.lock:
            command = self._command(user, channel, path.partition(" ")[0], 1)
            known = leaf(command, path)
            own = next((one for one in known if one["name"] == option), None)
            if own is None or not own.get("autocomplete"):
                raise Impossible(f"{path} completes no {option}")
            kept = typed([one for one in known if one["name"] in others], others)
            kept.append({"name": option, "type": own["type"], "value": text, "focused": True})
            data = {**_head(command), "options": nested(path, kept)}
            sent = self._send(AUTOCOMPLETE, user, channel, data)
        return self._awaited(sent)

    def menu(self, user: User, name: str, message: Message) -> Act:
        """A command of a message's context menu."""
        with self.world.lock:
            channel = self._seen(user, message)
            command = self._command(user, channel, name, 3)
            resolved_message = {message.id: shown.message(self.world, message)}
            data = {**_head(command), "target_id": message.id, "resolved": {"messages": resolved_message}}
            sent = self._send(COMMAND, user, channel, data)
        return self._awaited(sent)

    def click(self, user: User, message: Message, button: str) -> Act:
        """A button, by its custom_id, by that up to a colon, or by its label."""
        with self.world.lock:
            channel = self._seen(user, message)
            found = [one for one in message.parts if one["type"] == BUTTON and one["style"] != LINK]
            one = _named(found, button)
            data = {"component_type": BUTTON, "custom_id": one["custom_id"], "id": one["id"]}
            sent = self._send(COMPONENT, user, channel, data, message)
        return self._awaited(sent)

    def select(self, user: User, message: Message, menu: str, values: Sequence[Any]) -> Act:
        """Some of a menu's options, by their values or labels; or channels, users …, by themselves."""
        with self.world.lock:
            channel = self._seen(user, message)
            one = _named([part for part in message.parts if part["type"] in SELECTS], menu)
            data = {"component_type": one["type"], "custom_id": one["custom_id"], "id": one["id"]}
            data["values"] = chosen(one, values)
            if extra := resolved(self.world, user, values):
                data["resolved"] = extra
            sent = self._send(COMPONENT, user, channel, data, message)
        return self._awaited(sent)

    def submit(self, user: User, act: Act, fields: Mapping[str, Any] | None = None, /, **more: Any) -> Act:
        """The form that an act opened, with these fields filled in, by custom_id; others are left as they were."""
        with self.world.lock:
            form = act.modal
            data = {"custom_id": form["custom_id"], "components": filled(form, {**(fields or {}), **more})}
            source = self.world.messages.get(act.interaction.source)
            channel = self.world.channels[act.interaction.channel]
            sent = self._send(SUBMIT, user, channel, data, source)
        return self._awaited(sent)

    def _command(self, user: User, channel: Channel, name: str, kind: int) -> Json:
        """A command that somebody sees in a channel: the guild's own before the app's."""
        listed = [*self.world.commands.get(channel.guild, []), *self.world.commands.get("", [])]
        command = next((one for one in listed if one["name"] == name and one["type"] == kind), None)
        if channel.guild and not self.world.guilds[channel.guild].has_bot:
            raise Impossible(f"the app is not in {self.world.guilds[channel.guild].name}")
        if command is None:
            raise Impossible(f"there is no command {name}: {[one['name'] for one in listed]}")
        if not in_channel(self.world, channel, user.id) & USE_APPLICATION_COMMANDS:
            raise Impossible(f"{user.name} cannot use commands in {channel.name}")
        contexts = command.get("contexts")
        place = 1 if channel.kind == DM else 0
        if contexts is not None and place not in contexts:
            raise Impossible(f"{name} is not offered in context {place}")
        wanted = int(command.get("default_member_permissions") or 0)
        if channel.guild and wanted & ~of_guild(self.world.guilds[channel.guild], user.id):
            raise Impossible(f"{name} is not offered to {user.name}")
        return command

    def _seen(self, user: User, message: Message) -> Channel:
        """The channel of a message that somebody sees."""
        if message.id not in self.world.messages:
            raise Impossible("the message is gone")
        channel = self.world.channels[message.channel]
        if message.is_ephemeral and message.to != user.id:
            raise Impossible(f"only {message.to} sees that message")
        if not in_channel(self.world, channel, user.id) & VIEW_CHANNEL:
            raise Impossible(f"{user.name} does not see {channel.name}")
        return channel

    def _send(self, kind: int, user: User, channel: Channel, data: Json, source: Message | None = None) -> Interaction:
        """Bring an interaction to the app."""
        world = self.world
        name = world.snowflake()
        sent = Interaction(name, f"interaction-{name}", kind, channel.id, user.id, world.now())
        sent.source = source.id if source else ""
        sent.sent = {"id": name, "token": sent.token, "type": kind, "data": data, "version": 1}
        sent.sent |= self._about(user, channel)
        if source:
            sent.sent["message"] = shown.message(world, source)
        world.interactions[name] = sent
        world.tell("INTERACTION_CREATE", sent.sent, channel.guild)
        return sent

    def _about(self, user: User, channel: Channel) -> Json:
        """Where an interaction happens, and who makes it."""
        world = self.world
        about: Json = {
            "application_id": world.app_id,
            "channel": shown.channel_for(world, channel, user.id),
            "channel_id": channel.id,
            "locale": user.locale,
            "app_permissions": str(in_channel(world, channel, world.bot.id)),
            "entitlements": [],
            "attachment_size_limit": 10 << 20,
            "authorizing_integration_owners": {"0": channel.guild or "0"},
            "context": 0 if channel.guild else 1,
        }
        if not channel.guild:
            return {**about, "user": shown.user(user)}
        guild = world.guilds[channel.guild]
        about["guild"] = {"id": guild.id, "locale": guild.locale, "features": []}
        about |= {"guild_id": guild.id, "guild_locale": guild.locale}
        return {**about, "member": shown.member(world, guild, user.id, in_channel(world, channel, user.id))}

    def _awaited(self, sent: Interaction) -> Act:
        """An act, when the app has answered it."""
        world = self.world
        with world.lock:
            if not world.changed.wait_for(lambda: sent.first is not None, FIRST_SECONDS + GRACE):
                world.wrong(f"interaction {sent.id} was not answered: {sent.sent['data']}")
            world.changed.wait_for(lambda: not sent.is_loading, self.patience)
        return Act(sent, world)


def _head(command: Json) -> Json:
    own = {"guild_id": command["guild_id"]} if "guild_id" in command else {}
    return {"id": command["id"], "name": command["name"], "type": command["type"], **own}


def _named(components: list[Json], name: str) -> Json:
    """The one that a person means. Raises `Impossible` if there is none, more than one, or it cannot be used."""
    exact = [one for one in components if name in {one["custom_id"], one.get("label"), one.get("placeholder")}]
    found = exact or [one for one in components if one["custom_id"].partition(":")[0] == name]
    if len(found) != 1:
        raise Impossible(f"{len(found)} of {[one['custom_id'] for one in components]} are {name}")
    if found[0].get("disabled"):
        raise Impossible(f"{name} is disabled")
    return found[0]
