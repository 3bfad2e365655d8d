"""One call of a Web API method: its arguments, who calls, and the ways in which it is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.fakes.slack.blocks import TOO_LONG, violations
from tests.fakes.slack.world import Channel, Installation, Json, User, Workspace, World, with_ids

T = TypeVar("T")


class Refusal(Exception):  # noqa: N818 - an answer, not a failure of ours
    """`ok: false`. `extra` stands beside the error's name; a `retry_after` in seconds makes it a 429."""

    def __init__(self, error: str, *, retry_after: float = 0.0, **extra: Any) -> None:
        super().__init__(error)
        self.error = error
        self.retry_after = retry_after
        self.extra = extra


def malformed(error: str, sentences: Sequence[str]) -> Refusal:
    """A refusal as Slack words it where it says what is wrong with an argument."""
    told = [f"[ERROR] {sentence}" for sentence in sentences]
    return Refusal(error, errors=list(sentences), response_metadata={"messages": told})


@dataclass(frozen=True)
class Call:
    """A method's arguments, and the installation whose token came with them (None where a method asks for none)."""

    world: World
    method: str
    args: Mapping[str, Any]
    install: Installation | None = None

    @property
    def by(self) -> Installation:
        """Who calls."""
        if self.install is None:
            raise Refusal("not_authed")
        return self.install

    def workspace(self) -> Workspace:
        """The token's, or the one that an organisation's token names by team_id."""
        team = self.by.workspace or self.text("team_id")
        if not team:
            raise malformed("missing_argument", ["missing required field: team_id"])
        found = self.world.workspaces.get(team)
        if found is None or (not self.by.workspace and found.enterprise != self.by.enterprise):
            raise Refusal("team_not_found")
        return found

    def need(self, *scopes: str) -> None:
        """Refuse a token that has none of these scopes."""
        if not self.by.scopes & set(scopes):
            raise Refusal("missing_scope", needed=",".join(scopes), provided=",".join(sorted(self.by.scopes)))

    def text(self, key: str) -> str:
        """An argument, "" if it was not sent."""
        value = self.args.get(key)
        return "" if value is None else str(value)

    def flag(self, key: str) -> bool:
        """A boolean argument, however it was spelt."""
        return self.text(key).lower() in {"true", "1"}

    def number(self, key: str, otherwise: int) -> int:
        """A whole number."""
        value = self.text(key)
        if value and not value.isdigit():
            raise malformed("invalid_arguments", [f"must be an integer [json-pointer:/{key}]"])
        return int(value) if value else otherwise

    def data(self, key: str) -> Any:
        """JSON, whether it came in a form or not; None if it was not sent."""
        value = self.args.get(key)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError as error:
            raise malformed("invalid_arguments", [f"must be JSON [json-pointer:/{key}]"]) from error

    def reach(self) -> list[Workspace]:
        """The workspaces that the token is good for: one, or all of an organisation's."""
        if self.by.workspace or self.text("team_id"):
            return [self.workspace()]
        return [one for one in self.world.workspaces.values() if one.enterprise == self.by.enterprise]

    def channel(self, key: str = "channel") -> tuple[Workspace, Channel]:
        """A channel that the app may know of: others, deleted ones, and what is private, are not found."""
        for workspace in self.reach():
            found = workspace.channels.get(self.text(key))
            if found and (found.kind == "public" or workspace.bot_user in found.members):
                return workspace, found
        raise Refusal("channel_not_found")

    def user(self, key: str = "user", error: str = "user_not_found") -> User:
        """Somebody within reach."""
        for workspace in self.reach():
            if self.text(key) in workspace.users:
                return workspace.users[self.text(key)]
        raise Refusal(error)

    def page(self, rows: Sequence[T], most: int = 1000, otherwise: int = 100) -> tuple[list[T], Json]:
        """Some rows from the cursor on, and the response_metadata that leads to the next."""
        start, size = self.number("cursor", 0), min(self.number("limit", otherwise) or otherwise, most)
        after = str(start + size) if start + size < len(rows) else ""
        return list(rows[start : start + size]), {"next_cursor": after}


def content(call: Call) -> Json:
    """A message's text and blocks as they are kept. Raises Refusal for what Slack would not take."""
    return checked(call.world, {"text": call.args.get("text"), "blocks": call.data("blocks")})


def checked(world: World, message: Mapping[str, Any]) -> Json:
    """As `content`, of a message that did not come as a method's arguments."""
    text, blocks = message.get("text") or "", message.get("blocks") or []
    if not text and not blocks:
        raise Refusal("no_text")
    if len(text) > MOST_TEXT:
        raise Refusal("msg_too_long")
    if not isinstance(blocks, list):
        raise malformed("invalid_blocks_format", ["must be an array [json-pointer:/blocks]"])
    found = violations(blocks) if blocks else []
    if found:
        raise malformed(TOO_LONG if found[0].startswith(TOO_LONG) else "invalid_blocks", found)
    pictures_load(world, blocks)
    return {"text": text, **({"blocks": with_ids(world, blocks)} if blocks else {})}


MOST_TEXT = 40_000
"""Characters. Slack cuts what is longer; for us it is an error (https://docs.slack.dev/changelog/2018-04-truncating-really-long-messages)."""


def pictures_load(world: World, value: Any) -> None:
    """Refuse pictures that cannot be loaded, as Slack does while it takes a message."""
    missing = [url for url in _pictures(value) if url in world.broken_pictures]
    if missing:
        raise malformed("invalid_blocks", [f"downloading image failed [url:{url}]" for url in missing])


def _pictures(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        own = [value["image_url"]] if isinstance(value.get("image_url"), str) else []
        return own + [url for inner in value.values() for url in _pictures(inner)]
    return [url for inner in value for url in _pictures(inner)] if isinstance(value, list) else []


Handler = Callable[[Call], Json]


@dataclass(frozen=True)
class Method:
    """A method of the Web API.

    Attributes:
        answer: what it does; returns what stands beside `ok: true`.
        scopes: any one of them is needed; () where it depends on the arguments, or where none is.
        required: arguments that must be there.
        optional: the others that it takes, besides team_id; what is neither is a violation.
        is_authed: whether it wants a bot's token.
    """

    answer: Handler
    scopes: tuple[str, ...] = ()
    required: Collection[str] = ()
    optional: Collection[str] = field(default=())
    is_authed: bool = True
