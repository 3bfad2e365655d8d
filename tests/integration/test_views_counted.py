"""What people do in forms and views is counted as what they type is: by name, and by how it ended."""

from __future__ import annotations

from bot.slack import acts
from bot.tally import MISTYPED
from papers.model import Platform
from tests.integration.discordline import DiscordLine, press, soon
from tests.integration.discordline import ask as ask_discord
from tests.integration.slackline import SlackLine, ask, pressing, sent, told, top, visit
from tests.observed import Counted


def counted(platform: Platform, *names: str) -> dict[str, Counted]:
    """So many answers and refusals of each name, from now on: `form`, and `form refused`."""
    series = "paperboy_commands_total"
    answered = {name: Counted(series, platform=platform, command=name, outcome="answered") for name in names}
    refused = {f"{name} refused": Counted(series, platform=platform, command=name, outcome="refused") for name in names}
    return answered | refused


def grown(before: dict[str, Counted]) -> dict[str, float]:
    return {name: one.grew for name, one in before.items() if one.grew}


def test_slacks_home_form_and_lists_are_counted(line: SlackLine) -> None:
    line.poll()
    before = counted("slack", "home", "form", "preview", "submit", "list")
    slack = line.slack
    visit(line)
    slack.command("U1", "C1", "/papers subscribe").until(lambda act: act.views)
    slack.type_in_modal("U1", "query", "diffusion (")
    slack.until(lambda: "⚠" in told(slack.modal("U1")))
    slack.type_in_modal("U1", "query", "diffusion")
    slack.until(lambda: "Would have posted" in told(slack.modal("U1")))
    assert "Subscribed: #1" in sent(line)
    ask(line, "edit 9")
    slack.click_home("U1", pressing(acts.CHANNEL_LIST))
    slack.until(lambda: "diffusion" in top(line))
    assert grown(before) == {
        "home": 1,
        "form": 1,
        "form refused": 1,
        "preview": 1,
        "preview refused": 1,
        "submit": 1,
        "list": 1,
    }


def test_discords_forms_and_what_is_refused_before_it_is_read_are_counted(hall: DiscordLine) -> None:
    before = counted("discord", "form", "save", "subscribe", MISTYPED)
    form = ask_discord(hall, "subscribe")
    draft = hall.discord.submit(hall.ada, form, query="diffusion")
    press(hall, draft, acts.SAVE)
    ask_discord(hall, "edit", number=9)
    soon(lambda: grown(before) == {"form": 1, "form refused": 1, "subscribe": 1, "save": 1})
