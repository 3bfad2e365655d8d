"""A card whose paper rises is edited in Slack and in Discord by the bots at work there: from source to message."""

from __future__ import annotations

from typing import Any

from papers.model import Destination
from papers.stores import keys
from tests.fakes.entries import item
from tests.fakes.upstream import Upstream
from tests.integration import discordline, slackline
from tests.integration.discordline import DiscordLine
from tests.integration.slackline import DAY, SlackLine


def rises(line: SlackLine | DiscordLine, upstream: Upstream, **changes: Any) -> None:
    """The first paper of the day does, and what follows is done but for sending."""
    upstream.day(DAY, [item("2603.00001", "Diffusion for maps", summary="We draw maps by diffusion.", **changes)])
    line.poll()
    line.work()
    line.workshop.revise()


def test_a_card_in_slack_is_edited_in_place_and_said_to_be(line: SlackLine, upstream: Upstream) -> None:
    slackline.subscribe(line, "maps")
    brought = slackline.brought(line, count=2)  # the headline, and the abstracts in its thread
    headline = next(one for one in brought if one.thread_ts is None)
    line.slack.until(lambda: "sent" in slackline.told(slackline.ask(line, "log")))
    posts = len(line.slack.called("chat.postMessage"))
    rises(line, upstream, upvotes=640, githubRepo="https://github.com/lab/maps", githubStars=70)
    line.slack.until(lambda: "⬆ 640" in slackline.told(headline))
    assert "★ 70" in slackline.told(headline)
    assert len(line.slack.messages("C1")) == len(brought)
    assert len(line.slack.called("chat.postMessage")) == posts
    assert len(line.slack.called("chat.update")) == 1
    line.slack.until(lambda: "edited" in slackline.told(slackline.ask(line, "log")))


def test_in_slack_a_deleted_message_stays_deleted_and_the_channel_gets_its_posts(
    line: SlackLine, upstream: Upstream
) -> None:
    slackline.subscribe(line, "maps")
    headline = next(one for one in slackline.brought(line, count=2) if one.thread_ts is None)
    line.slack.until(lambda: "sent" in slackline.told(slackline.ask(line, "log")))
    line.slack.delete("C1", headline.ts)
    before = line.slack.messages("C1")
    rises(line, upstream, upvotes=640)
    line.slack.until(lambda: line.slack.called("chat.update"))
    line.slack.until(lambda: not line.stores.server.call("ZCARD", keys.platform("slack")))
    assert line.slack.messages("C1") == before
    assert line.stores.outbox.suspended(Destination("slack", "T1", "C1")) is None


def test_a_card_in_discord_is_edited_in_place_and_said_to_be(hall: DiscordLine, upstream: Upstream) -> None:
    discordline.subscribe(hall, query="maps")
    brought = discordline.brought(hall, count=2)
    headline = discordline.posted(hall)[0]
    discordline.soon(lambda: "sent" in discordline.told(discordline.ask(hall, "log")))
    posts = len(hall.discord.calls("create_message"))
    rises(hall, upstream, upvotes=640, githubRepo="https://github.com/lab/maps", githubStars=70)
    hall.discord.until(lambda: "⬆ 640" in headline.text)
    assert "★ 70" in headline.text
    assert discordline.posted(hall) == brought
    assert len(hall.discord.calls("create_message")) == posts
    assert len(hall.discord.calls("update_message")) == 1
    discordline.soon(lambda: "edited" in discordline.told(discordline.ask(hall, "log")))
