"""What there is in Discord: guilds, people, channels, messages, commands. Plain records and finding among them.

Nothing here knows of HTTP, of the gateway or of what an app may do; `now` comes from `World.now`, which tests can move.
Ids are snowflakes as strings (https://discord.com/developers/docs/reference#snowflakes).
"""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from tests.fakes.discord.payloads import EPHEMERAL, walk

Json = dict[str, Any]

TOKEN: Final = "MTA.loopback.bot-token"  # noqa: S105 - of a Discord that is not there
EPOCH: Final = 1_420_070_400.0
"""The first second of 2015, which snowflakes are counted from."""

TEXT: Final = 0
DM: Final = 1
ANNOUNCEMENT: Final = 5
ANNOUNCEMENT_THREAD: Final = 10
THREAD: Final = 11
FORUM: Final = 15
THREADS: Final = frozenset({ANNOUNCEMENT_THREAD, THREAD, 12})


@dataclass(slots=True, eq=False)
class User:
    """Somebody. `takes_dms`: whether their settings let the bot write to them."""

    id: str
    name: str
    locale: str = "en-GB"
    is_bot: bool = False
    takes_dms: bool = True


@dataclass(slots=True, eq=False)
class Role:
    """A guild's role; the one with the guild's own id is @everyone's. `permissions` are bits."""

    id: str
    name: str
    permissions: int
    position: int = 1


@dataclass(slots=True)
class Overwrite:
    """What a channel allows and denies a role (`kind` 0) or a member (1), in bits."""

    id: str
    kind: int
    allow: int = 0
    deny: int = 0


@dataclass(slots=True, eq=False)
class Message:
    """One message. `components` have the ids that Discord gives them."""

    id: str
    channel: str
    author: str
    at: float
    content: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    allowed_mentions: Json | None = None
    """As it was asked for; None if it was not: Discord then parses every mention."""
    flags: int = 0
    nonce: str = ""
    reference: Json | None = None
    edited: float = 0.0
    thread: str = ""
    interaction: str = ""
    to: str = ""
    """Who alone sees it, if it is ephemeral."""
    kind: int = 0

    @property
    def is_ephemeral(self) -> bool:
        """Whether one person alone sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def parts(self) -> list[Json]:
        """Every component, those within others too, in the order of the page."""
        return [one for _, one in walk(self.components, ())]

    @property
    def text(self) -> str:
        """All that it says: its content, or its text displays, a line each."""
        said = [self.content, *(str(one["content"]) for one in self.parts if "content" in one)]
        return "\n".join(one for one in said if one)

    @property
    def custom_ids(self) -> list[str]:
        """Of its buttons and menus."""
        return [str(one["custom_id"]) for one in self.parts if "custom_id" in one]


@dataclass(slots=True)
class Interaction:
    """Something that a user did with the app, and what the app made of it.

    Attributes:
        kind: 2 a command, 3 a component, 4 autocomplete, 5 a modal.
        at: when it was sent, in seconds since 1970 by this Discord's clock.
        sent: as it was sent.
        source: the id of the message whose component it came from, or "".
        first: the type of the first answer, None without one; `after`: seconds that it took.
        original: the id of the message that is the first answer, or that it changes, or "".
        is_loading: whether "is thinking …" is still shown.
        followups: ids of messages that came after.
        modal, choices: what was answered, if it was that.
    """

    id: str
    token: str
    kind: int
    channel: str
    user: str
    at: float
    source: str = ""
    sent: Json = field(default_factory=dict)
    first: int | None = None
    after: float | None = None
    original: str = ""
    is_loading: bool = False
    followups: list[str] = field(default_factory=list)
    modal: Json | None = None
    choices: list[Json] | None = None


@dataclass(slots=True, eq=False)
class Channel:
    """A channel, a thread, or the direct messages between the bot and `recipient`."""

    id: str
    kind: int
    name: str = ""
    guild: str = ""
    parent: str = ""
    owner: str = ""
    recipient: str = ""
    overwrites: dict[str, Overwrite] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    is_archived: bool = False
    is_locked: bool = False
    archive_after: int = 4320
    """Minutes."""
    tags: list[str] = field(default_factory=list)

    @property
    def is_thread(self) -> bool:
        """Whether it is a thread, or a forum's post."""
        return self.kind in THREADS


