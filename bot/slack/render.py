"""Answers and errors for Slack: pure functions from values to messages.

    render(answer, now, zone)     any answer, to whoever asked
    public(message, user)         the same for everybody: "Post here"
    render_error(error)           what was wrong, where, and a button that says it right

Posts are in `bot.slack.post`, sentences in `papers.wording`, buttons' meanings in `bot.slack.acts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, assert_never

from bot.inviting import invited_facts, invited_news
from bot.pages import (
    digest_line,
    digest_title,
    found,
    narrowing,
    other_trends,
    page_of,
    ranked_by,
    subscribable,
    subscribable_trend,
)
from bot.phrases import KEEP, PREFIX, advice, feed_news, forgot, joined, place, reason, repaired, suggestions, tally
from bot.slack import acts, limits, mrkdwn, parts, previews, tables
from bot.slack.card import card, similar, title
from bot.slack.fit import fit
from bot.slack.message import Block, Message
from bot.slack.when import moment, next_line
from papers.answers import Answer, Help
from papers.answers.archive import DigestAnswer, SearchAnswer
from papers.answers.channel import LogAnswer, PauseAnswer, Resent, ScheduleAnswer, SettingsAnswer
from papers.answers.subscriptions import Draft, Listing, Preview, Removed, Saved
from papers.answers.votes import Forgotten, Voted
from papers.answers.why import WhyAnswer
from papers.errors import PaperboyError
from papers.mailbox import Invited
from papers.outlet import FeedAnswer
from papers.text import clean
from papers.trouble import Repaired
from papers.wording.channel import pause_text
from papers.wording.numbers import count
from papers.wording.subscriptions import label

_SEPARATOR: Final = " · "
_HELPED: Final = 20
"""Rows of help at most: there are five, or as many as a command has forms."""

_PRIVATE: Final = acts.CHOICES | {acts.TURN, acts.POST, acts.REPAIR}
"""Verbs that make sense to the asker only."""

_Paged = SearchAnswer | DigestAnswer

_Told = tuple[str, Sequence[Block]]
"""What a notification says, and the blocks."""


def render(answer: Answer, now: datetime, zone: str, *, token: str = "", line: str = "") -> Message:
    """Any answer; instants are told in each reader's own zone or, where Slack cannot, in `zone` (an IANA name).

    `token` is that of the draft which `answer` is. `line` is what was typed after `/papers`, without its page: what
    paging and "Post here" are made of.
    """
    text, blocks = _told(answer, now, zone, token=token, line=line)
    return Message(mrkdwn.literal(clean(text), limits.FALLBACK), tuple(blocks))


def public(message: Message, user: str) -> Message:
    """What was shown to `user` (an id) for everybody: signed, and without buttons that only the asker can use."""
    kept = [block if block["type"] != "actions" else _for_all(block) for block in message.blocks]
    signed = parts.small_print(f"Shared by <@{mrkdwn.escape(user)}>")
    return Message(message.text, (*(block for block in kept if block.get("elements") != []), signed))


def _for_all(block: Block) -> Block:
    return {**block, "elements": [one for one in block["elements"] if acts.verb(one["action_id"]) not in _PRIVATE]}


def render_error(error: PaperboyError) -> Message:
    """The reason, the place in a QUERY, what to change, and a button that says the nearest right line."""
    blocks = error_blocks(error)
    if rights := suggestions(error):
        blocks.append(parts.small("Did you mean"))
        blocks += parts.actions(*(_meant(right, str(at) if at else "") for at, right in enumerate(rights)))
    return Message(mrkdwn.literal(reason(error), limits.FALLBACK), tuple(blocks))


def _meant(right: str, apart: str) -> parts.Element | None:
    return parts.button(PREFIX + right, acts.SAY, right, apart=apart, spoken=f"Did you mean: {PREFIX}{right}")


def error_blocks(error: PaperboyError) -> list[Block]:
    """The same without the button: for a form, where a line cannot be said."""
    blocks = [parts.rich(parts.words("⚠ "), parts.quoted(reason(error), limits.SENTENCE, "bold"))]
    where = place(error)
    blocks += [parts.code(where)] if where else []
    told = [parts.words(text, *(("code",) if is_typed else ())) for text, is_typed in advice(error, limits.SENTENCE)]
    return [*blocks, parts.rich(*told)] if told else blocks


def _told(answer: Answer, now: datetime, zone: str, *, token: str, line: str) -> _Told:  # noqa: C901, PLR0911, PLR0912 - one line an answer
    match answer:
        case Help():
            return "How to use Paperboy", _help(answer)
        case SearchAnswer():
            return "".join(found(answer)), _search(answer, line)
        case Preview():
            return f"Preview of {answer.label}", previews.preview(answer)
        case Draft():
            return f"Not saved yet: {answer.preview.label}", previews.draft(answer, token)
        case Saved():
            return f"Saved #{answer.subscription.number}", previews.saved(answer, now)
        case Removed():
            return f"Unsubscribed from #{answer.subscription.number}", _removed(answer)
        case Listing():
            return count(len(answer.rows), "subscription"), tables.listing(answer, now)
        case ScheduleAnswer():
            return "Schedule set", _schedule(answer, now)
        case PauseAnswer():
            return pause_text(paused=answer.paused, already=answer.already), _paused(answer, now, zone)
        case DigestAnswer():
            return digest_title(answer), _digest(answer)
        case WhyAnswer():
            return answer.outcome, tables.why(answer)
        case LogAnswer():
            return "The last posts here", tables.log(answer, now, zone)
        case SettingsAnswer():
            return "Settings of this channel", tables.settings(answer)
        case Voted() | Forgotten() | Repaired() | Resent() | FeedAnswer() | Invited():
            return _brief(answer)
        case _:
            assert_never(answer)


def _brief(answer: Voted | Forgotten | Repaired | Resent | FeedAnswer | Invited) -> _Told:
    """What was done, where that is soon told."""
    match answer:
        case Voted():
            return "Vote counted" if answer.vote else "Vote taken back", _voted(answer)
        case Forgotten():
            return f"#{answer.subscription.number} forgot its votes", _forgotten(answer)
        case Repaired():
            return _repaired(answer)
        case Resent():
            again = "It goes out again"
            return again, [_done(again), parts.small("/papers log tells what becomes of it")]
        case Invited():
            return invited_news(answer), [_done(invited_news(answer)), parts.small(invited_facts(answer))]
        case FeedAnswer():
            return feed_news(answer), _feed(answer)
        case _:
            assert_never(answer)


def _done(what: str, detail: str = "") -> Block:
    told = parts.quoted(detail, limits.SENTENCE)
    return parts.rich(parts.words(f"✓ {what}", "bold"), parts.words(" " if told["text"] else ""), told)


def _help(answer: Help) -> list[Block]:
    return [
        *(
            parts.rich(
                parts.quoted(typed, limits.LABEL, "code"), parts.words("\n"), parts.quoted(does, limits.SENTENCE)
            )
            for typed, does in answer.examples[:_HELPED]
        ),
        *parts.actions(
            parts.button("Subscribe", acts.FORM, style="primary"),
            parts.button("Show subscriptions", acts.SAY, "list", apart="list"),
            parts.button("Trending papers", acts.SAY, "trending", apart="trending"),
        ),
    ]


def _search(answer: SearchAnswer, line: str) -> list[Block]:
    narrowed, (many, wanted) = narrowing(answer), found(answer)
    told = [parts.words(many), *([parts.quoted(wanted, limits.LABEL, "bold")] if wanted else [])]
    head = [
        parts.rich(*told, parts.words(f"{_SEPARATOR}{narrowed}" if narrowed else "")),
        *([parts.small(answer.note)] if answer.note else []),
    ]
    cards = [[parts.DIVIDER, *card(one, similar(one.paper.id))] for one in answer.cards]
    return fit(head, cards, _search_buttons(answer, line))


def _search_buttons(answer: SearchAnswer, line: str) -> list[Block]:
    wanted = clean(subscribable(answer))
    subscribe = parts.button("Subscribe to this", acts.FORM, subscribable(answer)) if wanted else None
    return parts.actions(*_turns(answer, line), subscribe, _here(answer, line))


def _turns(answer: _Paged, line: str) -> list[parts.Element | None]:
    """Back and on, where there are pages; `line` is what was typed, without its page."""
    return [
        parts.button(text, acts.TURN, f"{line} page:{page}", apart=f"page:{page}")
        for text, page in (("← Back", answer.page - 1), ("More →", answer.page + 1))
        if line and 0 < page <= answer.pages
    ]


def _here(answer: _Paged, line: str) -> parts.Element | None:
    """The same page for everybody."""
    return parts.button("Post here", acts.POST, f"{line} page:{answer.page}") if line and answer.cards else None


def _removed(answer: Removed) -> list[Block]:
    again = parts.button("Undo", acts.FORM, label(answer.subscription.want))
    return [
        _done(f"Unsubscribed from #{answer.subscription.number}", answer.label),
        *parts.actions(again, parts.button("Show all", acts.TURN, "list", apart="list")),
    ]


def _schedule(answer: ScheduleAnswer, now: datetime) -> list[Block]:
    when = next_line(answer.schedule, answer.next_post, now, paused=answer.paused)
    resume = parts.button("Resume", acts.SAY, "resume", apart="resume") if answer.paused else None
    return [_done("Schedule set"), parts.small_print(when), *parts.actions(resume)]


def _paused(answer: PauseAnswer, now: datetime, zone: str) -> list[Block]:
    facts = [f"{count(answer.waiting, 'paper')} waiting"]
    if answer.next_post is not None:
        facts.append(f"next post {moment(answer.next_post, zone, now)}")
    resume = parts.button("Resume", acts.SAY, "resume", apart="resume") if answer.paused else None
    head = _done(pause_text(paused=answer.paused, already=answer.already))
    return [head, parts.small_print(_SEPARATOR.join(facts)), *parts.actions(resume)]


def _digest(answer: DigestAnswer) -> list[Block]:
    head = [parts.header(digest_title(answer)), parts.small(joined((ranked_by(answer), page_of(answer))))]
    head += [parts.small(answer.note)] if answer.note else []
    cards = [[parts.DIVIDER, *card(one, mark=f"{rank}. ")] for rank, one in enumerate(answer.cards, answer.rank)]
    said, trend = digest_line(answer), subscribable_trend(answer)
    daily = parts.button("Get it daily", acts.FORM, trend) if trend else None
    turning = parts.actions(*_turns(answer, said), daily, _here(answer, said))
    others = (parts.button(name, acts.TURN, line, apart=line) for name, line in other_trends(answer))
    return fit(head, cards, [*turning, *parts.actions(*others)])


def _voted(answer: Voted) -> list[Block]:
    said = {1: "👍 counted for ", -1: "👎 counted for ", 0: "Vote taken back: "}[answer.vote]
    return [parts.rich(parts.words(said), title(answer.paper)), parts.small(joined(tally(answer)))]


def _repaired(answer: Repaired) -> tuple[str, list[Block]]:
    said = f"The feed of #{answer.subscription.number} answers"
    return said, [_done(said, answer.label), parts.small(repaired(answer))]


def _forgotten(answer: Forgotten) -> list[Block]:
    done = _done(f"Forgotten: #{answer.subscription.number}", answer.label)
    return [done, parts.small(forgot(answer)), *parts.actions(parts.button("Show all", acts.TURN, "list"))]


def _feed(answer: FeedAnswer) -> list[Block]:
    head = parts.rich(parts.words(feed_news(answer), "bold"))
    if not answer.atom:
        offered = parts.actions(parts.button("Make a feed", acts.TURN, "feed new", apart="new"))
        return [head, *(offered if answer.is_served else ())]
    renew = parts.button("New address", acts.TURN, "feed new", apart="new")
    lost = "Whoever reads the feed by its address of now reads nothing any more."
    return [
        head,
        parts.rich(parts.words("Atom "), parts.words(answer.atom, "code")),
        parts.rich(parts.words("RSS "), parts.words(answer.rss, "code")),
        parts.small(KEEP),
        *parts.actions(
            parts.asking(renew, "A new address?", lost, yes="New address", no="Leave it"),
            parts.button("Turn off", acts.TURN, "feed off", apart="off"),
        ),
    ]
