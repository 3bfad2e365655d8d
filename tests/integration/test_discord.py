"""Discord from the keystroke to the posted message: the real bot over REST and gateway, against a strict Discord."""

from __future__ import annotations

from bot.discord import acts
from tests.fakes.discord import Message
from tests.integration.discordline import DiscordLine


def pressed(message: Message, verb: str, value: str) -> str:
    """A button's custom_id, by what it says."""
    (found,) = [one for one in message.custom_ids if acts.verb(one) == verb and one.partition(":")[2] == value]
    return found


def test_the_whole_way_from_a_subscription_to_a_vote(hall: DiscordLine) -> None:
    platform = hall.discord
    draft = platform.slash(hall.ada, hall.channel, "papers subscribe", query="diffusion -survey")
    assert draft.is_ephemeral
    assert "diffusion" in draft.text
    saved = platform.click(hall.ada, draft.message, "save").until(lambda act: "Subscribed" in act.text)
    assert saved.is_ephemeral
    hall.poll()
    hall.work()
    platform.until(lambda: platform.messages(hall.channel) and platform.threads(hall.channel))
    (headline,) = platform.messages(hall.channel)
    assert "Diffusion for maps" in headline.text
    assert "survey of" not in headline.text
    voted = platform.click(hall.grace, headline, pressed(headline, acts.UP, "2603.00001"))
    assert "👍" in voted.until(lambda act: act.text).text
    why = platform.click(hall.grace, headline, pressed(headline, acts.SAY, "why 2603.00001"))
    assert "diffusion" in why.until(lambda act: act.text).text
    assert "sent" in platform.slash(hall.grace, hall.channel, "papers log").text
    assert len(platform.messages(hall.channel)) == 1


def test_who_may_not_manage_the_channel_changes_nothing(hall: DiscordLine) -> None:
    refused = hall.discord.slash(hall.grace, hall.channel, "papers subscribe", query="diffusion")
    assert "Manage Channels" in refused.text
    assert "No subscriptions" in hall.discord.slash(hall.grace, hall.channel, "papers list").text
