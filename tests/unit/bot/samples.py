"""What every platform's renderer is tested with: two papers, each answer about them, and messages that bring them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from papers.answers import Answer, Help
from papers.answers.archive import DigestAnswer, SearchAnswer
from papers.answers.card import Card
from papers.answers.channel import LogAnswer, LogRow, PauseAnswer, Resent, ScheduleAnswer, SettingsAnswer
from papers.answers.subscriptions import Draft, Listing, Preview, Removed, Row, Saved
from papers.answers.votes import Forgotten, Voted
from papers.answers.why import WhyAnswer, WhyRow
from papers.lesson import Learned
from papers.mailbox import Invited
from papers.model import (
    Delivery,
    DeliveryKind,
    Destination,
    Heading,
    Item,
    Paper,
    Preferences,
    Reason,
    Schedule,
    Subscription,
    Want,
)
from papers.outlet import FeedAnswer
from papers.trouble import Repaired

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
NEXT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
BERLIN = Schedule("daily", "09:00", "Europe/Berlin", weekdays=True)
TOKEN = "t0k3n"  # noqa: S105 - a draft's, and no secret
CHANNEL = Destination("terminal", "local", "efficient-llms")
LEARNED = Learned(12, ("quantization", "KV"), ("survey",))
DRAFTS = Paper(
    "2607.21557",
    "Drafts That Verifiers Accept",
    abstract="Serving is slow. We train a draft model on what its verifier rejects. It halves the latency.",
    authors=("Mira Okonkwo", "Jean-Luc Bernard", "Wei Zhang"),
    url="https://huggingface.co/papers/2607.21557",
    sources=("huggingface",),
    organization="Example Lab",
    upvotes=120,
    code_url="https://github.com/x/y",
    code_stars=3_412,
    ai_summary="A draft model trained on rejections halves the latency.",
    thumbnail="https://cdn.example.org/2607.21557.png",
)
POLICIES = Paper("2607.20001", "Policies That Stop", "They stop.", ("Ana Silva",), "https://arxiv.org/abs/2607.20001")
PAPERS = {paper.id: paper for paper in (DRAFTS, POLICIES)}
TOPIC = Reason(topic="efficient LLM inference", share=0.01)
WORDS = Reason(words=("policies",), without=("survey",))
CARDS = (Card(DRAFTS, "It halves the latency.", (TOPIC,)), Card(POLICIES, "They stop.", (WORDS, WORDS, TOPIC)))
THIRD = Subscription(f"{CHANNEL}#3", 3, CHANNEL, Want(query="diffusion -survey"))
PREVIEW = Preview("diffusion -survey", 30, 14, 1_204, CARDS, "mostly from one feed")
WHY = (
    WhyRow(1, "mamba -survey", wanted=False, missed=("mamba",), blocked=("survey",)),
    WhyRow(2, "about: inference", wanted=True, z=2.311, bar=2.0, share=0.01),
    WhyRow(3, "trending top:5", wanted=False, note="not among the top 5"),
)
LOG = (
    LogRow(NOW, "b" * 24, "digest", "parked", 5, "history is closed to us"),
    LogRow(NOW, "a" * 24, "digest", "dead", 5, "the channel is archived"),
)
ANSWERS: dict[type, Answer] = {
    type(answer): answer
    for answer in (
        Help((("/papers list", "show what is subscribed to"),)),
        SearchAnswer("mamba", tuple(replace(card, day=date(2024, 11, 3)) for card in CARDS), 12, 2, 3, "words only"),
        PREVIEW,
        Draft(THIRD, PREVIEW, 3, can_tighten=True, before=THIRD),
        Saved(THIRD, PREVIEW, BERLIN, NEXT),
        Removed(THIRD, "diffusion -survey"),
        Listing((Row(THIRD, "diffusion -survey"),), BERLIN, NEXT, paused=False),
        ScheduleAnswer(BERLIN, NEXT, paused=False),
        PauseAnswer(paused=True, waiting=3, next_post=None),
        DigestAnswer("trending", date(2026, 11, 17), date(2026, 11, 23), CARDS, 42, 2, 5, rank=11, period="week"),
        WhyAnswer(DRAFTS, "Posted on Mon 23 Nov.", WHY),
        LogAnswer(LOG),
        SettingsAnswer(Preferences()),
        Voted(DRAFTS, 1, 3, 1),
        Forgotten(THIRD, "about: inference", LEARNED),
        Repaired(THIRD, "https://lab.org/feed", resumed=True),
        Resent("a" * 24),
        Invited("a…@example.org", 2, BERLIN),
        FeedAnswer("https://papers.example.org/feeds/s.atom", "https://papers.example.org/feeds/s.rss"),
    )
}


def delivery(kind: DeliveryKind, **changes: Any) -> Delivery:
    heading = Heading(date(2026, 11, 23), 7, ("diffusion -survey", "trending", "robots"))
    items = (Item(DRAFTS.id, 2.0, (1,), (TOPIC,)), Item(POLICIES.id, 1.0, (2, 3), (WORDS, Reason(trending=2))))
    return replace(Delivery("a" * 24, CHANNEL, kind, heading, NOW, items), **changes)


def listing(rows: int, **changes: Any) -> Listing:
    made = (replace(THIRD, number=number) for number in range(1, rows + 1))
    plain = Listing(tuple(Row(one, f"topic {one.number}") for one in made), BERLIN, NEXT, paused=False)
    return replace(plain, **changes)
