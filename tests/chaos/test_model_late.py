"""The delivery model with papers that change after they came: nothing comes twice, and every card is kept right."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from papers.model import Destination, Want
from papers.ports import Embedder
from papers.stores.server import Server
from tests.chaos.late import LAB, LateWorld
from tests.chaos.players import Fate
from tests.chaos.test_model import STEPS, Model, channels, fates, scopes, words

some = st.integers(1, 60)


class LateModel(Model):
    """The steps, and those of papers that change."""

    made = LateWorld
    world: LateWorld

    @rule(channel=channels, query=st.sampled_from([LAB, f"heron OR {LAB}"]))
    def subscribe_to_a_lab(self, channel: Destination, query: str) -> None:
        self.world.subscribe(channel, Want(query=query))

    @precondition(lambda self: self.world.papers)
    @rule(data=st.data(), scope=scopes)
    def a_lab_is_told(self, data: st.DataObject, scope: str) -> None:
        self.world.lab_is_told(data.draw(st.sampled_from(sorted(self.world.papers))), scope)

    @precondition(lambda self: self.world.papers)
    @rule(data=st.data(), upvotes=some, scope=scopes)
    def a_paper_rises(self, data: st.DataObject, upvotes: int, scope: str) -> None:
        self.world.rises(data.draw(st.sampled_from(sorted(self.world.papers))), upvotes, scope)

    @rule()
    def revise(self) -> None:
        self.world.revise()

    @rule(title=words, channel=channels, fate=fates, upvotes=some)
    def a_paper_is_posted_and_rises_and_its_card_is_edited(
        self, title: frozenset[str], channel: Destination, fate: Fate, upvotes: int
    ) -> None:
        self.papers_come_all_the_way_to_the_outbox([title])
        paper = max(self.world.papers)
        for step in range(3):
            self.send(channel, fate if step == 2 else "taken")
            self.world.rises(paper, upvotes, "*")
            self.world.revise()
            self.world.seconds_pass()

    def teardown(self) -> None:
        """And no card is out of date, unless its edit was refused."""
        super().teardown()
        if self.is_sound:
            assert self.world.stale() == []


@pytest.mark.timeout(0)
def test_in_whatever_order_papers_change_all_comes_once_and_every_card_is_kept_right(
    server: Server, embedder: Embedder, request: pytest.FixtureRequest
) -> None:
    steps: int | None = request.config.getoption("--model-steps", None)
    run_state_machine_as_test(
        lambda: LateModel(server, embedder),  # type: ignore[arg-type] # any factory will do, as it documents
        settings=settings(
            max_examples=(steps or 60 * STEPS) // STEPS,
            stateful_step_count=STEPS,
            derandomize=steps is None,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
