"""App Home: what a person sees of their channels, and what its buttons do there."""

from __future__ import annotations

import pytest

from bot.slack import acts
from papers.model import Destination, Subscription, Want
from papers.stores.server import Server
from papers.wiring import clock
from tests.fakes.slack import StrictSlack
from tests.fakes.upstream import Upstream
from tests.integration.slackline import SlackLine, ask, one_workspace, pressing, subscribe, told, top, verbs, visit


@pytest.fixture
def secret(line: SlackLine) -> str:
    """C2, a private channel with U1 and the bot in it, where the word "secret" is subscribed to."""
    line.slack.channel("C2", members=["U1"], private=True)
    subscribe(line, "secret", channel="C2")
    return "C2"


def test_somebody_new_sees_the_first_steps_and_can_take_each(line: SlackLine) -> None:
    line.poll()
    assert "1. For yourself" in visit(line)
    slack = line.slack
    slack.click_home("U1", pressing(acts.SAY, "trending"))
    assert "Diffusion for maps" in top(line)
    slack.close("U1")
    slack.click_home("U1", pressing(acts.SAY, "help"))
    assert "/papers search" in top(line)
    slack.close("U1")
    slack.click_home("U1", pressing(acts.CHANNEL_FORM, "@U1")).until(lambda act: act.views)
    slack.submit("U1", {"query": "diffusion -survey"})
    slack.until(lambda: "Papers for you" in told(slack.home("U1")))
    assert "Subscribed" in top(line)


def test_papers_for_oneself_come_as_direct_messages(line: SlackLine) -> None:
    slack = line.slack
    visit(line, "U3")
    slack.click_home("U3", pressing(acts.CHANNEL_FORM, "@U3")).until(lambda act: act.views)
    slack.submit("U3", {"query": "diffusion -survey"})
    slack.until(lambda: "Papers for you" in told(slack.home("U3")))
    line.poll()
    line.work()
    slack.until(lambda: len(slack.direct("U3")) == 2)
    assert "Diffusion for maps" in told(slack.direct("U3")[0])


def test_channels_are_shown_to_those_who_are_in_them_alone(line: SlackLine, secret: str) -> None:
    subscribe(line, "diffusion")
    subscribe(line, "of my own", user="U2", channel=line.slack.dm("U2"))
    mine, theirs, others = visit(line, "U1"), visit(line, "U2"), visit(line, "U3")
    assert {word for word in ("diffusion", "secret", secret, "of my own") if word in mine} == {
        "diffusion",
        "secret",
        secret,
    }
    assert {word for word in ("diffusion", "secret", secret, "of my own") if word in theirs} == {
        "diffusion",
        "of my own",
    }
    assert "1. For yourself" in others


@pytest.mark.parametrize("press", [acts.CHANNEL_LIST, acts.CHANNEL_FORM])
def test_whoever_left_a_private_channel_sees_nothing_more_of_it(
    server: Server, upstream: Upstream, slack: StrictSlack, press: str
) -> None:
    line = one_workspace(server, upstream, slack, "socket")
    members = slack.channel("C2", members=["U1", "U2"], private=True).members
    with line.running():
        subscribe(line, "secret", channel="C2")
        assert "secret" in visit(line, "U2")
    members.discard("U2")
    with line.running():  # anew, as what Slack said is believed for a minute
        slack.click_home("U2", pressing(press, "C2"))  # in a Home that is still from before
        ask(line, "help", user="U2")  # whatever the press does is done by then
        assert "secret" not in told(slack.modal("U2"))
        assert "secret" not in visit(line, "U2")


@pytest.mark.parametrize("value", ["test 1", "settings"])
def test_whoever_left_with_a_modal_open_sees_nothing_more_in_it(
    server: Server, upstream: Upstream, slack: StrictSlack, value: str
) -> None:
    line = one_workspace(server, upstream, slack, "socket")
    members = slack.channel("C2", members=["U1", "U2"], private=True).members
    with line.running():
        subscribe(line, "secret", channel="C2")
        visit(line, "U2")
        slack.click_home("U2", pressing(acts.CHANNEL_LIST, "C2")).until(lambda act: act.views)
    members.discard("U2")
    with line.running():
        slack.click_modal("U2", pressing(acts.SAY, value)).until(lambda act: act.views)
        said = top(line, "U2")
        assert "secret" not in said
        assert "members" in said


def test_a_visit_shows_what_happened_meanwhile(line: SlackLine) -> None:
    subscribe(line, "diffusion")
    assert "diffusion" in visit(line)
    ask(line, "unsubscribe 1", user="U2")
    assert "1. For yourself" in visit(line)
    subscribe(line, "graphs")
    ask(line, "daily 09:00 Europe/Berlin")
    assert "09:00" in visit(line)
    published = len(line.slack.called("views.publish"))
    line.slack.open_home("U1", tab="messages")
    ask(line, "help")
    assert len(line.slack.called("views.publish")) == published


