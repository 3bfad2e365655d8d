"""Installing: a browser goes to Slack and comes back, and whatever goes wrong on the way has a page."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.oauth.installation_store.models.installation import Installation
from structlog.testing import capture_logs
from yarl import URL

from bot.slack.oauth import INSTALL, REDIRECT, redirect_uri, success_page
from papers.stores.server import Server
from tests.fakes.slack import StrictSlack
from tests.integration.browsing import SCOPES, UNREACHABLE, Site, site


@pytest.fixture
def slack() -> Iterator[StrictSlack]:
    with StrictSlack() as slack:
        slack.workspace("T1")
        slack.workspace("T2", enterprise="E1")
        yield slack
        assert slack.violations == []


def visit(slack: StrictSlack, server: Server, go: Callable[[Site], Awaitable[None]]) -> None:
    async def run() -> None:
        async with site(slack, server) as here:
            await go(here)

    asyncio.run(run())


@pytest.mark.parametrize("rotates", [False, True])
def test_a_workspace_installs_paperboy_and_is_told_what_to_do_next(
    slack: StrictSlack, server: Server, *, rotates: bool
) -> None:
    slack.registry.rotates = rotates

    async def go(here: Site) -> None:
        status, page, headers = await here.get(INSTALL)
        assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert "Paperboy is installed in T1" in page
        assert "team=T1&amp;id=A0PAPERBOY&amp;tab=home" in page
        assert "/papers subscribe" in page
        found = await here.installs.find("T1")
        assert found
        assert slack.world.installs[found.bot_token or ""].workspace == "T1"
        assert (found.bot_id, found.bot_user_id, found.user_id) == ("BT1", "UBOTT1", "U1")
        assert sorted(found.bot_scopes or []) == sorted(SCOPES)
        assert bool(found.bot_refresh_token and found.bot_token_expires_at) == rotates
        assert here.told == [("T1", "U1")]

    visit(slack, server, go)


def test_an_organisation_installs_paperboy_for_all_its_workspaces(slack: StrictSlack, server: Server) -> None:
    slack.allow_as("U7", "", "E1")

    async def go(here: Site) -> None:
        status, page, _ = await here.get(INSTALL)
        assert (status, "Paperboy is installed in E1" in page) == (200, True)
        found = await here.installs.find("E1")
        assert found
        assert found.is_enterprise_install
        assert here.told == [("E1", "U7")]

    visit(slack, server, go)


def test_the_install_page_asks_slack_for_what_is_needed_and_only_for_the_bot(
    slack: StrictSlack, server: Server
) -> None:
    async def go(here: Site) -> None:
        address, asked = await here.leave()
        assert address.startswith(f"{slack.url}/oauth/v2/authorize?")
        assert asked.pop("state")[0]
        assert asked == {
            "client_id": [slack.client_id],
            "scope": [",".join(SCOPES)],
            "redirect_uri": [f"{here.url}{REDIRECT}"],
        }

    visit(slack, server, go)


def test_a_workspace_that_installs_again_gets_its_new_token(slack: StrictSlack, server: Server) -> None:
    async def go(here: Site) -> None:
        await here.get(INSTALL)
        first = await here.installs.find("T1")
        await here.get(INSTALL)
        second = await here.installs.find("T1")
        assert first
        assert second
        assert first.bot_token != second.bot_token
        assert len(await here.installs.workspaces()) == 1

    visit(slack, server, go)


def test_a_state_is_good_once(slack: StrictSlack, server: Server) -> None:
    async def go(here: Site) -> None:
        address, _ = await here.leave()
        cookies = {cookie.key: cookie.value for cookie in here.browser.cookie_jar}
        assert (await here.get(await here.come_back(address)))[0] == 200
        here.browser.cookie_jar.update_cookies(cookies, URL(here.url))
        status, page, _ = await here.get(await here.come_back(address))
        assert (status, "finished already" in page) == (401, True)

    visit(slack, server, go)


def test_a_state_that_ran_out_is_refused(slack: StrictSlack, server: Server) -> None:
    async def go(here: Site) -> None:
        back = await here.come_back((await here.leave())[0])
        server.call("FLUSHALL")  # ten minutes later
        status, page, _ = await here.get(back)
        assert (status, "Start again" in page) == (401, True)
        assert await here.installs.workspaces() == []

    visit(slack, server, go)
    assert slack.called("oauth.v2.access") == []


def test_another_browser_s_installation_cannot_be_finished(slack: StrictSlack, server: Server) -> None:
    async def go(here: Site) -> None:
        back = await here.come_back((await here.leave())[0])
        here.browser.cookie_jar.clear()
        assert (await here.get(back))[0] == 400
        await here.leave()  # one of this browser's own, with another state
        status, page, _ = await here.get(back)
        assert (status, "not the browser" in page) == (400, True)
        assert await here.installs.workspaces() == []

    visit(slack, server, go)
    assert slack.called("oauth.v2.access") == []


def test_a_cancelled_installation_says_so_and_repeats_nothing_unescaped(slack: StrictSlack, server: Server) -> None:
    async def go(here: Site) -> None:
        status, page, headers = await here.get(f"{REDIRECT}?error=access_denied&state=x")
        assert (status, "was cancelled" in page) == (200, True)
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")
        _, page, _ = await here.get(f"{REDIRECT}?error=%3Cscript%3Ealert(1)%3C/script%3E{'x' * 5000}")
        assert "<script>" not in page
        assert len(page) < 2000

    visit(slack, server, go)


@pytest.mark.parametrize(
    ("method", "trouble", "status"),
    [
        ("oauth.v2.access", "invalid_code", 401),
        ("oauth.v2.access", "500", 401),
        ("oauth.v2.access", "hang up", 502),
        ("auth.test", "hang up", 502),
    ],
)
def test_trouble_with_slack_has_a_page_and_stores_nothing(
    method: str, trouble: str, status: int, slack: StrictSlack, server: Server
) -> None:
    slack.fail(method, trouble)

    async def go(here: Site) -> None:
        seen, page, _ = await here.get(INSTALL)
        assert (seen, "Start again" in page) == (status, True)
        assert await here.installs.workspaces() == []
        assert here.told == []
        assert (await here.get(INSTALL))[0] == 200

    visit(slack, server, go)


def test_trouble_with_our_own_store_has_a_page(slack: StrictSlack) -> None:
    async def run() -> None:
        away = Server("redis://127.0.0.1:1")
        async with site(slack, away) as here:
            status, page, _ = await here.get(INSTALL)
            assert (status, "Try again later" in page) == (503, True)
        away.close()

    asyncio.run(run())


def test_somebody_who_cannot_be_greeted_has_installed_all_the_same(slack: StrictSlack, server: Server) -> None:
    slack.allow_as(UNREACHABLE)

    async def go(here: Site) -> None:
        assert (await here.get(INSTALL))[0] == 200
        assert await here.installs.find("T1")

    visit(slack, server, go)


def test_behind_a_proxy_slack_is_told_the_world_s_name_of_the_page(slack: StrictSlack, server: Server) -> None:
    async def go(here: Site) -> None:
        for headers in ({"X_Forwarded_Host": "bot.example.org, inner"}, {"Host": "bot.example.org"}):
            _, _, answer = await here.get(INSTALL, follow=False, **headers)
            asked = parse_qs(urlsplit(answer["Location"]).query)
            assert asked["redirect_uri"] == ["https://bot.example.org/slack/oauth_redirect"]
        assert (await here.get(INSTALL, follow=False, X_Forwarded_Host="a&team=T9"))[0] == 400

    visit(slack, server, go)


def test_no_token_and_no_code_is_logged(slack: StrictSlack, server: Server, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secrets = {slack.client_secret}

    async def go(here: Site) -> None:
        await here.get(INSTALL)
        slack.fail("oauth.v2.access", "bad_client_secret")
        back = await here.come_back((await here.leave())[0])
        secrets.update(parse_qs(urlsplit(back).query)["code"])
        await here.get(back)

    slack.registry.rotates = True
    with capture_logs() as logs:
        visit(slack, server, go)
    secrets |= {one.token for one in slack.world.installs.values()} | {
        one.refresh for one in slack.world.installs.values()
    }
    assert len(secrets) == 4
    assert [one["event"] for one in logs] == ["a workspace installed Paperboy", "an installation failed"]
    assert [secret for secret in secrets if secret in f"{logs} {caplog.text}"] == []


@given(st.text(max_size=40) | st.from_regex(r"[a-z.]{1,9}(:\d{1,5})?[&?#/@ ,]?[a-z]{0,3}", fullmatch=True))
def test_a_redirect_address_is_that_page_of_some_host_or_there_is_none(host: str) -> None:
    address = redirect_uri(host)
    if address is not None:
        parts = urlsplit(address)
        assert (parts.path, parts.query, parts.fragment, parts.username) == (REDIRECT, "", "", None)
        assert parts.scheme in {"http", "https"}
        assert host.strip().startswith(parts.netloc)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("bot.example.org", "https://bot.example.org/slack/oauth_redirect"),
        ("bot.example.org:8443", "https://bot.example.org:8443/slack/oauth_redirect"),
        ("localhost:3000", "http://localhost:3000/slack/oauth_redirect"),
        ("127.0.0.1:3000", "http://127.0.0.1:3000/slack/oauth_redirect"),
        ("[::1]:3000", "http://[::1]:3000/slack/oauth_redirect"),
        ("127.0.0.1.example.org", "https://127.0.0.1.example.org/slack/oauth_redirect"),
        ("", None),
        ("user@example.org", None),
        ("example.org/x", None),
        ("example.org\n", "https://example.org/slack/oauth_redirect"),
    ],
)
def test_slack_leads_back_by_https_except_to_this_machine(host: str, address: str | None) -> None:
    assert redirect_uri(host) == address


def test_a_workspace_s_name_is_escaped() -> None:
    page = success_page(Installation(user_id="U1", team_id="T1", app_id="A1", team_name="<b>A&B</b>"))
    assert "&lt;b&gt;A&amp;B&lt;/b&gt;" in page
    assert "<b>" not in page
