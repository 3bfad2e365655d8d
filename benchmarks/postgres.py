"""A private PostgreSQL server on a socket in a temporary directory, for benchmarks that have it for a peer."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NOBODY = "nobody"
"""Whose server it is where we are root, which it refuses to be."""


@dataclass(frozen=True)
class Postgres:
    """A private server."""

    folder: Path

    def run(self, sql: str) -> str:
        """Statements, and what psql prints."""
        whom = ["-h", str(self.folder), "-U", NOBODY, "-d", "postgres"]
        return _run(["psql", *whom, "-qAt", "-v", "ON_ERROR_STOP=1", "-f", "-"], sql)

    def copy(self, table: str, rows: Sequence[str]) -> None:
        """Fill a table of one column."""
        lines = "\n".join(row.replace("\\", "\\\\") for row in rows)
        self.run(f"COPY {table} FROM STDIN;\n{lines}\n\\.\n")


def is_installed() -> bool:
    """Whether its programs are on the PATH."""
    return all(map(shutil.which, ("initdb", "pg_ctl", "psql")))


@contextmanager
def private_postgres() -> Iterator[Postgres]:
    """A new server, gone at the end: one processor, nothing synced to disk. Raises CalledProcessError."""
    folder = Path(tempfile.mkdtemp(prefix="paperboy-pg-"))
    alone = "-c fsync=off -c max_parallel_workers_per_gather=0 -c jit=off -c maintenance_work_mem=256MB"
    own: dict[str, Any] = {"cwd": folder}
    if os.geteuid() == 0:
        shutil.chown(folder, NOBODY)
        own |= {"user": NOBODY, "extra_groups": []}
    control = ["pg_ctl", "-D", str(folder / "data"), "-w", "-l", str(folder / "log")]
    try:
        _run(["initdb", "-D", str(folder / "data"), "-A", "trust", "-U", NOBODY, "-E", "UTF8", "--locale=C"], **own)
        _run([*control, "-o", f"-k {folder} -h '' {alone}", "start"], **own)
        try:
            yield Postgres(folder)
        finally:
            _run([*control, "-m", "immediate", "stop"], **own)
    finally:
        shutil.rmtree(folder)


def _run(command: Sequence[str], given: str = "", **own: Any) -> str:
    with tempfile.TemporaryFile("w+") as said:  # not a pipe: the server that pg_ctl leaves behind would keep it open
        subprocess.run(command, input=given, stdout=said, text=True, check=True, **own)  # noqa: S603 - by the caller
        said.seek(0)
        return said.read()
