"""What users do in the strict Slack, told to an app of slack_bolt's: each act by Socket Mode and by HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import Impossible, StrictSlack
from tests.fakes.slack.guest import Guest
from tests.integration.strict_slack_shop import SHOP, form, register


@pytest.fixture(params=["socket", "http"])
def slack(request: pytest.FixtureRequest) -> Iterator[StrictSlack]:
    with StrictSlack() as house:
        house.channel("C1", members=["U1", "U2"])
        with Guest(house, register, http=request.param == "http"):
            yield house


def test_a_command_is_answered_at_once_or_later(slack: StrictSlack) -> None:
    act = slack.command("U1", "C1", "/shop now")
    assert act.acknowledged is not None
    assert act.acknowledged < 3
    assert [one.text for one in slack.ephemerals("U1", "C1")] == ["at once"]
    assert slack.command("U1", "C1", "/shop open").answered().text == "open"
    assert [one.text for one in slack.messages("C1")] == ["open"]
    assert slack.violations == []


def test_buttons_change_delete_and_answer_their_message(slack: StrictSlack) -> None:
    first, second = (slack.command("U1", "C1", f"/shop {name}").answered().ts for name in ("one", "two"))
    slack.click("U2", "C1", first, "buy").answered()
    assert (slack.messages("C1")[0].text, slack.messages("C1")[0].ts) == ("bought buy!", first)
    private = slack.click("U2", "C1", second, lambda element: element["value"] == "sell!").answered()
    assert private in slack.ephemerals("U2", "C1")
    assert slack.click("U2", "C1", private, "buy").answered().text == "bought buy!"
    slack.click("U1", "C1", second, "gone")
    slack.until(lambda: len(slack.messages("C1")) == 1)
    assert slack.violations == []


def test_nobody_clicks_what_they_do_not_see(slack: StrictSlack) -> None:
    ts = slack.command("U1", "C1", "/shop one").answered().ts
    private = slack.click("U2", "C1", ts, "sell").answered()
    with pytest.raises(Impossible, match="sees no message"):
        slack.click("U1", "C1", private, "buy")
    with pytest.raises(Impossible, match="0 elements"):
        slack.click("U1", "C1", ts, "steal")
    with pytest.raises(Impossible, match="nobody in T1"):
        slack.command("U9", "C1", "/shop")


def test_a_form_is_opened_filled_in_refused_and_sent(slack: StrictSlack) -> None:
    act = slack.command("U1", "C1", "/shop form").until(lambda act: act.views)
    assert act.views[0]["callback_id"] == "form"
    with pytest.raises(Impossible, match="must be filled in: query"):
        slack.submit("U1")
    with pytest.raises(Impossible, match="0 to 9 characters"):
        slack.submit("U1", {"query": "x" * 10})
    with pytest.raises(Impossible, match="has no option none"):
        slack.submit("U1", {"volume": "none"})
    assert slack.submit("U1", {"query": "bad", "volume": "many"}).errors == {"query": "no"}
    open_form = slack.modal("U1")
    assert open_form is not None
    state = open_form["state"]["values"]
    assert state["volume"]["volume"]["selected_option"]["value"] == "many"
    assert state["where"]["where"]["selected_conversation"] == "C1"
    assert slack.submit("U1", {"words": "good"}).errors == {}
    assert slack.modal("U1") is None
    assert slack.violations == []


def test_what_was_typed_stays_when_its_form_is_updated(slack: StrictSlack) -> None:
    slack.command("U1", "C1", "/shop form").until(lambda act: act.views)
    slack.type_in_modal("U1", "query", "llm")
    with pytest.raises(Impossible, match="no dispatch_action"):
        slack.type_in_modal("U1", "volume", "many")

    def title() -> str:
        view = slack.modal("U1")
        return str(view["title"]["text"]) if view else ""

    slack.until(lambda: title() == "Updated")
    view = slack.modal("U1")
    assert view is not None
    assert view["state"]["values"]["query"]["words"]["value"] == "llm"


def test_views_lie_on_top_of_each_other(slack: StrictSlack) -> None:
    slack.command("U1", "C1", "/shop form").until(lambda act: act.views)
    slack.click_modal("U1", "more").until(lambda act: act.views)
    slack.click_modal("U1", "more").until(lambda act: act.views)
    assert slack.modals("U1") == 3
    slack.click_modal("U1", "more")
    slack.until(lambda: slack.violations == ["views.push: push_limit_reached"])
    assert slack.close("U1") is None
    assert slack.close("U1") is None
    told = slack.close("U1")
    assert told is not None
    assert told.acknowledged is not None
    assert slack.modal("U1") is None
    assert len(slack.violations) == 1


def test_the_home_tab_is_published_and_clicked(slack: StrictSlack) -> None:
    slack.open_home("U1")
    slack.until(lambda: slack.home("U1"))
    assert slack.click_home("U1", "sell-all").acknowledged is not None
    assert slack.home("U2") is None


def test_a_shortcut_is_told_which_message_it_is_about(slack: StrictSlack) -> None:
    ts = slack.say("U2", "C1", "A title").ts
    act = slack.message_shortcut("U1", "C1", ts, "similar").until(lambda act: act.views)
    assert act.views[0]["title"]["text"] == "A title"


@pytest.mark.parametrize("source", ["conversations_history", "composer"])
def test_a_link_gets_its_card(slack: StrictSlack, source: str) -> None:
    slack.share_link("U1", "C1", SHOP, source=source)
    slack.until(lambda: slack.unfurls)
    assert slack.unfurls[SHOP]["blocks"][0]["text"]["text"] == "A card"
    assert slack.violations == []


def test_a_link_that_nobody_shared_gets_none(slack: StrictSlack) -> None:
    slack.share_link("U1", "C1", "https://else.where/")
    slack.until(lambda: slack.counts["cannot_unfurl_url"])
    assert slack.unfurls == {}


def test_an_answer_that_slack_would_not_show_is_a_violation(slack: StrictSlack) -> None:
    slack.command("U1", "C1", "/shop badly")
    slack.until(lambda: slack.violations)
    assert slack.violations[0].startswith("response_url: invalid_blocks")
    assert slack.ephemerals("U1", "C1") == []


def test_an_acknowledgement_after_three_seconds_is_a_violation(slack: StrictSlack) -> None:
    slack.command("U1", "C1", "/shop late")
    assert len(slack.violations) == 1
    assert slack.violations[0].startswith("slash_commands /shop: ")


def test_events_are_acknowledged_and_change_the_world(slack: StrictSlack) -> None:
    act = slack.archive("C1")
    assert act.acknowledged is not None
    assert slack.repeat(act).delivery.payload["event_id"] == act.delivery.payload["event_id"]
    assert [one.payload["event"]["type"] for one in slack.deliveries] == ["channel_archive"] * 2
    assert slack.violations == []


def test_an_uninstalled_apps_token_is_dead(slack: StrictSlack) -> None:
    told = slack.uninstall()
    assert [act.delivery.payload["event"]["type"] for act in told] == ["tokens_revoked", "app_uninstalled"]
    assert {one.trouble for one in slack.world.installs.values()} == {"account_inactive"}


def test_a_trigger_is_good_once_and_for_three_seconds(slack: StrictSlack) -> None:
    async def use(client: Any, trigger: str) -> str:
        try:
            return str((await client.views_open(trigger_id=trigger, view=form()))["ok"])
        except SlackApiError as error:
            return str(error.response["error"])

    client = AsyncWebClient(slack.install(), base_url=slack.api_url)
    name = slack.stage.trigger(("T1", "U1"))
    old = slack.stage.trigger(("T1", "U1"))
    assert asyncio.run(use(client, name)) == "True"
    assert asyncio.run(use(client, name)) == "exchanged_trigger_id"
    slack.later(3.1)
    assert asyncio.run(use(client, old)) == "expired_trigger_id"
    assert asyncio.run(use(client, "made-up")) == "invalid_trigger_id"
    assert len(slack.violations) == 3
