"""Paperboy on eight machines: three with a Valkey and a sentinel each, two with workers, two with senders, one chat.

    world: chat │ work-1, work-2: worker fetch, worker match --shard N │ send-1, send-2: two senders and a subscriber
    valkey-1, -2, -3: the primary and two replicas, whichever is which; each writes to disk before it answers

Processes that die are started again, as a unit's `Restart=always` does; a machine with a server is down for a while.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from cli.embedded import _binary, end_with_parent
from papers.settings import inherited
from tests.machines.network import Network
from tests.repository import ROOT

SERVERS = ("valkey-1", "valkey-2", "valkey-3")
WORKERS = ("work-1", "work-2")
SENDERS = ("send-1", "send-2")
HOSTS = (*SERVERS, *WORKERS, *SENDERS, "world")

PORT, SENTINEL_PORT = 6379, 26379

PRIMARY = "press"
"""The name that sentinels know the primary by."""

SERVER = """\
port {port}
bind 0.0.0.0
protected-mode no
dir {folder}
logfile {folder}/log
save ""
appendonly yes
appendfsync always
maxmemory-policy noeviction
repl-diskless-sync-delay 0
min-replicas-to-write {guard}
min-replicas-max-lag 5
"""

SENTINEL = """\
port {port}
bind 0.0.0.0
protected-mode no
dir {folder}
logfile {folder}/log
sentinel monitor {name} {primary} {primary_port} 2
sentinel down-after-milliseconds {name} 2000
sentinel failover-timeout {name} 6000
sentinel parallel-syncs {name} 2
"""

RESTART = 0.5
"""Seconds before a role that died is started again."""

BOOT = 6.0
"""Seconds before a server that was killed is: time enough for another to take over."""


@dataclass
class Process:
    """A process on a host that is started again `after` so many seconds whenever it is gone."""

    name: str
    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    after: float = RESTART
    process: subprocess.Popen[bytes] | None = None
    died: int = 0
    _gone: float = 0.0
    _struck: bool = False

    def tend(self, now: float) -> None:
        """Start it, if it is not there and its time has come."""
        if self.process is not None and self.process.poll() is not None:
            self.died += not self._struck
            self.process, self._gone, self._struck = None, now, False
        if self.process is None and now - self._gone >= self.after:
            with (self.folder / f"{self.name}.log").open("ab") as log:
                self.process = subprocess.Popen(  # noqa: S603 - ourselves and the wheel's server, no shell
                    self.command,
                    cwd=self.folder,
                    env=inherited({"PYTHONPATH": str(ROOT), **self.environment}),
                    stdout=log,
                    stderr=log,
                    preexec_fn=end_with_parent,  # noqa: PLW1509 - one prctl(2)
                )

    def kill(self) -> bool:
        """As by kill -9, its children too. False if it is not running."""
        if self.process is None or self.process.poll() is not None:
            return False
        self._struck = True
        for child in psutil.Process(self.process.pid).children(recursive=True):
            child.kill()
        self.process.kill()
        self.process.wait()
        return True


class Site:
    """All the processes, on a network's hosts. `replicas` must have a write before it counts, and guard the primary."""

    def __init__(self, network: Network, folder: Path, replicas: int) -> None:
        self.network = network
        self.folder = folder
        self.replicas = replicas
        self.processes: dict[str, Process] = {}
        self.sentinels = ",".join(f"{network.address(one)}:{SENTINEL_PORT}" for one in SERVERS)
        self.where = f"sentinel://{self.sentinels}/{PRIMARY}?{replicas}"

    def start_servers(self) -> None:
        """The servers, the first one as primary, and the sentinels; all in touch."""
        first = self.network.address(SERVERS[0])
        for host in SERVERS:
            lines = SERVER.format(port=PORT, folder=self._room(host), guard=int(self.replicas > 0))
            self._serve(host, lines + (f"replicaof {first} {PORT}\n" if host != SERVERS[0] else ""))
            watch = f"{host}-sentinel"
            names = {"name": PRIMARY, "primary": first, "primary_port": PORT}
            self._serve(host, SENTINEL.format(port=SENTINEL_PORT, folder=self._room(watch), **names), "--sentinel")
        deadline = time.monotonic() + 20
        while not self._are_in_touch():
            self.tend()
            if time.monotonic() > deadline:
                raise TimeoutError(f"the servers do not find each other; see {self.folder}")
            time.sleep(0.05)

    def _room(self, name: str) -> Path:
        room = self.folder / name
        room.mkdir(exist_ok=True)
        return room

    def _serve(self, host: str, lines: str, *flags: str) -> None:
        name = f"{host}-sentinel" if flags else host
        configuration = self._room(name) / "conf"
        configuration.write_text(lines)
        self.add(name, host, [str(_binary()), str(configuration), *flags], after=BOOT)

    def _are_in_touch(self) -> bool:
        return all(self.ask(host, "SENTINEL", "REPLICAS", PRIMARY, counted=True) == 2 for host in SERVERS) and all(
            self.ask(host, "SENTINEL", "SENTINELS", PRIMARY, counted=True) == 2 for host in SERVERS
        )

    def ask(self, host: str, *command: str, counted: bool = False) -> object:
        """A sentinel's answer, or how long it is; None if it gives none."""
        client = redis.Redis(
            self.network.address(host),
            SENTINEL_PORT,
            socket_timeout=0.5,
            retry=Retry(NoBackoff(), 0),
            decode_responses=True,
        )
        try:
            answer = client.execute_command(*command)  # type: ignore[no-untyped-call] # redis-py gives it no types
        except redis.RedisError:
            return None
        finally:
            client.close()
        return len(answer) if counted else answer

    def primary(self, among: Sequence[str] = SERVERS) -> str:
        """The host whose server is the primary, as sentinels on these hosts see it."""
        for host in among:
            told = self.ask(host, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", PRIMARY)
            address = told[0] if isinstance(told, (list, tuple)) else None
            for one in SERVERS:
                if self.network.address(one) == address:
                    return one
        return ""

    def add(
        self,
        name: str,
        host: str,
        command: Sequence[str],
        environment: Mapping[str, str] | None = None,
        after: float = RESTART,
    ) -> None:
        """A process of that host's, which is started at the next look."""
        whole = [*self.network.on(host), *command]
        self.processes[name] = Process(name, whole, self.folder, environment or {}, after)

    def add_python(self, name: str, host: str, *words: str, environment: Mapping[str, str] | None = None) -> None:
        """A Python module with its words."""
        self.add(name, host, [sys.executable, "-m", *words], environment)

    def tend(self) -> None:
        """Start what is to be started."""
        now = time.monotonic()
        for one in self.processes.values():
            one.tend(now)

    def deaths(self) -> Counter[str]:
        """How often each role ended though nobody struck it."""
        return Counter({one.name: one.died for one in self.processes.values() if one.died})

    def end(self) -> None:
        """Kill everything for good."""
        for one in self.processes.values():
            one.kill()