@dataclass(slots=True, eq=False)
class Guild:
    """A server. `has_bot`: whether the app is in it; `is_available`: False during an outage."""

    id: str
    name: str
    owner: str
    locale: str = "en-GB"
    roles: dict[str, Role] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)
    """The ids of the roles of each, besides @everyone."""
    channels: dict[str, Channel] = field(default_factory=dict)
    has_bot: bool = True
    is_available: bool = True


class World:
    """Everything there is. `lock` is held by whoever reads more than one thing, or writes."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        """Notified whenever the app has done something."""
        self.users: dict[str, User] = {}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, Message] = {}
        self.nonces: dict[str, Message] = {}
        """The bot's last message with each."""
        self.commands: dict[str, list[Json]] = defaultdict(list)
        """Of the app, by guild; "" has the global ones."""
        self.interactions: dict[str, Interaction] = {}
        self.token = TOKEN
        self.violations: list[str] = []
        self.counts: Counter[str] = Counter()
        self.ahead = 0.0
        self.listeners: list[Callable[[Message], None]] = []
        self.tell: Callable[[str, Json, str], None] = lambda _event, _data, _guild: None
        """Tells the app of an event: its name, its data, the guild's id or "". The gateway puts itself here."""
        self._last = 0
        self.bot = self.add_user("Paperboy", is_bot=True)
        self.app_id = self.bot.id
        """The app's id is its bot's, as it is for all but the oldest apps."""

    def now(self) -> float:
        """Seconds since 1970, by this Discord's clock."""
        return time.time() + self.ahead

    def snowflake(self) -> str:
        """A new id: later than every other."""
        self._last = max(self._last + 1, int((self.now() - EPOCH) * 1000) << 22)
        return str(self._last)

    def wrong(self, sentence: str) -> None:
        """Note what only a mistake of the app's makers can cause."""
        self.violations.append(sentence)

    def add_user(self, name: str, *, is_bot: bool = False, locale: str = "en-GB") -> User:
        """Somebody new."""
        user = User(self.snowflake(), name, locale, is_bot)
        self.users[user.id] = user
        return user

    def add_channel(self, channel: Channel) -> Channel:
        """A channel into its guild, if it has one, and into the world."""
        if channel.guild:
            self.guilds[channel.guild].channels[channel.id] = channel
        self.channels[channel.id] = channel
        return channel

    def drop_channel(self, channel: Channel) -> None:
        """No more of it, of its threads, or of what was said there."""
        for thread in list(self.threads(channel)):
            self.drop_channel(thread)
        for message in channel.messages:
            self.messages.pop(message.id, None)
        self.channels.pop(channel.id, None)
        if channel.guild:
            self.guilds[channel.guild].channels.pop(channel.id, None)

    def threads(self, channel: Channel) -> Iterator[Channel]:
        """A channel's threads, oldest first."""
        yield from (one for one in self.channels.values() if one.is_thread and one.parent == channel.id)

    def direct(self, user: User) -> Channel:
        """The direct messages between the bot and somebody, opened if they were not."""
        for channel in self.channels.values():
            if channel.kind == DM and channel.recipient == user.id:
                return channel
        return self.add_channel(Channel(self.snowflake(), DM, recipient=user.id))

    def shares_guild(self, user: User) -> bool:
        """Whether the bot and somebody are in one guild."""
        return any(user.id in guild.members for guild in self.guilds.values() if guild.has_bot)

    def put(self, message: Message) -> Message:
        """A message into the world, and into its channel unless it is ephemeral; whoever listens is told first."""
        for listener in self.listeners:
            listener(message)
        self.messages[message.id] = message
        if not message.is_ephemeral:
            self.channels[message.channel].messages.append(message)
        return message

    def drop(self, message: Message) -> None:
        """No more of a message."""
        self.messages.pop(message.id, None)
        channel = self.channels.get(message.channel)
        if channel and message in channel.messages:
            channel.messages.remove(message)
