"""Delivery against a model: any order of people, papers, planners, senders, crashes and clocks.

After each step the stores are held against what must always be so; at the end everything is let run, and everything
owed must have been posted exactly once. What is owed is worked out from words, not by the code under test.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from papers.model import Destination, Schedule, Want
from papers.ports import Embedder
from papers.stores import keys
from papers.stores.papers import COMMON
from papers.stores.server import Server
from tests.chaos.players import Fate, asker, daily
from tests.chaos.world import CHANNELS, FEED, HOUR, World

BIRDS = ("heron", "plover", "siskin")
STEPS = 30

EVENTS = ("news", "feed", "plan", "pause", "schedule", "close", "open")  # while a planner hesitates
channels = st.sampled_from(CHANNELS)
queries = st.sampled_from([*BIRDS, "heron OR plover", "plover OR siskin"])
wants = st.one_of(queries.map(lambda query: Want(query=query)), st.just(Want(feed=FEED)))
words = st.sets(st.sampled_from(BIRDS), min_size=1).map(frozenset)
titles = st.lists(words, min_size=1, max_size=7)
fates: st.SearchStrategy[Fate] = st.sampled_from(
    ["taken", "taken", "taken unheard", "lost on the way", "not now", "refused", "closed", "cannot look"]
)
schedules = st.sampled_from([Schedule(), daily(8), daily(9), daily(17)])
scopes = st.sampled_from([COMMON, COMMON, FEED])
jumps = st.sampled_from([timedelta(minutes=5), HOUR, -HOUR, 7 * HOUR, 24 * HOUR])


class Model(RuleBasedStateMachine):
    """The steps."""

    made = World

    def __init__(self, server: Server, embedder: Embedder) -> None:
        super().__init__()
        server.call("FLUSHALL")
        self.world = self.made(server, embedder)
        self.is_sound = True

    @initialize(first=wants, second=wants, schedule=schedules)
    def begin(self, first: Want, second: Want, schedule: Schedule) -> None:
        for channel, want in zip(CHANNELS, (first, second), strict=True):
            self.world.subscribe(channel, want)
            self.world.subscribe(channel, Want(feed=FEED))
        self.world.desk.set_schedule(asker(CHANNELS[0]), schedule)

    # People

    @rule(channel=channels, want=wants)
    def subscribe(self, channel: Destination, want: Want) -> None:
        self.world.subscribe(channel, want)

    @rule(data=st.data(), channel=channels)
    def unsubscribe(self, data: st.DataObject, channel: Destination) -> None:
        if standing := self.world.stores.channels.subscriptions(channel):
            self.world.unsubscribe(data.draw(st.sampled_from(standing)))

    @rule(data=st.data(), channel=channels, query=queries)
    def edit(self, data: st.DataObject, channel: Destination, query: str) -> None:
        standing = self.world.stores.channels.subscriptions(channel)
        if asking := [one for one in standing if one.want.feed is None]:
            self.world.edit(data.draw(st.sampled_from(asking)), query)

    @rule(channel=channels)
    def pause(self, channel: Destination) -> None:
        self.world.desk.pause(asker(channel), paused=True)

    @rule(channel=channels)
    def resume(self, channel: Destination) -> None:
        self.world.desk.pause(asker(channel), paused=False)

    @rule(channel=channels)
    def channel_closes(self, channel: Destination) -> None:
        self.world.close(channel)

    @rule(channel=channels)
    def channel_opens(self, channel: Destination) -> None:
        self.world.open(channel)

    @rule(channel=channels, schedule=schedules)
    def schedule(self, channel: Destination, schedule: Schedule) -> None:
        self.world.desk.set_schedule(asker(channel), schedule)

    @rule(by=jumps)
    def clock_jumps(self, by: timedelta) -> None:
        self.world.now += by

    # Workers

    @rule(scope=scopes, titles=titles)
    def papers_arrive(self, scope: str, titles: list[frozenset[str]]) -> None:
        for title in titles:
            name = f"2503.{len(self.world.papers) + 1:05}"
            self.world.papers[name] = title
            self.world.arrives(name, scope)

    @rule(titles=titles)
    def papers_arrive_and_are_matched(self, titles: list[frozenset[str]]) -> None:
        self.papers_arrive(COMMON, titles)
        self.world.match(0)

    @rule(titles=titles)
    def papers_come_all_the_way_to_the_outbox(self, titles: list[frozenset[str]]) -> None:
        self.papers_arrive_and_are_matched(titles)
        self.plan()

    @precondition(lambda self: self.world.papers)
    @rule(data=st.data(), scope=scopes)
    def a_source_tells_again(self, data: st.DataObject, scope: str) -> None:
        self.world.arrives(data.draw(st.sampled_from(sorted(self.world.papers))), scope)

    @rule(worker=st.integers(0, 2))
    def match(self, worker: int) -> None:
        self.world.match(worker)

    @rule()
    def plan(self) -> None:
        self.world.planner.run(self.world.now)

    @precondition(lambda self: not self.world.decided)
    @rule()
    def a_planner_decides(self) -> None:
        self.world.decide()

    @precondition(lambda self: self.world.decided)
    @rule()
    def it_commits_what_it_decided(self) -> None:
        self.world.commit()

    @rule(data=st.data(), channel=channels, meanwhile=st.lists(st.sampled_from(EVENTS), min_size=1, max_size=4))
    def a_planner_is_overtaken(self, data: st.DataObject, channel: Destination, meanwhile: list[str]) -> None:
        if data.draw(st.booleans()):
            self.unsubscribe(data, channel)
        self.world.wait_until_due()
        self.world.decide()
        for event in meanwhile:
            match event:
                case "news":
                    self.papers_arrive_and_are_matched([data.draw(words)])
                case "feed":
                    self.world.feed_lists_the_latest()
                    self.match(1)
                case "schedule":
                    self.schedule(channel, data.draw(schedules))
                case "plan":
                    self.plan()
                case _:
                    {"pause": self.pause, "close": self.channel_closes, "open": self.channel_opens}[event](channel)
        self.world.commit()

    @rule()
    def sweep(self) -> None:
        self.world.sweep()

    # Senders

    @rule(channel=channels)
    def claim(self, channel: Destination) -> None:
        self.world.claim(channel)

    @precondition(lambda self: self.world.ready_to_post())
    @rule(data=st.data(), fate=fates)
    def post(self, data: st.DataObject, fate: Fate) -> None:
        self.world.post(data.draw(st.sampled_from(self.world.ready_to_post())), fate)

    @precondition(lambda self: self.world.ready_to_settle())
    @rule(data=st.data())
    def settle(self, data: st.DataObject) -> None:
        self.world.settle(data.draw(st.sampled_from(self.world.ready_to_settle())))

    @rule(channel=channels, fate=fates)
    def send(self, channel: Destination, fate: Fate) -> None:
        if self.world.claim(channel):
            self.world.post(self.world.hands[-1], fate)
            self.world.settle(self.world.hands[-1])

    @rule(channel=channels, slow=st.none() | fates, fast=fates, last=st.sampled_from(["slow", "fast"]))
    def a_sender_is_overtaken(self, channel: Destination, slow: Fate | None, fast: Fate, last: str) -> None:
        """It sleeps through its lease, before it has posted or before it has settled; another one takes over."""
        if not self.world.claim(channel):
            return
        sleeper = self.world.hands[-1]
        if slow is not None:
            self.world.post(sleeper, slow)
        self.world.lease_runs_out(channel)
        self.world.seconds_pass()
        if self.world.claim(channel):
            successor = self.world.hands[-1]
            self.world.post(successor, fast)
            for hand in (sleeper, successor) if last == "fast" else (successor, sleeper):
                self.world.settle(hand)

    @precondition(lambda self: self.world.hands)
    @rule()
    def a_sender_dies(self) -> None:
        self.world.hands.pop()

    @precondition(lambda self: self.world.hands)
    @rule(channel=channels)
    def a_lease_runs_out(self, channel: Destination) -> None:
        self.world.lease_runs_out(channel)

    @rule()
    def seconds_pass(self) -> None:
        self.world.seconds_pass()

    # What must hold

    @invariant()
    def nothing_is_planned_twice_and_one_at_a_time_is_in_flight(self) -> None:
        self.is_sound = False
        for channel in CHANNELS:
            self._check_channel(channel)
        assert all(len(headlines) <= 1 for headlines in self.world.outbox.headlines.values())
        self._check_shown()
        self.is_sound = True

    def _check_channel(self, channel: Destination) -> None:
        call = self.world.stores.server.call
        records = self.world.outbox.history(channel, 200)
        brought = Counter(item.paper for record in records for item in record.delivery.items)
        seen, waiting = {*call("ZRANGE", keys.seen(channel), 0, -1)}, {*call("HKEYS", keys.inbox(channel))}
        assert set(brought.values()) <= {1}
        assert brought.keys() <= seen
        assert not seen & waiting
        settings, due = self.world.stores.channels.channel(channel), self.world.stores.inbox.next_slot(channel)
        is_held = settings.paused or self.world.outbox.suspended(channel) is not None
        assert (due is not None) == (not is_held and (settings.schedule.kind != "instant" or bool(waiting)))
        in_flight = [record.delivery.id for record in records if record.state == "sending"]
        assert in_flight in ([], [call("GET", keys.sending(channel))])

    def _check_shown(self) -> None:
        shown = self.world.shown
        ids = [one.id for one in shown]
        assert len(ids) == len(set(ids))
        pairs = Counter((one.destination, item.paper) for one in shown for item in one.items)
        assert set(pairs.values()) <= {1}
        for channel, paper in pairs:
            assert any(self._may_want(want, paper) for want in self.world.wanted[channel])
        for place, one in enumerate(shown):
            assert one.parent is None or one.parent in ids[:place]

    def _may_want(self, want: Want, paper: str) -> bool:
        scopes = [scope for scope in (COMMON, FEED) if (paper, scope) in self.world.arrived]
        return any(self.world.wants(want, paper, scope) for scope in scopes)

    def teardown(self) -> None:
        """At the end everything owed was posted, unless the platform refused it or cannot be asked."""
        if not self.is_sound:
            return
        self.world.come_to_rest()
        self.nothing_is_planned_twice_and_one_at_a_time_is_in_flight()
        shown = {(one.destination, item.paper) for one in self.world.shown for item in one.items}
        for (channel, paper), numbers in self.world.owed.items():
            assert not numbers or (channel, paper) in shown or self._is_excused(channel, paper), (str(channel), paper)

    def _is_excused(self, channel: Destination, paper: str) -> bool:
        return any(
            one.state in {"dead", "parked"} and {one.delivery.id, one.delivery.parent} & self.world.excused
            for one in self.world.outbox.history(channel, 200)
            if paper in {item.paper for item in one.delivery.items}
        )


@pytest.mark.timeout(0)
def test_in_whatever_order_things_happen_everything_owed_is_posted_exactly_once(
    server: Server, embedder: Embedder, request: pytest.FixtureRequest
) -> None:
    steps: int | None = request.config.getoption("--model-steps", None)
    run_state_machine_as_test(
        lambda: Model(server, embedder),  # type: ignore[arg-type] # any factory will do, as it documents
        settings=settings(
            max_examples=(steps or 110 * STEPS) // STEPS,
            stateful_step_count=STEPS,
            derandomize=steps is None,  # CI sees the same steps each time; a long run looks for new ones
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
