"""The bot stopped and started anew: commands are told once, and messages from before go on being answered."""

from __future__ import annotations

import pytest

from bot.discord import acts
from bot.discord.commands import Papers
from papers.stores.server import Server
from tests.fakes.discord import StrictDiscord
from tests.fakes.entries import item
from tests.fakes.upstream import Upstream
from tests.integration.discordline import DAY, DiscordLine, ask, brought, choose, press, subscribe, told

TOLD = "commands set"


@pytest.fixture
def stopped(server: Server, upstream: Upstream, platform: StrictDiscord, quick_shards: None) -> DiscordLine:
    """The bot, not yet at work."""
    del quick_shards
    return DiscordLine(server, upstream, platform)


def test_commands_are_told_once_and_not_again_at_the_next_start(stopped: DiscordLine) -> None:
    for _ in range(3):
        with stopped.running():
            assert "/papers" in told(ask(stopped, "help"))
    assert stopped.discord.counts[TOLD] == 1


def test_commands_that_changed_are_told_at_the_next_start(
    stopped: DiscordLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stopped.running():
        pass
    original = Papers.__init__

    def described_otherwise(self: Papers, *listeners: object) -> None:
        original(self, *listeners)  # type: ignore[arg-type] # as it came
        self.description = "Something else"

    monkeypatch.setattr(Papers, "__init__", described_otherwise)
    for _ in range(2):
        with stopped.running():
            (papers,) = [one for one in stopped.discord.commands() if one["name"] == "papers"]
            assert papers["description"] == "Something else"
    assert stopped.discord.counts[TOLD] == 2


def test_another_app_is_told_of_them_too(stopped: DiscordLine, server: Server, upstream: Upstream) -> None:
    with stopped.running():
        pass
    with StrictDiscord() as another:
        line = DiscordLine(server, upstream, another)
        with line.running():
            assert "/papers" in told(ask(line, "help"))
        assert another.counts[TOLD] == 1
        assert another.violations == []


@pytest.mark.parametrize("trouble", ["500", "429", "hang up"])
def test_commands_that_discord_did_not_take_at_first_are_told_in_the_end(stopped: DiscordLine, trouble: str) -> None:
    stopped.discord.fail("bulk_set_application_commands", trouble, seconds=0.1)
    with stopped.running():
        assert "/papers" in told(ask(stopped, "help"))
    assert stopped.discord.counts[TOLD] == 1


def test_a_command_that_another_release_had_is_answered_in_words(stopped: DiscordLine) -> None:
    with stopped.running():
        (papers,) = [one for one in stopped.discord.commands() if one["name"] == "papers"]
        papers["options"].append({"type": 1, "name": "gone", "description": "What this release has no more"})
        assert "again" in told(ask(stopped, "gone"))


def test_every_button_of_a_post_from_before_is_answered(stopped: DiscordLine, upstream: Upstream) -> None:
    with stopped.running():
        subscribe(stopped, query="diffusion")
        headline = brought(stopped)[0]
    upstream.day(DAY, [item("2603.00001", "Diffusion for maps", upvotes=31)])
    with stopped.running():
        for verb, argument, answer in (
            (acts.UP, "2603.00001", "👍 counted"),
            (acts.DOWN, "2603.00001", "👎 counted"),
            (acts.SAY, "why 2603.00001", "wanted"),
            (acts.SAY, "similar 2603.00001", "“Diffusion for maps”"),
        ):
            act = press(stopped, headline, verb, argument, stopped.grace)
            assert act.is_ephemeral
            assert answer in told(act)
        assert stopped.discord.messages(stopped.channel) == [headline]


def test_pages_turn_and_menus_choose_in_answers_from_before(stopped: DiscordLine, upstream: Upstream) -> None:
    upstream.day(DAY, [item(f"2603.{n:05}", f"Diffusion number {n}", upvotes=99 - n) for n in range(1, 31)])
    with stopped.running():
        stopped.poll()
        found = ask(stopped, "search", query="diffusion " + "OR diffusion " * 30)
        for number in range(6):
            subscribe(stopped, query=f"word{number}")
        listed = ask(stopped, "list")
    with stopped.running():
        stopped.discord.click(stopped.ada, found.message, "More →")
        stopped.discord.until(lambda: "page 2 of" in found.text)
        assert "Edit #2" in choose(stopped, listed, "Edit …", "#2 word1").modal["title"]
        choose(stopped, listed, "Unsubscribe from …", "#6 word5")
        stopped.discord.until(lambda: "Unsubscribed from #6" in told(listed))


def test_a_draft_from_before_is_saved(stopped: DiscordLine) -> None:
    with stopped.running():
        draft = ask(stopped, "subscribe", about="drawing maps", volume="~1/day")
    with stopped.running():
        assert "Subscribed: #1" in told(press(stopped, draft, acts.SAVE))


def test_a_form_from_before_is_taken(stopped: DiscordLine) -> None:
    with stopped.running():
        opened = ask(stopped, "subscribe")
    with stopped.running():
        draft = stopped.discord.submit(stopped.ada, opened, query="diffusion")
        assert "Subscribed: #1" in told(press(stopped, draft, acts.SAVE))


def test_a_button_of_another_release_is_answered_in_words(stopped: DiscordLine) -> None:
    with stopped.running():
        for custom_id in ("polish:TOKEN", "say", "say:no such command", "save:", "up:", "turn:", "post:"):
            draft = ask(stopped, "subscribe", query="diffusion")
            next(part for part in draft.message.parts if "custom_id" in part)["custom_id"] = custom_id
            act = press(stopped, draft, *custom_id.partition(":")[::2])
            assert "⚠" in told(act) or "/papers" in told(act), custom_id
            assert "something broke" not in told(act)