def test_show_all_lists_that_channel_and_its_buttons_act_on_it(line: SlackLine) -> None:
    slack = line.slack
    line.poll()
    for words in ("diffusion", "graphs"):
        subscribe(line, words)
    visit(line)
    slack.click_home("U1", pressing(acts.CHANNEL_LIST, "C1")).until(lambda act: act.views)
    slack.click_modal("U1", pressing(acts.SAY, "test 2")).until(lambda act: act.views)
    assert "Graphs of words" in top(line)
    slack.close("U1")
    slack.click_modal("U1", pressing(acts.FORM, "#2")).until(lambda act: act.views)
    slack.submit("U1", {"query": "words"})
    slack.until(lambda: "#2 \nwords" in told(slack.home("U1")))
    slack.close("U1")
    slack.click_modal("U1", pressing(acts.TURN, "unsubscribe 1"))
    slack.until(lambda: "diffusion" not in told(slack.home("U1")))
    slack.until(lambda: "Unsubscribed from #1" in told(slack.modal("U1")))
    assert "diffusion" not in told(ask(line, "list"))


def test_undo_after_unsubscribing_in_a_modal_is_for_the_same_channel(line: SlackLine) -> None:
    slack = line.slack
    subscribe(line, "diffusion")
    visit(line)
    slack.click_home("U1", pressing(acts.CHANNEL_LIST, "C1")).until(lambda act: act.views)
    slack.click_modal("U1", pressing(acts.TURN, "unsubscribe 1"))
    slack.until(lambda: "Unsubscribed" in told(slack.modal("U1")))
    slack.click_modal("U1", pressing(acts.FORM, "diffusion")).until(lambda act: act.views)
    slack.submit("U1", {})
    slack.until(lambda: "Subscribed" in told(slack.modal("U1")))
    assert "diffusion" in told(ask(line, "list"))


def test_modals_can_be_pressed_through_as_deep_as_anybody_likes(line: SlackLine) -> None:
    slack = line.slack
    slack.user("U1", admin=True)
    line.poll()
    subscribe(line, "diffusion")
    visit(line)
    slack.click_home("U1", pressing(acts.CHANNEL_LIST, "C1")).until(lambda act: act.views)
    for value in ("settings", "settings format full", "settings quiet off", "settings cards on"):
        slack.click_modal("U1", pressing(acts.TURN if " " in value else acts.SAY, value))
        slack.until(lambda: "Looking…" not in told(slack.modal("U1")))
    slack.until(lambda: "gets the paper's card" in told(slack.modal("U1")))
    slack.click_modal("U1", pressing(acts.TURN, "settings changes admins"))
    slack.until(lambda: "✓ Settings kept" in told(slack.modal("U1")))
    assert line.stores.channels.channel(Destination("slack", "T1", "C1")).preferences.cards


@pytest.mark.parametrize("user", ["U1", "U2"])
def test_resume_in_app_home_goes_on_in_the_channel(line: SlackLine, user: str) -> None:
    subscribe(line, "diffusion")
    ask(line, "pause")
    assert "Resume" in visit(line, user)
    line.slack.click_home(user, pressing(acts.REPAIR, "C1"))
    line.slack.until(lambda: "Resume" not in told(line.slack.home(user)))
    assert "Posting again" in top(line, user)
    assert acts.REPAIR not in verbs(line.slack.home(user) or {})


def test_repair_in_app_home_lets_a_closed_channel_go_on(line: SlackLine) -> None:
    slack = line.slack
    subscribe(line, "diffusion -survey")
    slack.archive("C1")
    slack.until(lambda: slack.direct("U1"))
    slack.workspace().channels["C1"].is_archived = False  # and nobody tells
    assert "archived" in visit(line)
    slack.click_home("U1", pressing(acts.REPAIR, "C1"))
    slack.until(lambda: "archived" not in told(slack.home("U1")))
    line.poll()
    line.work()
    slack.until(lambda: len(slack.messages("C1")) == 2)


def test_a_hundred_channels_fit_into_app_home(line: SlackLine) -> None:
    for number in range(100):
        here = Destination("slack", "T1", line.slack.channel(f"C{100 + number}").id)
        want = Want(query=f"{'word OR ' * 30}word{number}")
        line.stores.channels.add(Subscription("", 0, here, want, created_by="U1", created_at=clock()))
    assert "more channel" in visit(line)
