"""Machines on one wire: each a network namespace with an address of its own, by Debian's iproute2.

    here ──┐
    one ───┤ lan            every line is a veth pair; a host can be cut off (its link is down), or moved with others
    two ───┘                to an island, a second switch where they see nobody but each other
    three ── island

Needs root. All of it is gone when the block ends, however it ends: with a namespace go its ends of the lines.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

HERE = 254
"""The last part of the address of this process; those of hosts count from 1."""


def is_possible() -> str:
    """Why there can be no such network here; empty if there can."""
    if shutil.which("ip") is None:
        return "there is no `ip`: install iproute2"
    if os.geteuid() != 0:
        return "only root can make network namespaces"
    if subprocess.run(["ip", "netns", "list"], capture_output=True, check=False).returncode:  # noqa: S607 - as found
        return "network namespaces are not allowed here"
    return ""


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)  # noqa: S603, S607 - iproute2, no shell


class Network:
    """Hosts by name, from `lan` to its end."""

    def __init__(self, names: Sequence[str]) -> None:
        tag = f"pb{os.getpid() % 100_000}"
        self._net = f"198.18.{os.getpid() % 250}"  # RFC 2544: for benchmarks, routed nowhere
        self._space = {name: f"{tag}-{name}" for name in names}
        self._switch = f"{tag}-switch"
        self._line = tag
        self._numbers = {name: number for number, name in enumerate(names, 1)}
        self.here = f"{self._net}.{HERE}"

    def address(self, name: str) -> str:
        """A host's address."""
        return f"{self._net}.{self._numbers[name]}"

    def on(self, name: str) -> tuple[str, ...]:
        """What stands before a command that is to run on that host."""
        return ("ip", "netns", "exec", self._space[name])

    def start(self) -> None:
        """Lay the lines."""
        _ip("netns", "add", self._switch)
        for bridge in ("lan", "island"):
            _ip("-n", self._switch, "link", "add", bridge, "type", "bridge")
            _ip("-n", self._switch, "link", "set", bridge, "up")
        for name, space in self._space.items():
            _ip("netns", "add", space)
            _ip("link", "add", name, "netns", self._switch, "type", "veth", "peer", "name", "eth0", "netns", space)
            _ip("-n", space, "addr", "add", f"{self.address(name)}/24", "dev", "eth0")
            for line in ("lo", "eth0"):
                _ip("-n", space, "link", "set", line, "up")
            _ip("-n", self._switch, "link", "set", name, "master", "lan", "up")
        _ip("link", "add", self._line, "type", "veth", "peer", "name", "here", "netns", self._switch)
        _ip("addr", "add", f"{self.here}/24", "dev", self._line)
        _ip("link", "set", self._line, "up")
        _ip("-n", self._switch, "link", "set", "here", "master", "lan", "up")

    def cut(self, name: str) -> None:
        """Pull its plug."""
        _ip("-n", self._switch, "link", "set", name, "down")

    def maroon(self, names: Iterable[str]) -> None:
        """Let these see only each other; nobody is told, packets just do not arrive."""
        for name in names:
            _ip("-n", self._switch, "link", "set", name, "master", "island")

    def mend(self) -> None:
        """Everybody sees everybody."""
        for name in self._space:
            _ip("-n", self._switch, "link", "set", name, "master", "lan", "up")

    def end(self) -> None:
        """Remove everything that there is."""
        for space in (*self._space.values(), self._switch):
            subprocess.run(["ip", "netns", "del", space], capture_output=True, check=False)  # noqa: S603, S607 - as above
        subprocess.run(["ip", "link", "del", self._line], capture_output=True, check=False)  # noqa: S603, S607 - as above


@contextmanager
def lan(names: Sequence[str]) -> Iterator[Network]:
    """Such a network, and nothing of it afterwards."""
    network = Network(names)
    try:
        network.start()
        yield network
    finally:
        network.end()
