"""Keeps several roles running as processes of their own: restarts what dies, stops all together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from cli.embedded import end_with_parent
from papers.pulse import Beat, unwatched
from papers.settings import inherited

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
"""Seconds before a role that died is started again: doubling, so that a role that cannot live does not burn the CPU."""

STEADY = 60.0
"""Seconds alive after which a role's next death counts as its first."""

STOP = 15.0
"""Seconds that roles have to end by themselves."""

log = structlog.get_logger()


@dataclass
class Role:
    """One role: the words after `paperboy`, and its process.

    One that `talks` shares our terminal, and its Ctrl-C; others are told once, by us, when it is time. One that
    `serves` answers strangers at HTTP_PORT; the others have ports that the system picks.
    """

    words: tuple[str, ...]
    talks: bool = False
    serves: bool = False
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    not_before: float = 0.0

    @property
    def name(self) -> str:
        """As it is typed."""
        return " ".join(self.words)


@dataclass
class Supervisor:
    """Runs roles until told to stop. `environment` is theirs; `watch` is looked at too, and False ends everything.

    `beat` is called each time round.
    """

    roles: Sequence[Role]
    environment: Mapping[str, str]
    watch: Callable[[], bool] = field(default=lambda: True)
    beat: Beat = unwatched
    _stopping: bool = False

    def run(self) -> bool:
        """Run until SIGINT or SIGTERM (True), or until `watch` says that there is no going on (False)."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)
        try:
            while not self._stopping:
                if not self.watch():
                    return False
                for role in self.roles:
                    self._tend(role)
                self.beat()
                time.sleep(0.1)
        finally:
            self._stop()
        return True

    def _on_signal(self, *_: object) -> None:
        self._stopping = True

    def _tend(self, role: Role) -> None:
        now = time.monotonic()
        if role.process is not None and role.process.poll() is not None:
            role.pause = FIRST_PAUSE if now - role.started > STEADY else min(role.pause * 2, LONGEST_PAUSE)
            role.not_before = now + role.pause
            log.warning("a role died", role=role.name, status=role.process.returncode, again_in=role.pause)
            role.process = None
        if role.process is None and now >= role.not_before:
            role.started = now
            role.process = subprocess.Popen(  # noqa: S603 - ourselves, no shell
                [sys.executable, "-m", "cli", *role.words],
                stdin=None if os.isatty(0) else subprocess.DEVNULL,  # only who is typed to reads what we are given
                env=inherited(self.environment if role.serves else {**self.environment, "HTTP_PORT": "0"}),
                start_new_session=not role.talks,
                preexec_fn=end_with_parent,  # noqa: PLW1509 - one prctl(2), and no thread runs here
            )

    def _stop(self) -> None:
        alive = [role.process for role in self.roles if role.process is not None and role.process.poll() is None]
        for process in alive:
            process.terminate()
        deadline = time.monotonic() + STOP
        for process in alive:
            try:
                process.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
