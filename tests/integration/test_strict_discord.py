"""The strict Discord, met by discord.py: the gateway, messages, threads, permissions, faults."""

from __future__ import annotations

import time
from collections.abc import Iterator

import aiohttp
import discord
import pytest

from tests.fakes.discord import StrictDiscord, deny
from tests.fakes.discord.permissions import SEND_MESSAGES, SEND_MESSAGES_IN_THREADS, VIEW_CHANNEL
from tests.fakes.discord.sessions import Session
from tests.fakes.discord.world import FORUM
from tests.integration.discord_bot import Bot, card, point, running


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Iterator[StrictDiscord]:
    with StrictDiscord() as platform:
        point(monkeypatch, platform)
        yield platform


def test_a_bot_meets_its_guilds_and_its_channels(platform: StrictDiscord) -> None:
    guild = platform.guild("Lab", locale="de")
    channel = platform.channel(guild, "papers")
    with running(Bot(), platform) as bot:
        bot.do(bot.wait_until_ready())
        here = bot.get_guild(int(guild.id))
        assert here is not None
        assert (here.name, str(here.preferred_locale), here.me.id) == ("Lab", "de", int(platform.bot.id))
        assert [one.id for one in here.channels] == [int(channel.id)]
        later = platform.channel(platform.guild("Another"), "news")
        platform_saw = lambda: bot.get_channel(int(later.id)) is not None  # noqa: E731 - asked again and again
        assert _soon(platform_saw)
    assert platform.violations == []
    assert platform.counts["get_bot_gateway"] == 1


def test_guilds_are_dealt_to_shards_by_their_ids(platform: StrictDiscord) -> None:
    platform.gateway.shards = 2
    guilds = [platform.guild(id_=str((number << 22) + 7)) for number in (1, 2, 3)]
    with running(Bot(), platform, 2) as bot:
        bot.do(bot.wait_until_ready())
        assert {one.id for one in bot.guilds} == {int(one.id) for one in guilds}
        dealt = {one.shard: [guild["id"] for guild in one.history[0]["d"]["guilds"]] for one in sessions(platform)}
        assert dealt == {(0, 2): [guilds[1].id], (1, 2): [guilds[0].id, guilds[2].id]}
    assert platform.violations == []


def test_a_bot_that_is_cut_off_resumes_and_misses_nothing(platform: StrictDiscord) -> None:
    guild = platform.guild()
    channel = platform.channel(guild)
    with running(Bot(), platform) as bot:
        bot.do(bot.wait_until_ready())
        platform.drop_connections()
        platform.update_channel(channel, name="renamed")
        platform.until(lambda: platform.counts["resumed"], 15)
        assert _soon(lambda: "renamed renamed" in bot.seen)
        platform.reconnect()
        platform.until(lambda: platform.counts["resumed"] == 2)
        platform.invalidate()
        platform.until(lambda: platform.sessions.started == 2)
    assert platform.violations == []


@pytest.mark.parametrize(("intents", "told"), [("message_content", "4014"), ("members", "4014")])
def test_intents_that_are_privileged_are_refused(platform: StrictDiscord, intents: str, told: str) -> None:
    bot = Bot(discord.Intents(guilds=True, **{intents: True}))
    with pytest.raises(AssertionError, match="did not happen"), running(bot, _impatient(platform)):
        pass
    assert isinstance(bot.failure, discord.PrivilegedIntentsRequired)
    assert told in platform.violations[0]


def test_intents_that_are_not_needed_are_noted(platform: StrictDiscord) -> None:
    with running(Bot(discord.Intents(guilds=True, moderation=True)), platform):
        pass
    assert platform.violations == ["gateway: intents 4 are not needed"]


def test_a_token_that_was_reset_is_refused(platform: StrictDiscord) -> None:
    guild = platform.guild()
    with running(Bot(), platform) as bot:
        platform.reset_token()
        with pytest.raises(discord.HTTPException) as refused:
            bot.call("GET", f"/guilds/{guild.id}")
        assert (refused.value.status, refused.value.code) == (401, 0)
        platform.close_connections()
        assert _soon(lambda: isinstance(bot.failure, discord.ConnectionClosed))
    assert len(platform.api.pace.in_vain) == 1


def test_a_nonce_that_is_enforced_never_makes_a_second_message(platform: StrictDiscord) -> None:
    channel = platform.channel(platform.guild())
    body = {**card(), "nonce": "n" * 24, "enforce_nonce": True}
    path = f"/channels/{channel.id}/messages"
    with running(Bot(), platform) as bot:
        first = bot.call("POST", path, json=body)
        assert bot.call("POST", path, json=body)["id"] == first["id"] == platform.messages(channel)[0].id
        assert first["nonce"] == "n" * 24
        platform.world.ahead += 600
        assert bot.call("POST", path, json=body)["id"] != first["id"]
        assert "nonce" not in bot.call("GET", path)[0]
    assert [one.nonce for one in platform.messages(channel)] == ["n" * 24] * 2
    assert platform.violations == []


