"""Answers and errors for Discord: pure functions from values to messages.

    render(answer, now, zone)     any answer, to whoever asked
    public(message, user)         the same for everybody: "Post here"
    render_error(error)           what was wrong, where, and a button that says it right

Posts are in `bot.discord.post`, sentences in `papers.wording` and `bot.phrases`, buttons' meanings in `bot.acts`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, assert_never

from bot.discord import acts, limits, markdown, parts, previews, tables
from bot.discord.card import Entry, linked, paged, similar
from bot.discord.message import Component, Message
from bot.discord.when import next_line
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

_HELPED: Final = 8
"""Rows of help at most: there are five, or as many as a command has forms."""

_PRIVATE: Final = acts.CHOICES | {acts.TURN, acts.POST, acts.REPAIR}
"""Verbs that make sense to the asker only."""


_Paged = SearchAnswer | DigestAnswer


def render(answer: Answer, now: datetime, zone: str, *, token: str = "", line: str = "") -> Message:  # noqa: ARG001 - Discord tells each reader the time in their own zone
    """Any answer. `now` and `zone` are for platforms whose messages cannot tell each reader their own time.

    `token` is that of the draft which `answer` is. `line` is what was typed after `/papers`, without its page: what
    paging and "Post here" are made of.
    """
    return Message(_shown(answer, token, line))


def public(message: Message, user: str) -> Message:
    """What was shown to `user` (an id, or a name) for everybody: signed, and without what only the asker can use."""
    by = f"<@{user}>" if markdown.is_id(user) else markdown.quoted(user, limits.SIGNATURE // 2)
    shown = (kept for one in message.components if (kept := _for_all(one)) is not None)
    return Message((*shown, parts.text(parts.small(f"Shared by {by}"))))


def _for_all(one: Component) -> Component | None:
    """A row without its private buttons, and None if that leaves nothing; what has one beside it without it."""
    if "accessory" in one and _is_private(one["accessory"]):
        return parts.text(*(said["content"] for said in one["components"]))
    if one["type"] != parts.ACTION_ROW:
        return one
    kept = [button for button in one["components"] if not _is_private(button)]
    return {**one, "components": kept} if kept else None


def _is_private(one: Component) -> bool:
    return acts.verb(one.get("custom_id", "")) in _PRIVATE


def render_error(error: PaperboyError) -> Message:
    """The reason, the place in a QUERY, what to change, and a button that says the nearest right line."""
    where, rights = place(error), suggestions(error)
    said = parts.text(
        f"⚠ {markdown.bold(reason(error), limits.SENTENCE)}",
        markdown.code_block(where, limits.CODE) if where else "",
        "".join(_advised(text, is_typed=is_typed) for text, is_typed in advice(error, limits.SENTENCE)),
        parts.small("Did you mean") if rights else "",
    )
    buttons = (parts.button(PREFIX + right, acts.SAY, right) for right in rights)
    return Message((said, *parts.row(*buttons)))


def _advised(text: str, *, is_typed: bool) -> str:
    return markdown.code(text, limits.SENTENCE) if is_typed else markdown.escape(text, limits.SENTENCE)


def _shown(answer: Answer, token: str, line: str) -> tuple[Component, ...]:  # noqa: C901, PLR0911, PLR0912 - one line an answer
    match answer:
        case Help():
            return _help(answer)
        case SearchAnswer():
            return _search(answer, line)
        case Preview():
            return previews.preview(answer)
        case Draft():
            return previews.draft(answer, token)
        case Saved():
            return previews.saved(answer)
        case Removed():
            return _removed(answer)
        case Listing():
            return tables.listing(answer)
        case ScheduleAnswer():
            return _schedule(answer)
        case PauseAnswer():
            return _paused(answer)
        case DigestAnswer():
            return _digest(answer)
        case WhyAnswer():
            return tables.why(answer)
        case LogAnswer():
            return tables.log(answer)
        case SettingsAnswer():
            return tables.settings(answer)
        case Voted() | Forgotten() | Repaired() | Resent() | FeedAnswer() | Invited():
            return _brief(answer)
        case _:
            assert_never(answer)


def _brief(
    answer: Voted | Forgotten | Repaired | Resent | FeedAnswer | Invited,
) -> tuple[Component, ...]:
    """What was done, where that is soon told."""
    match answer:
        case Voted():
            return _voted(answer)
        case Forgotten():
            return _forgotten(answer)
        case Repaired():
            done = f"**✓ The feed of #{answer.subscription.number} answers**"
            told = markdown.quoted(answer.label, limits.SENTENCE)
            return (parts.text(f"{done} {told}", parts.small(repaired(answer))),)
        case Resent():
            return (parts.text("**✓ It goes out again**", parts.small("/papers log tells what becomes of it")),)
        case Invited():
            told = markdown.escape(invited_news(answer), limits.SENTENCE)
            return (parts.text(f"**✓ {told}**", parts.small(invited_facts(answer))),)
        case FeedAnswer():
            return _feed(answer)
        case _:
            assert_never(answer)


def _help(answer: Help) -> tuple[Component, ...]:
    return (
        *(
            parts.text(markdown.code(typed, limits.LABEL), markdown.quoted(does, limits.HELP))
            for typed, does in answer.examples[:_HELPED]
        ),
        *parts.row(
            parts.button("Subscribe", acts.FORM, style=parts.PRIMARY),
            parts.button("Show subscriptions", acts.SAY, "list"),
            parts.button("Trending papers", acts.SAY, "trending"),
        ),
    )


def _search(answer: SearchAnswer, line: str) -> tuple[Component, ...]:
    many, wanted = found(answer)
    head = parts.text(
        joined((f"{many}{markdown.bold(wanted, limits.LABEL)}", narrowing(answer))),
        parts.small(markdown.quoted(answer.note or "", limits.SENTENCE)),
    )
    cards = [Entry(one, (similar(one.paper.id),)) for one in answer.cards]
    return paged([head], cards, _search_buttons(answer, line))


def _search_buttons(answer: SearchAnswer, line: str) -> list[Component]:
    wanted = clean(subscribable(answer))
    subscribe = parts.button("Subscribe to this", acts.FORM, subscribable(answer)) if wanted else None
    return parts.row(*_turns(answer, line), subscribe, _here(answer, line))


def _turns(answer: _Paged, line: str) -> list[Component]:
    """Back and on, where there are pages; `line` is what was typed, without its page."""
    return [
        parts.button(text, acts.TURN, f"{line} page:{page}")
        for text, page in (("← Back", answer.page - 1), ("More →", answer.page + 1))
        if line and 0 < page <= answer.pages
    ]


def _here(answer: _Paged, line: str) -> Component | None:
    """The same page for everybody."""
    return parts.button("Post here", acts.POST, f"{line} page:{answer.page}") if line and answer.cards else None


def _removed(answer: Removed) -> tuple[Component, ...]:
    number = answer.subscription.number
    return (
        parts.text(f"**✓ Unsubscribed from #{number}** {markdown.quoted(answer.label, limits.SENTENCE)}"),
        *parts.row(
            parts.button("Undo", acts.FORM, label(answer.subscription.want)),
            parts.button("Show all", acts.TURN, "list"),
        ),
    )


def _resume(*, paused: bool) -> list[Component]:
    return parts.row(parts.button("Resume", acts.SAY, "resume")) if paused else []


def _schedule(answer: ScheduleAnswer) -> tuple[Component, ...]:
    when = next_line(answer.schedule, answer.next_post, paused=answer.paused)
    return (parts.text("**✓ Schedule set**", parts.small(when)), *_resume(paused=answer.paused))


def _paused(answer: PauseAnswer) -> tuple[Component, ...]:
    coming = "" if answer.next_post is None else f"next post {markdown.moment(answer.next_post)}"
    said = f"**✓ {pause_text(paused=answer.paused, already=answer.already)}**"
    facts = joined((f"{count(answer.waiting, 'paper')} waiting", coming))
    return (parts.text(said, parts.small(facts)), *_resume(paused=answer.paused))


def _digest(answer: DigestAnswer) -> tuple[Component, ...]:
    small = parts.small(joined((ranked_by(answer), page_of(answer))))
    note = parts.small(markdown.quoted(answer.note or "", limits.SENTENCE))
    cards = [Entry(one, rank=rank) for rank, one in enumerate(answer.cards, answer.rank)]
    said, trend = digest_line(answer), subscribable_trend(answer)
    daily = parts.button("Get it daily", acts.FORM, trend) if trend else None
    turning = parts.row(*_turns(answer, said), daily, _here(answer, said))
    others = parts.row(*(parts.button(name, acts.TURN, line) for name, line in other_trends(answer)))
    return paged([parts.text(parts.heading(digest_title(answer)), small, note)], cards, [*turning, *others])


def _voted(answer: Voted) -> tuple[Component, ...]:
    said = {1: "👍 counted for", -1: "👎 counted for", 0: "Vote taken back:"}[answer.vote]
    return (parts.text(f"{said} {linked(answer.paper)}", parts.small(joined(tally(answer)))),)


def _forgotten(answer: Forgotten) -> tuple[Component, ...]:
    done = f"**✓ Forgotten: #{answer.subscription.number}** {markdown.quoted(answer.label, limits.SENTENCE)}"
    told = parts.small(markdown.quoted(forgot(answer), limits.SENTENCE))
    return (parts.text(done, told), *parts.row(parts.button("Show all", acts.TURN, "list")))


def _feed(answer: FeedAnswer) -> tuple[Component, ...]:
    head = f"**{feed_news(answer)}**"
    if not answer.atom:
        offered = parts.row(parts.button("Make a feed", acts.TURN, "feed new")) if answer.is_served else ()
        return (parts.text(head), *offered)
    shown = [f"{name} {markdown.code(url, limits.TEXT)}" for name, url in (("Atom", answer.atom), ("RSS", answer.rss))]
    renew, close = parts.button("New address", acts.TURN, "feed new"), parts.button("Turn off", acts.TURN, "feed off")
    return (parts.text(head, *shown, parts.small(KEEP)), *parts.row(renew, close))
