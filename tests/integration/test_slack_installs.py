"""Installations: kept sealed, found by what a request says of itself, and forgotten as a whole."""

from __future__ import annotations

import asyncio
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.oauth.installation_store.models.installation import Installation
from structlog.testing import capture_logs

from bot.slack.installs import KIND, Installs, States, Workspace, dump, load
from bot.slack.tokens import workspace_of
from papers.errors import StoreError
from papers.keyring import Keyring
from papers.stores import keys
from papers.stores.once import Once
from papers.stores.server import Server
from papers.stores.vault import Vault


def installation(team: str | None = "T1", enterprise: str | None = None, **more: object) -> Installation:
    """An installation as OAuth's flow makes it of Slack's answer."""
    values: dict[str, object] = {
        "app_id": "A1",
        "enterprise_id": enterprise,
        "team_id": team,
        "team_name": f"Team {team}" if team else None,
        "bot_token": "xoxb-hunter2",
        "bot_refresh_token": "xoxe-1-hunter2",
        "bot_token_expires_in": 43200,
        "bot_id": "B1",
        "bot_user_id": "UBOT",
        "bot_scopes": "chat:write,commands",
        "user_id": "U1",
        "is_enterprise_install": team is None,
        "token_type": "bot",
        **more,
    }
    return Installation(**values)  # type: ignore[arg-type] # as OAuth's JSON has them


@pytest.fixture
def vault(server: Server) -> Vault:
    return Vault(server, Keyring([bytes([7]) * 32]))


@pytest.fixture
def installs(vault: Vault) -> Installs:
    return Installs(vault)


@pytest.mark.parametrize(
    ("enterprise", "team", "org_wide", "workspace"),
    [
        (None, "T1", False, "T1"),
        ("E1", "T1", False, "T1"),
        ("E1", "T1", None, "T1"),
        ("E1", "T1", True, "E1"),
        ("E1", None, True, "E1"),
        ("E1", None, False, "E1"),
        ("E1", "", False, "E1"),
        (None, "T1", True, "T1"),
        (None, None, True, ""),
    ],
)
def test_a_workspace_is_the_team_unless_the_organisation_installed(
    enterprise: str | None, team: str | None, *, org_wide: bool | None, workspace: str
) -> None:
    assert workspace_of(enterprise, team, is_enterprise_install=org_wide) == workspace


@given(
    st.floats(0, 4e9),
    st.none() | st.integers(0, 4_000_000_000),
    st.none() | st.lists(st.sampled_from(["chat:write", "commands", "links:read"]), min_size=1, unique=True),
    st.none() | st.text(max_size=20),
)
def test_an_installation_comes_back_as_it_was_and_is_written_the_same(
    installed_at: float, ends: int | None, scopes: list[str] | None, name: str | None
) -> None:
    first = installation(
        installed_at=installed_at,
        bot_token_expires_at=ends,
        bot_token_expires_in=None,
        bot_scopes=scopes,
        team_name=name,
    )
    again = load(dump(first))
    assert dump(again) == dump(first)
    assert (again.bot_token, again.bot_refresh_token, again.user_id) == ("xoxb-hunter2", "xoxe-1-hunter2", "U1")
    assert (again.bot_token_expires_at, again.team_name) == (ends, name)
    assert list(again.bot_scopes or []) == (scopes or [])
    assert again.installed_at == pytest.approx(installed_at, abs=1e-5)


def test_what_paperboy_never_uses_is_not_kept() -> None:
    extra = {
        "user_token": "xoxp-hunter3",
        "user_refresh_token": "xoxe-hunter3",
        "incoming_webhook_url": "https://hooks.example/hunter3",
        "incoming_webhook_configuration_url": "https://hooks.example/hunter3",
    }
    assert b"hunter3" not in dump(installation(**extra))


