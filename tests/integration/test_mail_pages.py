"""The pages behind a mail's links, asked over a real socket as a browser and a mail program ask."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin

import aiohttp
import pytest

from bot.mail_links import Links
from bot.serving import application, serving
from bot.web.mail import MailPages
from papers.mailbox import Mailbox
from papers.model import Schedule
from papers.services.mailing import Invite
from papers.stores import keys
from papers.wiring import Stores
from tests.builders import subscription
from tests.conftest import NOW
from tests.contract.email import mailboxes, mailing
from tests.integration.outboxes import delivery

ADA = "ada@example.org"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


class Page(HTMLParser):
    """A page: its words, and where its forms lead."""

    def __init__(self, status: int, html: str, headers: Mapping[str, str]) -> None:
        super().__init__()
        self.status, self.text, self.headers = status, "", headers
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        if tag == "form":
            self.forms.append((given.get("action", ""), {}))
        if tag == "input":
            self.forms[-1][1][given["name"]] = given["value"]

    def handle_data(self, data: str) -> None:
        self.text += data


class Browser:
    """Asks for pages, and presses buttons."""

    def __init__(self, session: aiohttp.ClientSession, links: Links) -> None:
        self._session = session
        self.links = links

    async def get(self, address: str) -> Page:
        return await self._ask("GET", address)

    async def post(self, address: str, form: dict[str, str] | None = None) -> Page:
        return await self._ask("POST", address, form)

    async def press(self, address: str, page: Page, number: int) -> Page:
        """The button of the page's form with that number, as a browser finds its address."""
        action, form = page.forms[number]
        return await self.post(urljoin(address, action), form)

    async def _ask(self, method: str, address: str, form: dict[str, str] | None = None) -> Page:
        async with self._session.request(method, address, data=form) as answer:
            return Page(answer.status, await answer.text(), answer.headers)


def visit(stores: Stores, talk: Callable[[Browser], Awaitable[None]]) -> None:
    """Serve the pages, and talk."""

    async def go() -> None:
        async with aiohttp.ClientSession() as session:
            links = Links("", mailboxes(stores))
            pages = MailPages(mailing(stores), stores.channels, links, lambda: NOW).pages
            served = application(pages, lambda _: (200, b"", "text/plain"))
            async with serving(served, "127.0.0.1", 0) as port:
                await talk(Browser(session, replace(links, base=f"http://127.0.0.1:{port}")))

    asyncio.run(go())


@pytest.fixture
def invited(stores: Stores) -> Mailbox:
    wanted = (subscription(query="diffusion <script>alert(1)</script>"),)
    return mailing(stores).invite(Invite(ADA, "local", "Somebody <b>", wanted, Schedule("daily", "08:00")))


def state(stores: Stores, mailbox: Mailbox) -> str:
    found = mailboxes(stores).get(mailbox.id)
    return found.state if found else "none"


def test_looking_changes_nothing_and_pressing_confirms(stores: Stores, invited: Mailbox) -> None:
    async def talk(browser: Browser) -> None:
        link = browser.links.confirm(invited, invited.invitations[-1])
        for _ in range(2):  # a scanner, and then the reader
            page = await browser.get(link)
        assert state(stores, invited) == "new"
        assert "every day at 08:00 UTC" in page.text
        assert "diffusion <script>" in page.text
        assert ADA not in page.text
        assert "script" not in page.tags
        done = await browser.press(link, page, 0)
        assert (done.status, state(stores, invited)) == (200, "confirmed")
        assert "Thu 12 Mar at 08:00" in done.text
        assert (await browser.post(link)).status == 404

    visit(stores, talk)


def test_the_other_button_refuses(stores: Stores, invited: Mailbox) -> None:
    async def talk(browser: Browser) -> None:
        link = browser.links.confirm(invited, invited.invitations[-1])
        page = await browser.press(link, await browser.get(link), 1)
        assert (page.status, state(stores, invited)) == (200, "refused")
        assert (await browser.get(link)).status == 404

    visit(stores, talk)


def test_one_click_unsubscribes_and_a_look_does_not(stores: Stores, invited: Mailbox) -> None:
    async def talk(browser: Browser) -> None:
        await browser.post(browser.links.confirm(invited, invited.invitations[-1]))
        link = browser.links.leave(invited)
        assert (await browser.get(link)).status == 200
        assert state(stores, invited) == "confirmed"
        page = await browser.post(link, ONE_CLICK)
        assert (page.status, state(stores, invited)) == (200, "left")
        assert (await browser.post(link, ONE_CLICK)).status == 200  # mail programs try again
        back = await browser.press(link, page, 0)
        assert state(stores, invited) == "confirmed"
        assert "diffusion" in back.text

    visit(stores, talk)


def test_a_reader_sees_what_they_get_and_can_have_a_lost_mail_again(stores: Stores, invited: Mailbox) -> None:
    lost = delivery(1, "2603.00001", where=invited.destination, due=NOW)

    async def talk(browser: Browser) -> None:
        await browser.post(browser.links.confirm(invited, invited.invitations[-1]))
        stores.outbox.put([lost], NOW + timedelta(seconds=1))
        stores.server.call("HSET", keys.delivery(invited.destination, lost.id), "state", "parked")
        link = browser.links.manage(invited)
        page = await browser.get(link)
        assert "may not have reached you" in page.text
        assert "on its way" in (await browser.press(link, page, 0)).text
        assert stores.outbox.history(invited.destination)[0].state == "pending"
        assert "may not have reached you" not in (await browser.get(link)).text

    visit(stores, talk)


def test_an_address_that_is_a_key_is_kept_by_nobody(stores: Stores, invited: Mailbox) -> None:
    async def talk(browser: Browser) -> None:
        for address in (
            browser.links.confirm(invited, invited.invitations[-1]),
            browser.links.leave(invited),
            f"{browser.links.base}/email/manage/x",
        ):
            headers = (await browser.get(address)).headers
            assert headers["Referrer-Policy"] == "no-referrer"
            assert headers["Cache-Control"] == "no-store"
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]

    visit(stores, talk)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_wrong_link_says_so_and_does_nothing(stores: Stores, invited: Mailbox, method: str) -> None:
    async def talk(browser: Browser) -> None:
        for path in ("confirm", "unsubscribe"):
            ask = browser.get if method == "get" else browser.post
            for token in ("x", invited.id, "%00", "é", "a" * 2_000):
                page = await ask(f"{browser.links.base}/email/{path}/{token}")
                assert page.status == 404
                assert "link" in page.text
        assert state(stores, invited) == "new"

    visit(stores, talk)
