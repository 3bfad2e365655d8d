"""The strict Slack's Web API, called by slack_sdk's own client."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.fakes.slack import StrictSlack


@pytest.fixture
def slack() -> Iterator[StrictSlack]:
    with StrictSlack() as house:
        house.user("U1", admin=True, tz="Europe/Berlin")
        house.channel("C1", members=["U1", "U2"])
        yield house


@pytest.fixture
def client(slack: StrictSlack) -> WebClient:
    return client_of(slack, slack.install())


def client_of(slack: StrictSlack, token: str | None) -> WebClient:
    return WebClient(token, base_url=slack.api_url, retry_handlers=[])


def refused(call: Callable[[], Any]) -> Any:
    """What a call was refused with."""
    with pytest.raises(SlackApiError) as refusal:
        call()
    return refusal.value.response


def section(text: str) -> list[dict[str, Any]]:
    return [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]


def test_a_message_is_read_back_with_its_metadata(slack: StrictSlack, client: WebClient) -> None:
    metadata = {"event_type": "delivery", "event_payload": {"id": "d1"}}
    ts = client.chat_postMessage(channel="C1", text="x", metadata=metadata, unfurl_links=False)["ts"]
    client.chat_postMessage(channel="C1", text="y", thread_ts=ts, blocks=section("y"))
    (read,) = client.conversations_history(channel="C1", include_all_metadata=True)["messages"]
    assert read["metadata"] == metadata
    assert read["reply_count"] == 1
    assert "metadata" not in client.conversations_history(channel="C1")["messages"][0]
    assert [one["text"] for one in client.conversations_replies(channel="C1", ts=ts)["messages"]] == ["x", "y"]
    assert slack.messages("C1")[0].flags == {"unfurl_links": False}
    assert slack.thread("C1", ts)[0].blocks[0]["block_id"]
    assert slack.violations == []


def test_history_is_paged_and_bounded(client: WebClient) -> None:
    stamps = [client.chat_postMessage(channel="C1", text=str(number))["ts"] for number in range(5)]
    first = client.conversations_history(channel="C1", limit=2)
    assert [one["text"] for one in first["messages"]] == ["4", "3"]
    cursor = first["response_metadata"]["next_cursor"]
    assert [one["text"] for one in client.conversations_history(channel="C1", cursor=cursor)["messages"]] == [*"210"]
    between = {"oldest": stamps[1], "latest": stamps[3]}
    assert [one["text"] for one in client.conversations_history(channel="C1", **between)["messages"]] == ["2"]
    inside = client.conversations_history(channel="C1", inclusive=True, **between)["messages"]
    assert [one["text"] for one in inside] == ["3", "2", "1"]


def test_tokens_are_looked_at(slack: StrictSlack) -> None:
    assert refused(client_of(slack, None).auth_test)["error"] == "not_authed"
    assert refused(client_of(slack, "xoxb-nobody").auth_test)["error"] == "invalid_auth"
    token = slack.install(scopes=["chat:write"])
    lacking = refused(lambda: client_of(slack, token).users_info(user="U1"))
    assert (lacking["error"], lacking["needed"], lacking["provided"]) == ("missing_scope", "users:read", "chat:write")
    lacking = refused(lambda: client_of(slack, token).conversations_history(channel="C1"))
    assert lacking["needed"] == "channels:history"
    slack.revoke(token)
    assert refused(client_of(slack, token).auth_test)["error"] == "token_revoked"
    slack.revoke(token, "account_inactive")
    assert refused(client_of(slack, token).auth_test)["error"] == "account_inactive"
    assert slack.violations == ["auth.test: not_authed"]


def test_where_a_bot_may_write(slack: StrictSlack) -> None:
    slack.channel("C2", bot=False)
    slack.channel("G1", private=True, bot=False)
    slack.channel("C3", archived=True)
    client = client_of(slack, slack.install(scopes=["chat:write"]))
    public = client_of(slack, slack.install(scopes=["chat:write", "chat:write.public"]))
    assert refused(lambda: client.chat_postMessage(channel="C2", text="x"))["error"] == "not_in_channel"
    assert public.chat_postMessage(channel="C2", text="x")["ok"]
    for channel, error in {"G1": "channel_not_found", "C9": "channel_not_found", "C3": "is_archived"}.items():
        assert refused(partial(public.chat_postMessage, channel=channel, text="x"))["error"] == error
    assert client.chat_postMessage(channel="U2", text="psst")["channel"] == slack.dm("U2")
    assert [one.text for one in slack.direct("U2")] == ["psst"]
    assert slack.violations == []


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "blocks": section("")}, "invalid_blocks"),
        ({"text": "x", "blocks": section("x" * 2601) * 5}, "msg_blocks_too_long"),
        ({"text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        ({"text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "x", "event_payload": {"a": {}}}}, "invalid_metadata_schema"),
    ],
)
def test_a_message_that_slack_refuses_is_a_violation(
    slack: StrictSlack, client: WebClient, message: dict[str, Any], error: str
) -> None:
    answer = refused(lambda: client.api_call("chat.postMessage", json={"channel": "C1", **message}))
    assert answer["error"] == error
    (violation,) = slack.violations
    assert violation.startswith(f"chat.postMessage: {error}")
    assert slack.messages("C1") == []


def test_what_is_wrong_with_blocks_is_said(client: WebClient) -> None:
    answer = refused(lambda: client.chat_postMessage(channel="C1", text="x", blocks=section("")))
    assert answer["response_metadata"]["messages"] == ["[ERROR] /blocks/0/text/text: must be more than 0 characters"]


def test_methods_and_arguments_that_are_none_are_violations(slack: StrictSlack, client: WebClient) -> None:
    assert refused(lambda: client.api_call("chat.shout"))["error"] == "unknown_method"
    assert refused(lambda: client.api_call("chat.delete", json={"channel": "C1"}))["error"] == "invalid_arguments"
    client.chat_postMessage(channel="C1", text="x", colour="red")
    assert len(slack.violations) == 3


def test_a_picture_that_cannot_be_loaded_is_refused_and_no_violation(slack: StrictSlack, client: WebClient) -> None:
    picture = {"type": "image", "image_url": "https://example.org/x.png", "alt_text": "x"}
    slack.break_picture("https://example.org/x.png")
    answer = refused(lambda: client.chat_postMessage(channel="C1", text="x", blocks=[picture]))
    assert answer["error"] == "invalid_blocks"
    assert "downloading image failed" in answer["response_metadata"]["messages"][0]
    assert slack.violations == []


def test_messages_are_changed_and_deleted_by_who_wrote_them(slack: StrictSlack, client: WebClient) -> None:
    ts = client.chat_postMessage(channel="C1", text="x", blocks=section("x"))["ts"]
    client.chat_update(channel="C1", ts=ts, text="y")
    assert (slack.messages("C1")[0].text, slack.messages("C1")[0].blocks) == ("y", [])
    theirs = slack.say("U1", "C1", "mine").ts
    assert refused(lambda: client.chat_update(channel="C1", ts=theirs, text="y"))["error"] == "cant_update_message"
    assert refused(lambda: client.chat_delete(channel="C1", ts=theirs))["error"] == "cant_delete_message"
    client.chat_delete(channel="C1", ts=ts)
    assert refused(lambda: client.chat_delete(channel="C1", ts=ts))["error"] == "message_not_found"


def test_a_thread_may_be_gone(slack: StrictSlack, client: WebClient) -> None:
    ts = client.chat_postMessage(channel="C1", text="x")["ts"]
    slack.delete("C1", ts)
    answer = refused(lambda: client.chat_postMessage(channel="C1", text="y", thread_ts=ts))
    assert (answer["error"], slack.violations) == ("thread_not_found", [])


def test_an_ephemeral_message_is_for_one(slack: StrictSlack, client: WebClient) -> None:
    client.chat_postEphemeral(channel="C1", user="U2", text="psst")
    assert [one.text for one in slack.ephemerals("U2", "C1")] == ["psst"]
    assert (slack.ephemerals("U1", "C1"), slack.messages("C1")) == ([], [])
    outside = refused(lambda: client.chat_postEphemeral(channel="C1", user="U9", text="psst"))
    assert outside["error"] == "user_not_in_channel"


def test_channels_and_people_are_told_of(slack: StrictSlack, client: WebClient) -> None:
    slack.channel("G1", members=["U1"], private=True)
    slack.channel("G2", members=["U1"], private=True, bot=False)
    slack.channel("C2", members=["U2"], archived=True, bot=False)
    kinds = "public_channel,private_channel"
    assert [one["id"] for one in client.conversations_list(types=kinds)["channels"]] == ["C1", "G1", "C2"]
    assert [one["id"] for one in client.users_conversations(user="U1", types=kinds)["channels"]] == ["C1", "G1"]
    assert [one["id"] for one in client.conversations_list(exclude_archived=True)["channels"]] == ["C1"]
    assert client.conversations_info(channel="C2")["channel"]["is_archived"]
    first = client.conversations_members(channel="C1", limit=2)
    assert first["members"] == ["U1", "U2"]
    cursor = first["response_metadata"]["next_cursor"]
    assert client.conversations_members(channel="C1", cursor=cursor)["members"] == ["UBOTT1"]
    admin, other = (client.users_info(user=one)["user"] for one in ("U1", "U2"))
    assert (admin["is_admin"], admin["tz"], other["is_admin"]) == (True, "Europe/Berlin", False)
    assert refused(lambda: client.conversations_join(channel="C2"))["error"] == "is_archived"
    slack.channel("C3", bot=False)
    assert client.conversations_join(channel="C3")["channel"]["is_member"]
    assert client.team_info()["team"]["id"] == "T1"


def test_one_workspace_sees_nothing_of_another(slack: StrictSlack) -> None:
    slack.channel("C1", "T2", members=["U9"])
    client = client_of(slack, slack.install("T2"))
    client.chat_postMessage(channel="C1", text="over here")
    assert ([one.text for one in slack.messages("C1", "T2")], slack.messages("C1")) == (["over here"], [])
    assert refused(lambda: client.users_info(user="U1"))["error"] == "user_not_found"


def test_an_organisations_token_is_good_in_all_of_its_workspaces(slack: StrictSlack) -> None:
    slack.workspace("T5", enterprise="E1")
    slack.workspace("T6", enterprise="E1")
    slack.channel("C6", "T6")
    client = client_of(slack, slack.install("", enterprise="E1"))
    assert client.auth_test()["is_enterprise_install"]
    assert client.chat_postMessage(channel="C6", text="x")["ok"]
    assert refused(lambda: client.chat_postMessage(channel="C1", text="x"))["error"] == "channel_not_found"
    assert [one["id"] for one in client.conversations_list(team_id="T6")["channels"]] == ["C6"]


@pytest.mark.parametrize(
    ("kind", "taken"),
    [
        ("hang up before", 0),
        ("hang up after", 1),
        ("503 before", 0),
        ("500 after", 1),
        ("fatal_error after", 1),
        ("internal_error", 0),
        ("ratelimited", 0),
    ],
)
def test_a_call_goes_wrong_before_or_after_it_takes_effect(
    slack: StrictSlack, client: WebClient, kind: str, taken: int
) -> None:
    slack.fail("chat.postMessage", kind)
    with pytest.raises((SlackApiError, http.client.HTTPException, OSError)):
        client.chat_postMessage(channel="C1", text="x")
    assert len(slack.messages("C1")) == taken == slack.counts["taken"]
    assert client.chat_postMessage(channel="C1", text="y")["ok"]
    assert slack.violations == []


def test_a_slow_answer_is_late_and_its_message_is_not(slack: StrictSlack, client: WebClient) -> None:
    slack.fail("chat.postMessage", "slow", seconds=0.3)
    begun = time.monotonic()
    client.chat_postMessage(channel="C1", text="x")
    assert time.monotonic() - begun >= 0.3


def test_a_channel_takes_a_message_a_second(slack: StrictSlack, client: WebClient) -> None:
    slack.channel("C2")
    slack.weather(per_channel=1.0)
    client.chat_postMessage(channel="C1", text="x")
    client.chat_postMessage(channel="C2", text="x")
    answer = refused(lambda: client.chat_postMessage(channel="C1", text="x"))
    assert (answer.status_code, answer["error"], answer.headers["Retry-After"]) == (429, "ratelimited", "1")
    assert slack.counts["429"] == 1


def test_newer_apps_look_once_a_minute_at_fifteen_messages(slack: StrictSlack, client: WebClient) -> None:
    for number in range(20):
        client.chat_postMessage(channel="C1", text=str(number))
    slack.weather(per_minute=1)
    assert len(client.conversations_history(channel="C1", limit=100)["messages"]) == 15
    assert refused(lambda: client.conversations_history(channel="C1")).status_code == 429
    slack.later(61)
    assert client.conversations_history(channel="C1")["has_more"]


def test_something_happens_in_the_midst_of_a_post(slack: StrictSlack) -> None:
    token = slack.install()
    slack.just_before("chat.postMessage", lambda: slack.revoke(token))
    answer = refused(lambda: client_of(slack, token).chat_postMessage(channel="C1", text="x"))
    assert answer["error"] == "token_revoked"
    assert [(one.method, one.answer) for one in slack.requests] == [("chat.postMessage", "token_revoked")]


def test_a_mistake_of_its_own_is_not_hidden(slack: StrictSlack, client: WebClient) -> None:
    def stumble() -> None:
        raise LookupError("a bug")

    slack.just_before("auth.test", stumble)
    assert refused(client.auth_test).status_code == 500
    assert slack.violations == ["this Slack itself failed at /api/auth.test: LookupError('a bug')"]