def test_a_workspace_is_found_by_its_team_and_an_organisation_by_its_own_id(installs: Installs) -> None:
    async def go() -> None:
        await installs.async_save(installation("T1"))
        await installs.async_save(installation("T2", "E1"))
        await installs.async_save(installation(None, "E2", enterprise_name="Org"))
        one = await installs.async_find_installation(enterprise_id=None, team_id="T1", user_id="U9")
        two = await installs.async_find_bot(enterprise_id="E1", team_id="T2")
        org = await installs.async_find_bot(enterprise_id="E2", team_id="T7", is_enterprise_install=True)
        assert one
        assert two
        assert org
        assert (one.team_id, two.team_id, org.enterprise_id) == ("T1", "T2", "E2")
        assert await installs.async_find_bot(enterprise_id="E2", team_id="T7") is None
        assert await installs.async_find_installation(enterprise_id=None, team_id=None) is None
        scopes = ("chat:write", "commands")
        assert await installs.workspaces() == [
            Workspace("E2", "Org", scopes, "U1"),
            Workspace("T1", "Team T1", scopes, "U1"),
            Workspace("T2", "Team T2", scopes, "U1"),
        ]

    asyncio.run(go())


def test_installing_again_takes_the_place_of_what_was_there(installs: Installs) -> None:
    async def go() -> None:
        await installs.async_save(installation("T1"))
        await installs.async_save(installation("T1", bot_token="xoxb-anew", user_id="U2"))  # noqa: S106 - made up
        found = await installs.find("T1")
        assert found
        assert (found.bot_token, found.user_id, len(await installs.workspaces())) == ("xoxb-anew", "U2", 1)

    asyncio.run(go())


@pytest.mark.parametrize("team", ["T1", None])
def test_uninstalling_forgets_the_workspace_and_no_other(team: str | None, installs: Installs, server: Server) -> None:
    async def go() -> None:
        await installs.async_save(installation(team, "E1"))
        await installs.async_save(installation("T2", "E1"))
        await installs.async_delete_all(enterprise_id="E1", team_id=team)

    asyncio.run(go())
    assert server.call("HKEYS", keys.vault(KIND)) == ["T2"]


def test_a_user_s_own_tokens_do_not_take_the_bot_with_them(installs: Installs) -> None:
    async def go() -> None:
        await installs.async_save(installation("T1"))
        await installs.async_delete_installation(enterprise_id=None, team_id="T1", user_id="U1")
        assert await installs.find("T1")
        await installs.async_delete_installation(enterprise_id=None, team_id="T1")
        assert await installs.find("T1") is None

    asyncio.run(go())


def test_a_late_rotation_undoes_neither_a_new_installation_nor_a_removal(installs: Installs) -> None:
    async def go() -> None:
        await installs.async_save(installation("T1"))
        old = await installs.find("T1")
        assert old
        rotated = installation("T1", bot_token="xoxb-rotated")  # noqa: S106 - made up
        await installs.async_save(installation("T1", bot_token="xoxb-anew"))  # noqa: S106 - made up
        assert not await installs.replace("T1", old, rotated)
        found = await installs.find("T1")
        assert found
        assert found.bot_token == "xoxb-anew"  # noqa: S105 - made up
        assert await installs.remove("T1")
        assert not await installs.replace("T1", found, rotated)
        assert await installs.workspaces() == []

    asyncio.run(go())


def test_what_is_no_installation_is_told_without_showing_it(installs: Installs, vault: Vault) -> None:
    vault.put(KIND, "T1", b'{"hunter2": 1}')
    vault.put(KIND, "T2", b"hunter2")
    for name in ("T1", "T2"):
        with pytest.raises(StoreError, match="not readable") as caught:
            asyncio.run(installs.find(name))
        assert "hunter2" not in f"{caught.value!r}{caught.value.__cause__!r}"


def test_no_token_is_printed_or_logged(installs: Installs, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def go() -> str:
        await installs.async_save(installation("T1"))
        return f"{await installs.find('T1')!r} {await installs.workspaces()!r} {installs!r}"

    with capture_logs() as logs:
        printed = asyncio.run(go())
    assert "hunter2" not in f"{printed} {logs} {caplog.text}"


def test_a_state_is_used_once(server: Server) -> None:
    async def go() -> list[bool]:
        states = States(Once(server))
        state = await states.async_issue()
        used = await asyncio.gather(*(states.async_consume(state) for _ in range(5)))
        return [*used, await states.async_consume(state), await states.async_consume("made-up")]

    assert sum(asyncio.run(go())) == 1


def test_a_state_is_good_for_ten_minutes(server: Server) -> None:
    state = asyncio.run(States(Once(server)).async_issue())
    assert 590 < server.call("TTL", keys.issued("slack-oauth", state)) <= 600
