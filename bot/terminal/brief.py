"""What was done, where that is soon told, and a channel's private feed."""

from __future__ import annotations

from typing import Final, assert_never

from rich.console import RenderableType

from bot.inviting import invited_facts, invited_news
from bot.phrases import KEEP, feed_news, forgot, repaired, tally
from bot.terminal.card import ACCENT, QUIET, STRONG, done, joined, line, title, unbroken
from papers.answers.channel import Resent
from papers.answers.votes import Forgotten, Voted
from papers.mailbox import Invited
from papers.outlet import FeedAnswer
from papers.trouble import Repaired

SHOWN_ID: Final = 8
"""Characters of a delivery's id that are shown: enough to tell a channel's deliveries apart."""


def brief(
    answer: Voted | Forgotten | Repaired | Resent | FeedAnswer | Invited,
) -> list[RenderableType]:
    """Any of these."""
    match answer:
        case Voted():
            return _voted(answer)
        case Forgotten():
            return [done(f"Forgotten: #{answer.subscription.number}", answer.label), line(forgot(answer))]
        case Repaired():
            mended = done(f"The feed of #{answer.subscription.number} answers", answer.label)
            return [mended, line(repaired(answer))]
        case Resent():
            return [done("Goes out again", answer.delivery[:SHOWN_ID])]
        case Invited():
            return [done(invited_news(answer)), line(invited_facts(answer))]
        case FeedAnswer():
            return _feed(answer)
        case _:
            assert_never(answer)


def _voted(answer: Voted) -> list[RenderableType]:
    told = {1: "👍 counted", -1: "👎 counted", 0: "Vote taken back"}[answer.vote]
    return [done(told), joined((title(answer.paper), *(line(fact, QUIET) for fact in tally(answer))))]


def _feed(answer: FeedAnswer) -> list[RenderableType]:
    head = done(feed_news(answer)) if answer.change else line(feed_news(answer), STRONG)
    if not answer.atom:
        return [head, *([line("/papers feed new makes one", QUIET)] if answer.is_served else [])]
    addresses = [unbroken(address, ACCENT) for address in (answer.atom, answer.rss)]
    return [head, *addresses, line(KEEP, QUIET), line("/papers feed new changes it, /papers feed off ends it", QUIET)]
