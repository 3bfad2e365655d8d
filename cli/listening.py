"""What `paperboy doctor` says of the ports that this machine's roles answer at: can they be had. Asks nobody."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from errno import EADDRINUSE, EADDRNOTAVAIL

from bot.checked import Checked
from papers.settings import Settings
from papers.stores.presence import Presence


def examine(settings: Settings, running: Sequence[Presence], machine: str) -> Iterator[Checked]:
    """Whether each port that is set is held by one of those `running` on this `machine`, or free.

    Without HTTP_PORT any port serves, and only what is wrong with HTTP_HOST is told.
    """
    for setting, port in _ports(settings).items():
        where = f"{settings.http_host}:{port} ({setting})"
        ours = next((one for one in running if port and (one.host, one.port) == (machine, port)), None)
        if ours is not None:
            yield Checked("good", f"{ours.role} (pid {ours.pid}) answers at {where}")
        elif (refused := _refusal(settings.http_host, port)) is not None:
            yield Checked("bad", f"cannot listen on {where}: {refused.strerror}", _mend(refused, setting))
        elif port:
            yield Checked("good", f"{where} is free to be listened on")


def _ports(settings: Settings) -> dict[str, int]:
    found = {"HTTP_PORT": settings.http_port or 0}
    web = settings.web_listens if settings.paperboy_public_url is not None else None
    return found | ({"WEB_PORT": web} if web and web != settings.http_port else {})


def _refusal(host: str, port: int) -> OSError | None:
    """What the kernel says to somebody who would listen there, as roles do; nobody who connects is answered."""
    try:
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
            trial.listen()
    except OSError as error:
        return error
    return None


def _mend(refused: OSError, setting: str) -> str:
    if refused.errno == EADDRINUSE:
        return f"another program has it: stop that one, or set another {setting}"
    if refused.errno == EADDRNOTAVAIL or isinstance(refused, socket.gaierror):
        return "set HTTP_HOST to an address of this machine, or to 0.0.0.0 for all of them"
    return f"set another {setting}; below 1024 they are root's"
