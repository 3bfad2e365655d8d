"""Connections that take with them what they have not delivered.

While a machine is cut off from its network, the bytes of a post lie in its kernel, which goes on trying when the post
was given up long ago, looked for, and made again by somebody else: it would then arrive a second time. A connection
made here is reset when it is closed, whoever closes it, a kill -9 too, and whatever was not sent is forgotten.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Sequence
from typing import Final

from aiohttp import AddrInfoType

Option = tuple[int, int, int] | tuple[int, int, bytes]

_RESET: Final[Option] = (socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
"""Close without lingering: unsent data is discarded (socket(7))."""


def options(seconds: float) -> Sequence[Option]:
    """What to set on a socket whose answers are waited for at most so long.

    Where the system has TCP_USER_TIMEOUT (tcp(7), RFC 5482), it also gives up what nobody acknowledges for that long.
    """
    given_up = getattr(socket, "TCP_USER_TIMEOUT", None)
    return [_RESET, *([(socket.IPPROTO_TCP, given_up, int(seconds * 1000))] if given_up is not None else [])]


def sockets(seconds: float) -> Callable[[AddrInfoType], socket.socket]:
    """Makes such sockets, for `aiohttp.TCPConnector(socket_factory=…)`."""

    def make(address: AddrInfoType) -> socket.socket:
        family, kind, protocol, *_ = address
        made = socket.socket(family, kind, protocol)
        for option in options(seconds):
            made.setsockopt(*option)
        return made

    return make
