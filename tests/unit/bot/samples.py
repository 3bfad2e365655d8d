"""Two papers, their cards, and messages that bring them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from papers.answers import Card
from papers.model import Delivery, DeliveryKind, Destination, Heading, Item, Paper, Reason

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
CHANNEL = Destination("terminal", "local", "efficient-llms")
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
)
POLICIES = Paper("2607.20001", "Policies That Stop", "They stop.", ("Ana Silva",), "https://arxiv.org/abs/2607.20001")
PAPERS = {paper.id: paper for paper in (DRAFTS, POLICIES)}
TOPIC = Reason(topic="efficient LLM inference", share=0.01)
WORDS = Reason(words=("policies",), without=("survey",))
CARDS = (Card(DRAFTS, "It halves the latency.", (TOPIC,)), Card(POLICIES, "They stop.", (WORDS, WORDS, TOPIC)))


def delivery(kind: DeliveryKind, **changes: object) -> Delivery:
    heading = Heading(date(2026, 11, 23), 7, ("diffusion -survey", "trending top:5", "about: robots"))
    items = (Item(DRAFTS.id, 2.0, (1,), (TOPIC,)), Item(POLICIES.id, 1.0, (2, 3), (WORDS, Reason(trending=2))))
    return replace(Delivery("a" * 24, CHANNEL, kind, heading, NOW, items), **changes)  # type: ignore[arg-type] # fields
