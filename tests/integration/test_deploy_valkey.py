"""The server of compose.yaml and of the StatefulSet, started by their own words, is one that Paperboy trusts."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import psutil
import pytest

from cli import trust
from cli.embedded import _binary, end_with_parent
from papers.errors import StoreError
from papers.stores.server import Server
from tests.integration.servers import HOST, free_port, until
from tests.unit.deploy.files import DEPLOY, container, pods, services

PASSWORD = "3f2a"  # noqa: S105 - of a server that lives for a second
WORDS = {
    "compose": [word.replace("$$", "$") for word in services()["valkey"]["command"]],
    "kubernetes": container(pods()["valkey"])["args"],
}


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_it_is_trusted_without_a_warning_and_lets_nobody_in_without_the_password(
    words: list[str], tmp_path: Path
) -> None:
    port = free_port()
    configuration = tmp_path / "valkey.conf"
    text = (DEPLOY / "valkey/valkey.conf").read_text("utf-8")
    moved = text.replace("port 6379", f"port {port}").replace("dir /data", f"dir {tmp_path}")
    assert f"port {port}\ndir {tmp_path}\n" in moved
    configuration.write_text(moved)
    (tmp_path / "valkey-server").symlink_to(_binary())
    process = subprocess.Popen(  # noqa: S603 - the file's own words
        [word.replace("/etc/valkey/valkey.conf", str(configuration)) for word in words],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "REDISCLI_AUTH": PASSWORD},
        stdout=subprocess.DEVNULL,
        preexec_fn=end_with_parent,  # noqa: PLW1509 - one prctl(2)
    )
    server, stranger = Server(f"redis://:{PASSWORD}@{HOST}:{port}"), Server(f"redis://{HOST}:{port}")
    try:
        until(lambda: _answers(server))
        assert trust.examine(server) == ([], [])
        with pytest.raises(StoreError, match=r"let us in|NOAUTH"):
            stranger.call("PING")
        assert server.call("CONFIG", "GET", "appendfsync") == {"appendfsync": "always"}
        assert not any(PASSWORD in word for word in psutil.Process(process.pid).cmdline())
    finally:
        server.close()
        stranger.close()
        process.kill()
        process.wait(5)


def _answers(server: Server) -> bool:
    try:
        return bool(server.call("PING"))
    except StoreError:
        return False
