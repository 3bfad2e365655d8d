"""How the strict Discord misbehaves, and how fast an app may be: without HTTP and without waiting."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.discord import StrictDiscord, Weather
from tests.fakes.discord.api import Answer, Asked
from tests.fakes.discord.pace import GLOBAL, Pace
from tests.fakes.discord.world import Channel

Json = dict[str, Any]


@pytest.fixture
def platform() -> StrictDiscord:
    return StrictDiscord()


@pytest.fixture
def channel(platform: StrictDiscord) -> Channel:
    return platform.channel(platform.guild())


def post(platform: StrictDiscord, channel: Channel, content: str = "hello", **more: object) -> Answer:
    headers = {"authorization": f"Bot {platform.token}", "user-agent": "DiscordBot (https://example.org, 1)"}
    asked = Asked("POST", f"/channels/{channel.id}/messages", {}, headers, {"content": content, **more})
    return platform.api.answer(asked)


def test_buckets_tell_what_is_left_and_refuse_what_is_too_much(platform: StrictDiscord, channel: Channel) -> None:
    answers = [post(platform, channel) for _ in range(6)]
    assert [one.headers["X-RateLimit-Remaining"] for one in answers] == ["4", "3", "2", "1", "0", "0"]
    assert [one.status for one in answers] == [200] * 5 + [429]
    refused = answers[-1]
    assert refused.body["global"] is False
    assert 0 < refused.body["retry_after"] <= 5
    assert refused.headers["X-RateLimit-Scope"] == "user"
    assert post(platform, platform.channel(platform.guild())).status == 200
    assert platform.violations == []


def test_the_global_limit_is_fifty_calls_a_second(platform: StrictDiscord, channel: Channel) -> None:
    platform.limit("create_message", 1000, 1.0)
    answers = [post(platform, channel) for _ in range(GLOBAL + 1)]
    assert {one.status for one in answers[:-1]} == {200}
    assert answers[-1].status == 429
    assert answers[-1].body["global"] is True
    assert answers[-1].headers["X-RateLimit-Global"] == "true"


def test_the_weather_has_its_own_pace() -> None:
    pace = Pace()
    slow, few = Weather(per_channel=1.0), Weather(per_second=2)
    assert [pace.post(slow, "1", now) for now in (10.0, 10.8, 11.0)] == [0.0, 0.0, pytest.approx(0.75)]
    assert pace.post(slow, "2", 11.0) == 0.0
    assert [pace.post(few, one, 20.5) for one in "345"] == [0.0, 0.0, 0.5]
    assert pace.post(few, "6", 21.0) == 0.0


def test_the_weather_closes_channels_and_poisons_texts(platform: StrictDiscord, channel: Channel) -> None:
    platform.weather(poison="poison")
    assert post(platform, channel, "poison").body["code"] == 50035
    platform.weather(closed=(channel.id,))
    assert post(platform, channel).body["code"] == 50001
    platform.heal()
    assert post(platform, channel).status == 200
    assert platform.violations == []


@pytest.mark.parametrize(
    ("kind", "status", "taken"),
    [
        ("hang up before", 0, 0),
        ("hang up after", 0, 1),
        ("503 before", 503, 0),
        ("500 after", 500, 1),
        ("429", 429, 0),
        ("50001", 403, 0),
        ("slow", 200, 1),
    ],
)
def test_each_fault_happens_before_or_after_the_taking(
    platform: StrictDiscord, channel: Channel, kind: str, status: int, taken: int
) -> None:
    platform.fail("create_message", kind, seconds=0.5, channel=channel)
    elsewhere = platform.channel(platform.guild())
    assert post(platform, elsewhere).status == 200
    told = post(platform, channel)
    assert (told.status, len(platform.messages(channel))) == (status, taken)
    assert told.delay == (0.5 if kind == "slow" else 0.0)
    assert post(platform, channel).status == 200
    assert platform.violations == []


def test_faults_by_share_strike_about_that_share(platform: StrictDiscord, channel: Channel) -> None:
    platform.api.pace.is_on = False
    platform.weather(faults={"500 before": 0.5, "hang up after": 0.25})
    for _ in range(200):
        post(platform, channel)
    assert 70 < platform.counts["500 before"] < 130
    assert 25 < platform.counts["hang up after"] < 75


def test_a_nonce_of_another_channel_is_a_violation(platform: StrictDiscord, channel: Channel) -> None:
    first = post(platform, channel, nonce="1", enforce_nonce=True)
    assert post(platform, platform.channel(platform.guild()), nonce="1", enforce_nonce=True).body == first.body
    assert "was used in" in platform.violations[0]


def test_keys_that_discord_would_ignore_are_violations_and_not_refused(
    platform: StrictDiscord, channel: Channel
) -> None:
    assert post(platform, channel, embed={"title": "of an older API"}).status == 200
    assert platform.violations == ["create_message: embed: There is no such key here. (UNKNOWN_KEY)"]


def test_a_guild_in_an_outage_answers_503(platform: StrictDiscord, channel: Channel) -> None:
    guild = platform.world.guilds[channel.guild]
    platform.remove_guild(guild, unavailable=True)
    assert post(platform, channel).status == 503
    platform.return_guild(guild)
    assert post(platform, channel).status == 200
