"""A message of a post as Slack shows it. Pure: a delivery and its papers in, blocks out.

Every paper that a delivery brings is in its message: cards are kept small enough for that, whatever is in them, and
abstracts share what room is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.slack import acts, limits, mrkdwn, parts
from bot.slack.card import abstract, card, name, similar, votes, why
from bot.slack.fit import fit, weight
from bot.slack.message import Block, Message
from bot.slack.tables import repair
from papers import summary
from papers.answers.card import Card
from papers.model import Delivery, Item, Paper
from papers.text import clean, shorten
from papers.wording.headings import heading_text

_SEPARATOR: Final = " · "


def render_post(delivery: Delivery, papers: Mapping[str, Paper], *, pictures: bool = True) -> Message:
    """One message: a headline with its cards, a reply, or one quiet line.

    A paper that `papers` does not hold (the archive forgot it since) is named by its id. `pictures`: with thumbnails,
    whose addresses Slack must be able to reach, or it refuses the whole message.
    """
    known = {
        paper: papers.get(paper, Paper(paper, paper))
        for paper in (*(item.paper for item in delivery.items), *delivery.abstracts)
    }
    match delivery.kind:
        case "digest":
            blocks = _cards(_head(delivery), delivery, known, pictures=pictures)
        case "more":
            blocks = _cards([parts.small(_first_line(delivery))], delivery, known, pictures=pictures)
        case "abstracts":
            blocks = _abstracts(delivery, known)
        case "empty" | "edit":
            blocks = [parts.small(_first_line(delivery))]
        case "notice":
            blocks = _notice(delivery)
    first = f": {name(next(iter(known.values())))}" if known and delivery.kind == "digest" else ""
    return Message(mrkdwn.literal(_first_line(delivery) + first, limits.FALLBACK), tuple(blocks))


def render_card(shared: Card) -> Message:
    """The card of a paper whose link somebody shared."""
    blocks = card(shared, similar(shared.paper.id))
    return Message(mrkdwn.literal(name(shared.paper), limits.FALLBACK), tuple(blocks))


def _first_line(delivery: Delivery) -> str:
    return heading_text(delivery.heading, delivery.kind)


def _head(delivery: Delivery) -> list[Block]:
    """The day and how many; below it, for which subscriptions, and whether it is late."""
    heading = delivery.heading
    wanted = shorten(", ".join(clean(label) for label in heading.subscriptions), limits.FACTS)
    told = [f"for {wanted}" if wanted else "", clean(heading.note or "")]
    about = shorten(_SEPARATOR.join(part for part in told if part), limits.SENTENCE)
    top = parts.header(heading_text(replace(heading, subscriptions=()), delivery.kind))
    return [top, parts.small(about)] if about else [top]


def _cards(head: list[Block], delivery: Delivery, papers: Mapping[str, Paper], *, pictures: bool) -> list[Block]:
    """The items' cards, with a summary, or the abstract where the message shows that."""
    made = [_card(item, papers[item.paper], 0, pictures=pictures) for item in delivery.items]
    share = _share(weight(head) + weight(made), len(made))
    whole = set(delivery.abstracts) if share > limits.SUMMARY else set()
    shown = [
        _card(item, papers[item.paper], share if item.paper in whole else 0, pictures=pictures)
        for item in delivery.items
    ]
    return fit(head, [[parts.DIVIDER, *blocks] for blocks in shown], blocks=limits.MESSAGE_BLOCKS)


def _card(item: Item, paper: Paper, whole: int, *, pictures: bool) -> list[Block]:
    """A card, with at most `whole` characters of the abstract."""
    buttons = (*votes(paper.id), why(paper.id), similar(paper.id))
    told = summary.card(paper, item.reasons, item.score, limit=limits.SUMMARY)
    return card(told, *buttons, pictures=pictures, whole=whole if clean(paper.abstract) else 0)


def _abstracts(delivery: Delivery, papers: Mapping[str, Paper]) -> list[Block]:
    head = [parts.small(_first_line(delivery))]
    named = [[abstract(papers[paper], 1)] for paper in delivery.abstracts]
    share = _share(weight(head) + weight(named), len(named))
    return fit(head, [[abstract(papers[paper], share)] for paper in delivery.abstracts], blocks=limits.MESSAGE_BLOCKS)


def _share(used: int, among: int) -> int:
    """How long each of `among` abstracts may be in a message of which `used` characters are taken."""
    room = limits.MESSAGE_CHARACTERS - limits.FALLBACK - limits.LABEL - used
    return max(1, min(room // max(among, 1) - len(parts.DIVIDER["type"]), limits.SECTION))


def _notice(delivery: Delivery) -> list[Block]:
    """The line, the channel that it is about by name, and a way to mend it."""
    note, about = shorten(_first_line(delivery), limits.SECTION), delivery.heading.about
    if delivery.heading.repair is not None:
        return [parts.rich(parts.words(note)), *parts.actions(repair(delivery.heading.repair))]
    if not about:
        return [parts.rich(parts.words(note))]
    before, named, after = note.partition(about)
    told = parts.rich(parts.words(before), parts.channel(about if named else "", "bold"), parts.words(after))
    return [told, *parts.actions(parts.button("Repair", acts.REPAIR, about, style="primary"))]
