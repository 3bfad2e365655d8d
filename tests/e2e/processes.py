"""`paperboy` as processes, on a data directory and a network of the test's making; what runs on has its own session."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil

from tests.nursery import command, run
from tests.repository import ROOT

PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its output, as one JSON value."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """Its output, a JSON value a line."""
        return [json.loads(line) for line in self.out.splitlines()]


class Running:
    """A process that runs on, in a session of its own; both its outputs go to a file."""

    def __init__(self, words: Iterable[str], environment: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-m", "cli", *words],
                env=dict(environment),
                cwd=log.parent,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        """Everything it printed."""
        return self.log.read_text("utf-8", "replace")

    @property
    def events(self) -> list[dict[str, Any]]:
        """Its log, where it logs JSON."""
        return [json.loads(line) for line in self.said.splitlines() if line.startswith("{")]

    def is_running(self) -> bool:
        return self._process.poll() is None

    def family(self) -> list[psutil.Process]:
        """The process, its children and theirs."""
        try:
            parent = psutil.Process(self._process.pid)
            return [parent, *parent.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def interrupt(self) -> None:
        """Ctrl-C: the terminal tells everyone in the foreground."""
        os.killpg(self._process.pid, signal.SIGINT)

    def kill(self) -> None:
        """`kill -9` of this process alone."""
        self._process.kill()
        self._process.wait()

    def wait(self, seconds: float = PATIENCE) -> int:
        """Its exit status."""
        return self._process.wait(seconds)

    def end(self) -> None:
        """Leave nothing behind, whatever state it is in."""
        left = self.family()
        for one in reversed(left):
            with suppress(psutil.NoSuchProcess):
                one.kill()
        self._process.wait()


@dataclass
class Home:
    """A data directory, and the environment of everyone who uses it.

    Attributes:
        folder: the current directory of the commands; `data` below it is PAPERBOY_DATA.
        endpoint: Hugging Face, on loopback.
    """

    folder: Path
    endpoint: str
    settings: dict[str, str] = field(default_factory=dict)
    _started: list[Running] = field(default_factory=list)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def environment(self, **settings: str) -> dict[str, str]:
        """Nothing of the machine's but the way to Python."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
        own = {"HOME": str(self.folder), "PAPERBOY_DATA": str(self.data), "HF_ENDPOINT": self.endpoint}
        plain = {"PYTHONPATH": str(ROOT), "COLUMNS": "120", "LOG_FORMAT": "json", "NO_COLOR": "1"}
        return {**kept, **plain, **own, **self.settings, **settings}

    def run(self, *words: str, **settings: str) -> Ran:
        """One command, to its end."""
        with TemporaryDirectory() as folder:
            out, err = Path(folder, "out"), Path(folder, "err")
            status = run(command, words, self.environment(**settings), self.folder, out, err, seconds=PATIENCE)
            assert status is not None, f"{words} took more than {PATIENCE:g} s"
            return Ran(status, out.read_text("utf-8"), err.read_text("utf-8"))

    def say(self, text: str, channel: str = "general") -> Ran:
        """One `/papers` command, answered in JSON."""
        return self.run("say", f"/papers {text}", "--channel", channel, "--json")

    def posts(self) -> list[Any]:
        """Everything that was posted."""
        return self.run("posts", "--json").lines

    def start(self, *words: str, **settings: str) -> Running:
        """A command that runs on; it ends with `cleared` at the latest."""
        log = self.folder / f"{len(self._started)}-{'-'.join(words)}.log"
        running = Running(words, self.environment(**settings), log)
        self._started.append(running)
        return running

    @contextmanager
    def cleared(self) -> Iterator[Home]:
        """Use it, and leave no process behind."""
        try:
            yield self
        finally:
            for running in self._started:
                running.end()


def until(holds: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Wait for something that happens in another process."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"waited {seconds:g} s in vain for {what}"
        time.sleep(0.05)


def gone(process: psutil.Process) -> bool:
    """Whether a process has ended."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