@pytest.mark.parametrize("kind", ["hang up before", "hang up after", "500 before", "500 after"])
def test_a_fault_before_or_after_the_message_is_taken(platform: StrictDiscord, kind: str) -> None:
    channel = platform.channel(platform.guild())
    body = {**card(), "nonce": "1", "enforce_nonce": True}
    path = f"/channels/{channel.id}/messages"
    with running(Bot(), platform) as bot:
        platform.fail("create_message", kind)
        if kind.startswith("hang up"):
            with pytest.raises(aiohttp.ServerDisconnectedError):
                bot.call("POST", path, json=body)
            assert len(platform.messages(channel)) == (kind == "hang up after")
        bot.call("POST", path, json=body)
        assert len(platform.messages(channel)) == 1
    assert platform.calls("create_message")[0].answer == kind


def test_what_is_wrong_is_refused_with_its_place_and_noted(platform: StrictDiscord) -> None:
    channel = platform.channel(platform.guild())
    with running(Bot(), platform) as bot:
        with pytest.raises(discord.HTTPException, match="Must be 2000 or fewer") as refused:
            bot.call("POST", f"/channels/{channel.id}/messages", json={"content": "x" * 2001})
        assert (refused.value.status, refused.value.code) == (400, 50035)
        with pytest.raises(discord.HTTPException, match="Cannot send an empty message"):
            bot.call("POST", f"/channels/{channel.id}/messages", json={"content": ""})
        with pytest.raises(discord.NotFound):
            bot.call("GET", "/nowhere")
    assert len(platform.violations) == 3
    assert platform.messages(channel) == []


def test_who_may_not_write_is_told_why(platform: StrictDiscord) -> None:
    guild = platform.guild()
    silent = platform.channel(guild, overwrites=[deny(SEND_MESSAGES, guild)])
    hidden = platform.channel(guild, overwrites=[deny(VIEW_CHANNEL, guild)])
    mute = platform.thread(platform.channel(guild, overwrites=[deny(SEND_MESSAGES_IN_THREADS, platform.bot)]))
    forum = platform.channel(guild, kind=FORUM)
    lonely = platform.direct(platform.user("ada"))
    closed = platform.user("bob", guild)
    closed.takes_dms = False
    told = {silent: 50013, hidden: 50001, mute: 50013, forum: 50008, lonely: 50007, platform.direct(closed): 50007}
    with running(Bot(), platform) as bot:
        for channel_id, code in [*((one.id, code) for one, code in told.items()), ("1", 10003)]:
            with pytest.raises(discord.HTTPException) as refused:
                bot.call("POST", f"/channels/{channel_id}/messages", json={"content": "hello"})
            assert refused.value.code == code
        platform.remove_guild(guild)
        for path, code in ((f"/guilds/{guild.id}", 10004), (f"/channels/{silent.id}", 50001)):
            with pytest.raises(discord.HTTPException) as refused:
                bot.call("GET", path)
            assert refused.value.code == code


def test_threads_under_messages_and_posts_of_forums(platform: StrictDiscord) -> None:
    guild = platform.guild()
    channel, forum = platform.channel(guild), platform.channel(guild, "forum", FORUM)
    with running(Bot(), platform) as bot:
        head = bot.call("POST", f"/channels/{channel.id}/messages", json=card())
        path = f"/channels/{channel.id}/messages/{head['id']}/threads"
        thread = bot.call("POST", path, json={"name": "Why", "auto_archive_duration": 1440})
        assert thread["id"] == head["id"]
        with pytest.raises(discord.HTTPException) as refused:
            bot.call("POST", path, json={"name": "Why"})
        assert refused.value.code == 160004
        reply = bot.call("POST", f"/channels/{thread['id']}/messages", json={"content": "because"})
        bot.call("POST", f"/channels/{forum.id}/threads", json={"name": "Today", "message": card()})
        (post,) = platform.threads(forum)
        assert platform.messages(post)[0].id == post.id
        platform.update_thread(platform.threads(channel)[0], archived=True)
        with pytest.raises(discord.HTTPException) as refused:
            bot.call("PATCH", f"/channels/{thread['id']}/messages/{reply['id']}", json={"content": "x"})
        assert refused.value.code == 50083
        bot.call("POST", f"/channels/{thread['id']}/messages", json={"content": "and again"})
        assert not platform.threads(channel)[0].is_archived
        platform.update_thread(platform.threads(channel)[0], archived=True, locked=True)
        with pytest.raises(discord.HTTPException) as refused:
            bot.call("POST", f"/channels/{thread['id']}/messages", json={"content": "no more"})
        assert refused.value.code == 50083
    assert platform.violations == []


