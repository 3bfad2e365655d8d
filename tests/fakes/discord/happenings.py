"""What happens in Discord without the app: guilds and channels that come, change and go, and people who talk.

Each is told to the app over the gateway, as far as it listens.
"""

from __future__ import annotations

from collections.abc import Iterable

from tests.fakes.discord import chat, shown, threads
from tests.fakes.discord.people import People
from tests.fakes.discord.permissions import EVERYONE
from tests.fakes.discord.world import TEXT, THREAD, Channel, Guild, Json, Message, Overwrite, Role, User


class Happenings(People):
    """The world's own life."""

    def guild(
        self, name: str = "Lab", *, locale: str = "en-GB", everyone: int = EVERYONE, id_: str | None = None
    ) -> Guild:
        """A guild that the bot is in, owned by somebody who takes no part. `id_` decides its shard."""
        world = self.world
        with world.lock:
            owner = world.add_user("owner")
            guild = Guild(id_ or world.snowflake(), name, owner.id, locale)
            guild.roles[guild.id] = Role(guild.id, "@everyone", everyone, 0)
            guild.members = {owner.id: set(), world.bot.id: set()}
            world.guilds[guild.id] = guild
            world.tell("GUILD_CREATE", shown.guild(world, guild), guild.id)
            return guild

    def user(self, name: str, *guilds: Guild, permissions: int = 0, locale: str = "en-GB") -> User:
        """Somebody, a member of these guilds; with `permissions` besides @everyone's in each."""
        world = self.world
        with world.lock:
            user = world.add_user(name, locale=locale)
            for guild in guilds:
                guild.members[user.id] = {self._role(guild, name, permissions).id} if permissions else set()
            return user

    def role(self, guild: Guild, name: str, permissions: int, *members: User) -> Role:
        """A role, and who has it. The bot is `bot`."""
        with self.world.lock:
            role = self._role(guild, name, permissions)
            for user in members:
                guild.members[user.id].add(role.id)
            return role

    def _role(self, guild: Guild, name: str, permissions: int) -> Role:
        role = Role(self.world.snowflake(), name, permissions, len(guild.roles))
        guild.roles[role.id] = role
        self.world.tell("GUILD_ROLE_CREATE", {"guild_id": guild.id, "role": shown.role(role)}, guild.id)
        return role

    @property
    def bot(self) -> User:
        """The app's own user."""
        return self.world.bot

    def channel(
        self, guild: Guild, name: str = "papers", kind: int = TEXT, *, overwrites: Iterable[Overwrite] = ()
    ) -> Channel:
        """A channel: 0 text, 5 announcements, 15 a forum."""
        world = self.world
        with world.lock:
            channel = Channel(world.snowflake(), kind, name, guild.id)
            channel.overwrites = {one.id: one for one in overwrites}
            world.add_channel(channel)
            world.tell("CHANNEL_CREATE", shown.channel(world, channel), guild.id)
            return channel

    def thread(self, parent: Channel, name: str = "thread", *, owner: User | None = None) -> Channel:
        """A thread that somebody opened, or the bot."""
        world = self.world
        with world.lock:
            thread = Channel(world.snowflake(), THREAD, name, parent.guild, parent.id, (owner or world.bot).id)
            world.add_channel(thread)
            world.tell("THREAD_CREATE", shown.channel(world, thread), parent.guild)
            return thread

    def direct(self, user: User) -> Channel:
        """The direct messages between the bot and somebody."""
        with self.world.lock:
            return self.world.direct(user)

    def say(self, user: User, channel: Channel, content: str) -> Message:
        """Somebody writes a message."""
        with self.world.lock:
            message = Message(self.world.snowflake(), channel.id, user.id, self.world.now(), content)
            self.world.put(message)
            chat.announced(self.world, message)
            return message

    def update_channel(
        self, channel: Channel, *, name: str | None = None, overwrites: Iterable[Overwrite] | None = None
    ) -> None:
        """It is renamed, or who may do what in it changes."""
        with self.world.lock:
            channel.name = name or channel.name
            if overwrites is not None:
                channel.overwrites = {one.id: one for one in overwrites}
            self.world.tell("CHANNEL_UPDATE", shown.channel(self.world, channel), channel.guild)

    def update_role(self, guild: Guild, role: Role, permissions: int) -> None:
        """It may do more, or less. `guild.roles[guild.id]` is @everyone's."""
        with self.world.lock:
            role.permissions = permissions
            self.world.tell("GUILD_ROLE_UPDATE", {"guild_id": guild.id, "role": shown.role(role)}, guild.id)

    def update_thread(
        self, thread: Channel, *, name: str | None = None, archived: bool | None = None, locked: bool | None = None
    ) -> None:
        """It is renamed, archived or locked, or that is taken back."""
        body: Json = {"name": name, "archived": archived, "locked": locked}
        with self.world.lock:
            threads.changed(self.world, thread, {key: one for key, one in body.items() if one is not None})

    def delete_channel(self, channel: Channel) -> None:
        """No more of a channel or a thread."""
        with self.world.lock:
            said = shown.channel(self.world, channel)
            self.world.drop_channel(channel)
            if channel.is_thread:
                said = {key: said[key] for key in ("id", "guild_id", "parent_id", "type")}
            self.world.tell("THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE", said, channel.guild)

    def delete_message(self, message: Message) -> None:
        """A moderator deletes it."""
        with self.world.lock:
            chat.dropped(self.world, message)

    def remove_guild(self, guild: Guild, *, unavailable: bool = False) -> None:
        """The bot is removed from it; or it is unavailable, as in an outage."""
        with self.world.lock:
            said: Json = {"id": guild.id}
            if unavailable:
                guild.is_available = False
                said["unavailable"] = True
            else:
                guild.has_bot = False
                guild.members.pop(self.world.bot.id, None)
                self.world.commands.pop(guild.id, None)
            self.world.tell("GUILD_DELETE", said, guild.id)

    def return_guild(self, guild: Guild) -> None:
        """It is available again, or the bot is added again."""
        with self.world.lock:
            is_new = not guild.has_bot
            guild.is_available = guild.has_bot = True
            guild.members.setdefault(self.world.bot.id, set())
            said = shown.guild(self.world, guild)
            if is_new:  # one that the bot is added to comes without the key
                del said["unavailable"]
            self.world.tell("GUILD_CREATE", said, guild.id)


def deny(bits: int, whom: Guild | Role | User) -> Overwrite:
    """An overwrite that denies everybody (the guild), a role or somebody these permissions."""
    return Overwrite(whom.id, 1 if isinstance(whom, User) else 0, deny=bits)


def allow(bits: int, whom: Guild | Role | User) -> Overwrite:
    """An overwrite that allows them."""
    return Overwrite(whom.id, 1 if isinstance(whom, User) else 0, allow=bits)
