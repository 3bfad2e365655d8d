"""Workspaces that install the bot, remove it, revoke its token and come back: what is kept, and who is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.slack.wiring import slack_installs
from papers.model import Destination
from papers.stores.server import Server
from papers.workspace import Workspace
from tests.fakes.entries import item
from tests.fakes.slack import StrictSlack
from tests.fakes.upstream import Upstream
from tests.integration.slackline import (
    DAY,
    Mode,
    SlackLine,
    ask,
    brought,
    install,
    many_workspaces,
    subscribe,
    told,
)

HERE = Destination("slack", "T1", "C1")


@pytest.fixture
def line(mode: Mode, server: Server, upstream: Upstream, slack: StrictSlack) -> Iterator[SlackLine]:
    """The bot that any workspace may install."""
    made = many_workspaces(server, upstream, slack, mode)
    with made.running():
        yield made


def secrets(line: SlackLine) -> list[str]:
    """Workspaces whose tokens are kept."""
    return slack_installs(line.core)._vault.names("slack")


@pytest.mark.parametrize("mode", ["socket", "http"])
@pytest.mark.parametrize("rotates", [False, True])
def test_installed_greeted_subscribed_removed_and_back_again(line: SlackLine, rotates: bool) -> None:  # noqa: FBT001 - a parameter of the test
    slack = line.slack
    if rotates:
        slack.rotate_tokens()
    assert "Paperboy is installed" in install(line)
    assert "Hello" in told(*slack.direct("U1"))
    assert slack.direct("U2") == []
    subscribe(line, "diffusion -survey")
    slack.uninstall()
    slack.until(lambda: not secrets(line) and line.stores.outbox.suspended(HERE))
    assert line.stores.departures.knows(Workspace.of(HERE))  # so its data is deleted one day
    line.poll()
    line.work()
    posted = len(slack.called("chat.postMessage"))
    assert "Paperboy is installed" in install(line)
    slack.until(lambda: line.stores.outbox.suspended(HERE) is None)
    assert not line.stores.departures.knows(Workspace.of(HERE))
    assert "Diffusion for maps" in told(brought(line, count=2)[0])
    assert "diffusion -survey" in told(ask(line, "list"))
    assert sum("Hello" in told(one) for one in slack.direct("U1")) == 2  # one for each installing
    assert posted == 1


def test_whoever_removed_the_app_removed_it_from_its_channels_too(line: SlackLine) -> None:
    slack = line.slack
    install(line)
    subscribe(line, "diffusion -survey")
    slack.uninstall()
    slack.workspace().channels["C1"].members.discard(slack.workspace().bot_user)
    slack.until(lambda: line.stores.outbox.suspended(HERE))
    install(line)
    assert "Diffusion for maps" in told(*brought(line, count=2))


def test_nothing_is_answered_where_the_app_is_not_installed(line: SlackLine) -> None:
    assert "reinstall" in told(ask(line, "list"))
    install(line)
    assert "No subscriptions" in told(ask(line, "list"))


def test_a_token_that_is_revoked_in_the_midst_of_sending_suspends_and_loses_nothing(line: SlackLine) -> None:
    slack = line.slack
    install(line)
    subscribe(line, "diffusion -survey")
    (token,) = slack.world.installs
    slack.just_before("chat.postMessage", lambda: slack.revoke(token))
    line.poll()
    line.work()
    slack.until(lambda: line.stores.outbox.suspended(HERE))
    slack.tokens_revoked()
    slack.until(lambda: not secrets(line))
    assert slack.messages("C1") == []
    install(line)
    slack.until(lambda: len(slack.messages("C1")) == 2)  # that post was refused, and waited
    assert "Diffusion for maps" in told(slack.messages("C1")[0])
    assert "diffusion -survey" in told(ask(line, "list"))


def test_people_who_revoke_their_own_tokens_change_nothing(line: SlackLine) -> None:
    install(line)
    line.slack.event("tokens_revoked", tokens={"oauth": ["U1"], "bot": []})
    assert secrets(line) == ["T1"]
    assert "No subscriptions" in told(ask(line, "list"))


def test_one_workspace_that_leaves_takes_nothing_from_another(line: SlackLine, upstream: Upstream) -> None:
    slack = line.slack
    slack.channel("C1", "T2", members=["U1"])
    for workspace in ("T1", "T2"):
        install(line, workspace)
        subscribe(line, "diffusion -survey", workspace=workspace)
    slack.uninstall("T1")
    slack.until(lambda: secrets(line) == ["T2"])
    assert len(brought(line, count=2, workspace="T2")) == 2
    assert slack.messages("C1", "T1") == []
    upstream.day(DAY, [item("2603.00004", "Diffusion for music", upvotes=5)])
    assert "music" in told(*brought(line, count=3, workspace="T2"))


def test_an_installation_that_was_cancelled_installs_nothing(line: SlackLine) -> None:
    assert "cancelled" in install(line, user="")
    assert secrets(line) == []


def test_an_installer_who_takes_no_messages_has_installed_it_all_the_same(line: SlackLine) -> None:
    line.slack.fail("chat.postMessage", "messages_tab_disabled")
    assert "Paperboy is installed" in install(line)
    assert secrets(line) == ["T1"]