def test_history_comes_in_pages_newest_first(platform: StrictDiscord) -> None:
    guild = platform.guild()
    channel = platform.channel(guild)
    ada = platform.user("ada", guild)
    ids = [platform.say(ada, channel, str(number)).id for number in range(5)]
    path = f"/channels/{channel.id}/messages"
    with running(Bot(), platform) as bot:

        def page(**query: str) -> list[int]:
            return [ids.index(one["id"]) for one in bot.call("GET", path, params=query)]

        assert page() == [4, 3, 2, 1, 0]
        assert page(limit="2") == [4, 3]
        assert page(limit="2", after=ids[0]) == [2, 1]
        assert page(limit="2", before=ids[3]) == [2, 1]
        assert page(limit="3", around=ids[2]) == [3, 2, 1]
        with pytest.raises(discord.HTTPException):
            page(limit="101")


def test_own_messages_are_changed_and_deleted_and_those_of_others_are_not(platform: StrictDiscord) -> None:
    guild = platform.guild()
    channel = platform.channel(guild)
    theirs = platform.say(platform.user("ada", guild), channel, "hello")
    path = f"/channels/{channel.id}/messages"
    with running(Bot(), platform) as bot:
        own = bot.call("POST", path, json=card())
        changed = bot.call("PATCH", f"{path}/{own['id']}", json={"components": card("## Another")["components"]})
        assert changed["edited_timestamp"]
        assert platform.messages(channel)[1].text == "## Another"
        for method, code in (("PATCH", 50005), ("DELETE", 50013)):
            body = {"json": {"content": "x"}} if method == "PATCH" else {}
            with pytest.raises(discord.Forbidden) as refused:
                bot.call(method, f"{path}/{theirs.id}", **body)
            assert refused.value.code == code
        bot.call("DELETE", f"{path}/{own['id']}")
    assert platform.messages(channel) == [theirs]


def test_buckets_hold_and_discord_py_keeps_to_them(platform: StrictDiscord) -> None:
    channel = platform.channel(platform.guild())
    platform.limit("create_message", 3, 0.3)
    with running(Bot(), platform) as bot:
        begun = time.monotonic()
        for number in range(7):
            bot.call("POST", f"/channels/{channel.id}/messages", json={"content": str(number)})
        assert time.monotonic() - begun >= 0.6
        assert platform.counts["429"] == 0
        platform.fail("create_message", "429", seconds=0.1)
        bot.call("POST", f"/channels/{channel.id}/messages", json={"content": "once more"})
        assert platform.counts["429 before"] == 1
    assert len(platform.messages(channel)) == 8


def test_who_asks_in_vain_too_often_is_banned(platform: StrictDiscord) -> None:
    guild = platform.guild()
    hidden = platform.channel(guild, overwrites=[deny(VIEW_CHANNEL, guild)])
    with running(Bot(), platform) as bot:
        platform.ban_after(1)
        for code in (50001, 50001, 0):
            with pytest.raises(discord.Forbidden) as refused:
                bot.call("GET", f"/channels/{hidden.id}")
            assert refused.value.code == code
        assert platform.counts["banned"] == 1


def test_what_happens_in_a_guild_is_told(platform: StrictDiscord) -> None:
    guild = platform.guild()
    channel = platform.channel(guild)
    thread = platform.thread(channel)
    with running(Bot(), platform) as bot:
        bot.do(bot.wait_until_ready())
        bot.seen.clear()
        platform.update_channel(channel, name="new")
        platform.update_role(guild, guild.roles[guild.id], VIEW_CHANNEL)
        platform.update_thread(thread, archived=True)
        platform.delete_channel(thread)
        platform.delete_channel(channel)
        platform.remove_guild(guild, unavailable=True)
        platform.return_guild(guild)
        platform.remove_guild(guild)
        told = ["renamed new", f"role {VIEW_CHANNEL}", "archived True", f"thread gone {thread.id}", "deleted new"]
        told += [f"unavailable {guild.id}", f"available {guild.id}", f"removed {guild.id}"]
        assert _soon(lambda: len(bot.seen) == len(told)), bot.seen
        assert bot.seen == told


def sessions(platform: StrictDiscord) -> list[Session]:
    with platform.world.lock:
        return list(platform.sessions.all.values())


def _soon(condition: object, seconds: float = 5.0) -> bool:
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return bool(condition())


def _impatient(platform: StrictDiscord) -> StrictDiscord:
    """Not to wait ten seconds for who will never be connected."""
    wait = platform.until
    platform.until = lambda condition, seconds=1.0: wait(condition, min(seconds, 1.0))  # type: ignore[method-assign] # for this one object
    return platform
