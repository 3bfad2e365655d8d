"""When what the bot stands on fails it: Valkey gone for a moment, Slack slow or refusing; and that it lives on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.slack import acts
from cli.embedded import EmbeddedValkey
from papers.model import Destination
from papers.stores import keys
from papers.stores.server import Server
from tests.fakes.slack import StrictSlack
from tests.fakes.upstream import Upstream
from tests.integration.slackline import Mode, SlackLine, ask, one_workspace, pressing, subscribe, told, visit


@pytest.fixture
def own(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    """A Valkey that may be stopped."""
    valkey = EmbeddedValkey(tmp_path / "own")
    valkey.start()
    yield valkey
    valkey.stop()


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_without_valkey_the_asker_is_told_and_with_it_all_goes_on(
    own: EmbeddedValkey, upstream: Upstream, slack: StrictSlack, mode: Mode
) -> None:
    line = one_workspace(Server(own.url), upstream, slack, mode)
    with line.running():
        subscribe(line, "diffusion")
        draft = ask(line, "subscribe graphs")
        own.stop()
        asked = slack.command("U1", "C1", "/papers list")
        pressed = slack.click("U1", "C1", draft, pressing(acts.SAVE))
        assert "again" in told(asked.answered())
        assert "again" in told(pressed.answered())
        own.start()
        assert "diffusion" in told(ask(line, "list"))
        assert "Subscribed" in told(slack.click("U1", "C1", draft, pressing(acts.SAVE)).answered())
    line.stores.server.close()


def test_an_event_that_comes_without_valkey_is_handled_when_slack_brings_it_again(
    own: EmbeddedValkey, upstream: Upstream, slack: StrictSlack
) -> None:
    line = one_workspace(Server(own.url), upstream, slack, "socket")
    slack.redeliver_after(1.0)
    with line.running():
        subscribe(line, "diffusion")
        own.stop()
        slack.archive("C1")
        own.start()
        slack.until(lambda: slack.direct("U1"), 10)
    line.stores.server.close()


@pytest.mark.parametrize("method", ["users.conversations", "conversations.info"])
def test_trouble_with_slack_is_told_of_and_soon_over(line: SlackLine, method: str) -> None:
    for trouble in ("500", "429", "hang up", "fatal_error", "missing_scope", "slow"):
        line.slack.fail(method, trouble, times=1, seconds=0.5)
        for user in ("U1", "U2"):
            assert told(ask(line, "subscribe maps", user=user))
        line.slack.heal()
    assert "Subscribed" in told(subscribe(line, "diffusion"))


@pytest.mark.parametrize("words", ["subscribe", "edit 1"])
def test_a_form_that_slack_does_not_open_is_told_of(line: SlackLine, words: str) -> None:
    subscribe(line, "diffusion")
    for trouble in ("500", "429", "hang up", "expired_trigger_id"):
        line.slack.fail("views.open", trouble)
        assert "again" in told(ask(line, words)), trouble


@pytest.mark.parametrize("method", ["views.publish", "views.update", "views.open", "users.conversations"])
def test_views_that_slack_does_not_take_break_nothing(line: SlackLine, method: str) -> None:
    slack = line.slack
    visit(line)
    for trouble in ("500", "hang up", "429"):
        slack.fail(method, trouble)
        slack.click_home("U1", pressing(acts.SAY, "help"))
        slack.open_home("U1")
        assert "/papers" in told(ask(line, "help"))
        slack.heal()
    visit(line)
    slack.click_home("U1", pressing(acts.SAY, "help"))
    slack.until(lambda: "/papers search" in told(slack.modal("U1")))


def test_a_response_url_that_is_gone_breaks_nothing(line: SlackLine) -> None:
    slack = line.slack
    late = slack.command("U1", "C1", "/papers list")
    late.answered()
    payload = late.delivery.payload | {"trigger_id": "x", "response_url": f"{slack.url}/respond/R9999"}
    delivery = slack.server.do(slack.courier.bring("slash_commands", payload))
    assert delivery.acknowledged is not None
    assert "/papers" in told(ask(line, "help"))


def test_a_service_that_breaks_is_apologised_for(line: SlackLine) -> None:
    subscribe(line, "diffusion")
    kept = keys.subscriptions(Destination("slack", "T1", "C1"))
    line.stores.server.call("HSET", kept, "1", "no JSON")
    assert "something broke on Paperboy's side" in told(ask(line, "list"))
    line.stores.server.call("DEL", kept)
    assert "No subscriptions" in told(ask(line, "list"))
