"""The whole line in one process: sources played on loopback, every stage, the terminal as the platform."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.terminal.talk import channel, say
from bot.wiring import terminal_sender
from papers.answers import Answer
from papers.model import Asker
from papers.settings import Settings
from papers.stores.posts import Post
from papers.stores.server import Server
from papers.stores.sources import SourceState
from papers.wiring import Stores, clock
from tests.fakes.upstream import Upstream
from tests.scratch import scratch
from workers.fetch import Poll
from workers.wiring import Workshop

HF = "huggingface"


class Line:
    """Stages that are run by hand.

    Attributes:
        now: when things are said, matched and planned; None: now. Polling is always now.
    """

    def __init__(
        self, server: Server, upstream: Upstream, *sources: str, changes: Mapping[str, Any] | None = None
    ) -> None:
        chosen: dict[str, Any] = {
            "paperboy_data": scratch(),
            "hf_endpoint": upstream.url,
            "paperboy_sources": sources or (HF,),
            "paperboy_allow_private_feeds": True,
        }
        settings = Settings.model_construct(**{**chosen, **(changes or {})})
        self.workshop = Workshop(settings, server)
        self.now: datetime | None = None

    @property
    def stores(self) -> Stores:
        return self.workshop.core.stores

    def say(self, text: str, where: str = "general") -> Answer:
        """One command; subscriptions are saved."""
        desk = replace(self.workshop.core.desk, clock=self._clock)
        return say(text, desk, Asker(channel(where), "ada"), self._clock())

    def poll(self, name: str = HF) -> Poll:
        """Poll one source, whatever its time."""
        return self.workshop.fetch(name)

    def match(self) -> int:
        """Match what arrived; how many papers were put into inboxes."""
        return self.workshop._matcher.run(self._clock()).put

    def plan(self) -> int:
        """Plan who is due; how many messages that made."""
        return self.workshop._planner.run(self._clock())

    def send(self) -> int:
        """Post what may be posted; how many messages that was."""
        return asyncio.run(terminal_sender(self.workshop.core).drain())

    def work(self) -> int:
        """Match, plan and post until nothing is left to do; how many messages were posted."""
        posted = 0
        while self.match() + self.plan() + (sent := self.send()):
            posted += sent
        return posted

    def posts(self, where: str = "general") -> list[Post]:
        """What a channel shows."""
        return self.stores.posts.all(channel(where))

    def papers(self, where: str = "general") -> list[str]:
        """Ids of the papers that a channel was brought, in the order they came."""
        return [item.paper for post in self.posts(where) for item in post.items]

    def state(self, name: str = HF) -> SourceState:
        """What is remembered of a source."""
        return self.stores.sources.state(name)

    def _clock(self) -> datetime:
        return self.now or clock()
