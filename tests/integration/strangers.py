"""Servers that are not the platform: what they say is said to whatever is asked, as it stands."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
JSON, HTML, TEXT = "application/json", "text/html", "text/plain"


def answered(says: Callable[[str], tuple[str, str, bytes]], ask: Callable[[str], Awaitable[T]], more: str = "") -> T:
    """What comes of asking a server at the address that `ask` is given.

    `says` makes a status line's end, a content type and a body of a request's head; `more` are header lines to add.
    """

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next((int(line[15:]) for line in head.split("\r\n") if line.lower().startswith("content-length:")), 0)
        await reader.readexactly(length)
        status, kind, body = says(head)
        writer.write(b"HTTP/1.1 %s\r\nContent-Type: %s\r\n%s" % (status.encode(), kind.encode(), more.encode()))
        writer.write(b"Content-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        writer.close()

    async def go() -> T:
        server = await asyncio.start_server(serve, "127.0.0.1")
        try:
            return await ask(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        finally:
            server.close()
            await server.wait_closed()

    return asyncio.run(go())
