"""What Paperboy knows of one workspace, as JSON lines for those whose data it is. No tokens, no secret addresses.

    {"paperboy":"workspace","version":1,"workspace":"slack:T1","at":"2026-11-20T06:00:00Z"}
    {"channel":{…},"subscriptions":[…],"last":3,"seen":{…},"feedback":{…},"lessons":[…]}
    {"delivery":{…},"state":"sent","at":"2026-11-20T06:00:00Z","message":"1763618400.000100"}
    {"channel":"slack:T1:C1","user":"U1","asked":["diffusion -survey"]}
    {"paperboy":"end","lines":4}

A channel's line is that of a backup (see backup_file.py). The last line counts all lines, itself among them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from papers.model import Destination
from papers.stores import codec, keys
from papers.stores.backup import Backup
from papers.stores.backup_file import Footer
from papers.stores.channels import ChannelStore
from papers.stores.outbox import Outbox
from papers.stores.server import Server
from papers.workspace import Workspace

VERSION = 1
"""Raised whenever a program that reads these lines would misunderstand them."""

_DELIVERY, _RECENT = "delivery:", "recent:"


@dataclass(frozen=True, slots=True)
class Header:
    """The first line."""

    paperboy: Literal["workspace"]
    version: int
    workspace: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """What a user asked for lately in a channel, latest first."""

    channel: str
    user: str
    asked: tuple[str, ...]


class Export:
    """Exports workspaces."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._channels = ChannelStore(server)
        self._backup = Backup(server)
        self._outbox = Outbox(server)

    def lines(self, workspace: Workspace, now: datetime) -> Iterator[bytes]:
        """Every line. Others may go on changing things meanwhile."""
        number = 2
        yield _line(Header("workspace", VERSION, str(workspace), now))
        for one in self._things(workspace):
            number += 1
            yield _line(one)
        yield _line(Footer("end", number))

    def _things(self, workspace: Workspace) -> Iterator[object]:
        for destination in self._channels.of_workspace(workspace.platform, workspace.name):
            yield self._backup.channel(destination)
        known: set[str] = set()
        for found in self._server.scan(keys.of_workspace(str(workspace))):
            for key in found:
                name, rest = keys.tagged(key)
                if key not in known and rest.startswith(_DELIVERY):
                    yield from self._outbox.records(Destination.parse(name), [rest.removeprefix(_DELIVERY)])
                elif key not in known and rest.startswith(_RECENT):
                    asked = self._server.call("LRANGE", key, 0, -1)
                    yield Asked(name, rest.removeprefix(_RECENT), tuple(asked))
                known.add(key)


def _line(one: object) -> bytes:
    return codec.dump(one).encode() + b"\n"
