"""What there is in Slack: workspaces, people, channels, messages, installations. Plain records and finding among them.

Nothing here knows of HTTP, of scopes or of what an app may do; `now` comes from `World.now`, which tests can move.
"""

from __future__ import annotations

import itertools
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Json = dict[str, Any]
Kind = Literal["public", "private", "im"]

APP_ID: Final = "A0PAPERBOY"
APP_TOKEN: Final = "xapp-1-A0PAPERBOY-1-loopback"  # noqa: S105 - of a Slack that is not there
CLIENT_ID: Final = "1111.2222"
CLIENT_SECRET: Final = "client-secret"  # noqa: S105 - as above
SIGNING_SECRET: Final = "signing-secret"  # noqa: S105 - as above


@dataclass(slots=True)
class User:
    """Somebody, or a bot, in one workspace."""

    id: str
    workspace: str
    is_admin: bool = False
    is_owner: bool = False
    is_bot: bool = False
    tz: str = "Europe/London"


@dataclass(slots=True)
class Message:
    """One message. `body` is what the API shows of it, without metadata and without what is counted of its thread."""

    ts: str
    channel: str
    workspace: str
    body: Json
    thread_ts: str | None = None
    metadata: Json | None = None
    flags: Json = field(default_factory=dict)
    """What was asked of the posting besides: unfurl_links, unfurl_media, parse, link_names …"""
    links: tuple[str, ...] = ()
    unfurls: dict[str, Json] = field(default_factory=dict)
    to: str | None = None
    """Who alone sees it, if it is ephemeral."""

    @property
    def text(self) -> str:
        """Its text."""
        return str(self.body.get("text", ""))

    @property
    def blocks(self) -> list[Json]:
        """Its blocks, each with a block_id."""
        return list(self.body.get("blocks", []))


@dataclass(slots=True)
class Channel:
    """A channel, or a direct message between the bot and `user`."""

    id: str
    workspace: str
    name: str
    kind: Kind = "public"
    members: set[str] = field(default_factory=set)
    is_archived: bool = False
    user: str = ""
    messages: list[Message] = field(default_factory=list)
    ephemerals: list[Message] = field(default_factory=list)
    deleted: set[str] = field(default_factory=set)
    """ts of messages that are no more."""

    def remove(self, message: Message) -> None:
        """Delete it."""
        self.messages.remove(message)
        self.deleted.add(message.ts)

    def find(self, ts: str) -> Message | None:
        """The message of that ts."""
        return next((one for one in self.messages if one.ts == ts), None)

    def replies(self, ts: str) -> list[Message]:
        """A thread's replies, oldest first, without its parent."""
        return [one for one in self.messages if one.thread_ts == ts and one.ts != ts]


@dataclass(slots=True)
class Workspace:
    """A team. `enterprise` is the id of the organisation that it belongs to, or ""; `is_org_wide`: that has the app."""

    id: str
    enterprise: str = ""
    is_org_wide: bool = False
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)

    @property
    def bot_user(self) -> str:
        """The bot's user id here, installed or not."""
        return f"UBOT{self.id}"

    @property
    def bot_id(self) -> str:
        """The bot's own id."""
        return f"B{self.id}"


@dataclass(slots=True)
class Installation:
    """An app's token for one workspace, or for a whole organisation (`workspace` is then "")."""

    token: str
    workspace: str
    enterprise: str
    scopes: frozenset[str]
    refresh: str = ""
    expires: float = 0.0
    """0.0: never."""
    trouble: str = ""
    """The error that every call with this token gets: token_revoked, account_inactive …"""


class World:
    """Everything there is. Channels are found by workspace and id: two workspaces may have a C1 each."""

    def __init__(self) -> None:
        self.workspaces: dict[str, Workspace] = {}
        self.installs: dict[str, Installation] = {}
        self.violations: list[str] = []
        self.counts: Counter[str] = Counter()
        self.ahead = 0.0
        self.listeners: list[Callable[[Message], None]] = []
        self.broken_pictures: set[str] = set()
        self._ids: defaultdict[str, Iterator[int]] = defaultdict(lambda: itertools.count(1))
        self._last = 0

    def now(self) -> float:
        """Seconds since 1970, by this Slack's clock."""
        return time.time() + self.ahead

    def name(self, kind: str) -> str:
        """A new id."""
        return f"{kind}{next(self._ids[kind]):04}"

    def stamp(self) -> str:
        """A new ts: later than every other."""
        self._last = max(self._last + 1, int(self.now() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06}"

    def wrong(self, sentence: str) -> None:
        """Note what only a mistake of the app's makers can cause."""
        self.violations.append(sentence)

    def channels(self, workspace: str, *kinds: Kind) -> list[Channel]:
        """A workspace's, of those kinds or of any."""
        all_of_them = self.workspaces[workspace].channels.values()
        return [one for one in all_of_them if not kinds or one.kind in kinds]

    def direct(self, workspace: Workspace, user: str) -> Channel:
        """The direct message between the bot and somebody, opened if it was not."""
        for channel in workspace.channels.values():
            if channel.kind == "im" and channel.user == user:
                return channel
        opened = Channel(self.name("D"), workspace.id, "", "im", {user, workspace.bot_user}, user=user)
        workspace.channels[opened.id] = opened
        return opened

    def put(self, message: Message) -> Message:
        """A message into its channel; whoever listens is told first."""
        for listener in self.listeners:
            listener(message)
        self.counts["taken"] += 1
        self.workspaces[message.workspace].channels[message.channel].messages.append(message)
        return message


def shown(message: Message, channel: Channel, *, with_metadata: bool = False) -> Json:
    """A message as the API shows it."""
    body: Json = {"type": "message", "ts": message.ts, **message.body}
    if message.thread_ts:
        body["thread_ts"] = message.thread_ts
    replies = channel.replies(message.ts)
    if replies:
        body |= {"thread_ts": message.ts, "reply_count": len(replies), "latest_reply": replies[-1].ts}
    if with_metadata and message.metadata:
        body["metadata"] = message.metadata
    return body


def with_ids(world: World, blocks: list[Mapping[str, Any]]) -> list[Json]:
    """Blocks as Slack keeps them: what has no block_id or action_id gets one."""
    kept = []
    for block in blocks:
        own: Json = {"block_id": world.name("b"), **block}
        if isinstance(own.get("elements"), list) and own["type"] == "actions":
            own["elements"] = [{"action_id": world.name("a"), **one} for one in own["elements"]]
        for key in {"accessory", "element"} & own.keys():
            if own[key].get("type") != "image":
                own[key] = {"action_id": world.name("a"), **own[key]}
        kept.append(own)
    return kept
