"""A role's pages and probes, asked over a real socket."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import aiohttp
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.serving import Pages, application, serving
from bot.web.checkup import examine
from bot.web.wiring import pages
from papers.errors import SettingsError, StoreUnavailable
from papers.wiring import Core
from tests.integration.servers import free_port

Ask = Callable[[str, str], Awaitable[tuple[int, str]]]
"""Method and path -> status and body; a method that is none is sent as it is."""


async def hello(request: web.Request) -> web.Response:
    return web.Response(text=f"hello {request.match_info['secret']}")


async def broken(request: web.Request) -> web.Response:
    del request
    raise ZeroDivisionError


async def away(request: web.Request) -> web.Response:
    del request
    raise StoreUnavailable("Redis does not answer")


PAGES: Pages = {
    ("GET", "/pages/{secret}"): hello,
    ("POST", "/forms/{secret}"): hello,
    ("GET", "/broken/{secret}"): broken,
    ("GET", "/away/{secret}"): away,
}


def visit(talk: Callable[[Ask], Awaitable[None]]) -> None:
    """Serve the pages and ask for some."""

    async def go() -> None:
        served = application(PAGES, lambda path: (200, f"{path} is fine".encode(), "text/plain"))
        async with serving(served, "127.0.0.1", 0) as port, aiohttp.ClientSession() as browser:

            async def ask(method: str, path: str) -> tuple[int, str]:
                if not method.isalpha():
                    return await junk(port, f"{method} {path} HTTP/1.1\r\nHost: us\r\n\r\n")
                async with browser.request(method, f"http://127.0.0.1:{port}{path}") as answer:
                    return answer.status, await answer.text()

            await talk(ask)

    asyncio.run(go())


async def junk(port: int, text: str) -> tuple[int, str]:
    """Send what no HTTP client would."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(text.encode())
    status = (await reader.readline()).split()[1]
    writer.close()
    return int(status), ""


def test_pages_and_probes_are_answered_by_method_and_path() -> None:
    async def talk(ask: Ask) -> None:
        assert await ask("GET", "/pages/s3cret") == (200, "hello s3cret")
        assert await ask("HEAD", "/pages/s3cret") == (200, "")
        assert await ask("POST", "/forms/s3cret") == (200, "hello s3cret")
        assert await ask("GET", "/readyz") == (200, "/readyz is fine")
        assert (await ask("GET", "/forms/s3cret"))[0] == 405
        assert (await ask("POST", "/pages/s3cret"))[0] == 405
        assert (await ask("GET", "/nowhere"))[0] == 404

    visit(talk)


def test_what_breaks_is_answered_and_logged_without_what_was_asked_for(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def talk(ask: Ask) -> None:
        assert (await ask("GET", "/away/s3cret"))[0] == 503
        status, said = await ask("GET", "/broken/s3cret")
        assert status == 500
        assert "Zero" not in said
        assert (await ask("G@T", "/pages/s3cret"))[0] == 400

    with capture_logs() as logs:
        visit(talk)
    assert [line["event"] for line in logs] == ["the server is away", "a page broke"]
    assert "s3cret" not in f"{logs} {caplog.text}"


def test_a_port_that_is_taken_is_told_of_by_the_setting_s_name() -> None:
    async def go() -> None:
        async with serving(web.Application(), "127.0.0.1", 0) as port:
            with pytest.raises(SettingsError, match=f"WEB_PORT: cannot listen on 127.0.0.1:{port}"):
                async with serving(web.Application(), "127.0.0.1", port):
                    pass

    asyncio.run(go())


def test_doctor_sees_whether_feeds_are_reached_there(core: Core) -> None:
    async def looked(served: Pages) -> str:
        async with serving(application(served, lambda path: (200, path.encode(), "")), "127.0.0.1", 0) as port:
            (found,) = [one async for one in examine(f"http://127.0.0.1:{port}")]
        return f"{found.grade}: {found.what}"

    async def go() -> None:
        assert (await looked(pages(core))).startswith("good: feeds: `paperboy web` answers at")
        assert (await looked(PAGES)).startswith("warning: feeds: something else answers at")
        (found,) = [one async for one in examine(f"http://127.0.0.1:{free_port()}")]
        assert "cannot be reached" in found.what

    asyncio.run(go())
