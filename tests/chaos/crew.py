"""The processes of a storm: a server, workers, senders and the chat platform, kept alive and struck down at will."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import psutil

from cli.embedded import EmbeddedValkey, end_with_parent
from papers.settings import inherited
from tests.chaos.chat import Fault
from tests.chaos.ledger import Taken, read
from tests.repository import ROOT

ASLEEP = 6.0
"""Seconds that a process is stopped: longer than a sender's lease here, which is 5."""

RESTART = 0.2
"""Seconds before a process that died is started again; `paperboy up` takes one at first, and more each time."""


@dataclass
class Member:
    """A process that is started again whenever it is gone. `log` takes its output."""

    module: str
    words: Sequence[str]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None
    _gone: float = 0.0

    def start(self) -> None:
        """Start it."""
        with self.log.open("a") as log:
            self.process = subprocess.Popen(  # noqa: S603 - ourselves, no shell
                [sys.executable, "-m", self.module, *self.words],
                cwd=self.log.parent,
                env=inherited({"PYTHONPATH": str(ROOT), **self.environment}),
                stdout=log,
                stderr=log,
                text=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509 - one prctl(2)
            )

    def tend(self, now: float) -> None:
        """Start it again if it has been gone for a while."""
        if self.process is not None and self.process.poll() is not None:
            self.process, self._gone = None, now
        if self.process is None and now - self._gone >= RESTART:
            self.start()

    def send(self, number: signal.Signals) -> bool:
        """Send a signal; False if it is not running. SIGKILL strikes its children too: a fetch is done by one."""
        if self.process is None or self.process.poll() is not None:
            return False
        if number is signal.SIGKILL:
            for child in psutil.Process(self.process.pid).children(recursive=True):
                with suppress(psutil.NoSuchProcess):
                    child.kill()
        self.process.send_signal(number)
        return True

    def end(self) -> None:
        """Kill it for good."""
        if self.process is not None:
            self.send(signal.SIGKILL)
            self.process.wait()


class Chat:
    """The platform's process, which nothing befalls: it is what counts."""

    module = "tests.chaos.chat"
    options: Sequence[str] = ()
    prefix: Sequence[str] = ()

    def __init__(self, folder: Path) -> None:
        self.ledger = folder / "ledger.jsonl"
        self._process = subprocess.Popen(  # noqa: S603 - ourselves, no shell
            [*self.prefix, sys.executable, "-m", self.module, str(self.ledger), *self.options],
            cwd=folder,
            env=inherited({"PYTHONPATH": str(ROOT)}),
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509 - as above
        )
        assert self._process.stdout is not None
        self._output = self._process.stdout
        self.url = self.met(self._output.readline().strip())
        self._client = httpx2.Client(base_url=self.url, trust_env=False)

    def met(self, said: str) -> str:
        """Its address, from what it says when it is ready."""
        return said

    @property
    def words(self) -> Sequence[str]:
        """What `sender_role` needs to know of it."""
        return [self.url]

    def channel(self, number: int) -> str:
        """The name of a channel; they are numbered from 0."""
        return f"C{number}"

    def taken(self) -> list[Taken]:
        """Every message that it took, in that order."""
        return read(self.ledger)

    def weather(self, faults: Mapping[Fault, float] | None = None, **changes: object) -> None:
        """Let it behave so from now on."""
        self._client.put("/weather", json={"faults": faults or {}, **changes}).raise_for_status()

    def counts(self) -> dict[str, int]:
        """How many messages were taken, and refused by status."""
        answer: dict[str, int] = self._client.get("/counts").json()
        return answer

    def end(self) -> None:
        """Kill it, if that was not done yet."""
        self._client.close()
        self._process.kill()
        self._process.wait()
        self._output.close()


class Crew:
    """Everything that delivers, by name."""

    def __init__(self, folder: Path, members: Mapping[str, Member], valkey: EmbeddedValkey) -> None:
        self.folder = folder
        self.members = dict(members)
        self.valkey = valkey
        self._asleep: dict[int, float] = {}

    def tend(self) -> None:
        """Start again what died, wake what slept long enough."""
        now = time.monotonic()
        self._wake(now)
        self.valkey.keep_alive()
        for member in self.members.values():
            member.tend(now)

    def strike(self, blow: str) -> bool:
        """Kill, or put to sleep for a while. False if that cannot be done just now."""
        how, _, name = blow.partition(" ")
        return self.kill(name) if how == "kill" else self.sleep(name, ASLEEP)

    def kill(self, name: str) -> bool:
        """As by kill -9. False if it is not running just now."""
        if name == "valkey":
            return self._kill_valkey()
        return self.members[name].send(signal.SIGKILL)

    def _kill_valkey(self) -> bool:
        process = self.valkey._process
        if process is None or process.poll() is not None:
            return False
        process.kill()
        process.wait()
        return True

    def sleep(self, name: str, seconds: float) -> bool:
        """Stop it for so long. Senders stop themselves between two steps, see `sender_role`."""
        number = signal.SIGUSR1 if name.startswith("sender") else signal.SIGSTOP
        member = self.members[name]
        if not member.send(number) or member.process is None:
            return False
        self._asleep[member.process.pid] = time.monotonic() + seconds
        return True

    def _wake(self, now: float) -> None:
        for pid, until in [*self._asleep.items()]:
            with suppress(psutil.NoSuchProcess):
                process = psutil.Process(pid)
                if now < until or process.status() != psutil.STATUS_STOPPED:  # it may not have come to stopping yet
                    continue
                process.resume()
            del self._asleep[pid]

    def end(self) -> None:
        """Kill everything for good."""
        for member in self.members.values():
            member.end()
        self.valkey.stop()
