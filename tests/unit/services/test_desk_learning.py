"""A channel that votes is brought better papers; what was learned is told, and can be undone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from papers.answers.votes import Voted
from papers.errors import NotFoundError
from papers.model import Asker, Destination, Want
from papers.services.desk import Desk
from papers.services.teaching import NEAR
from papers.stores import keys
from papers.wiring import Core
from tests.builders import GENERAL, crowd, paper, store, subscribe
from workers.match import MatchStage

SERVING = Want(topic="efficient inference of language models", per_day=3.0)
GRASPING = Want(topic="a robot arm grasps objects")
QUANTIZING = "We quantize weights to four bits"
LIKED = [
    paper(900 + number, f"{name} and efficient inference of language models", abstract=f"{QUANTIZING} with QuIP.")
    for number, name in enumerate(("Quantized", "Low-bit", "Compressed"))
]
DISLIKED = paper(910, "Efficient inference surveyed", abstract="A tutorial on language models for beginners.")
ANOTHER = paper(920, "Four bits are enough", abstract="We quantize weights after training, with QuIP.")


@pytest.fixture
def taught(desk: Desk, core: Core, asker: Asker) -> Desk:
    """Three likes and a dislike, in a channel with a topic that they are near to, and with another one."""
    store(core.stores.papers, *LIKED, DISLIKED, ANOTHER)
    core.stores.papers.matched(core.stores.papers.unmatched(1000))
    subscribe(desk, asker, SERVING)
    subscribe(desk, asker, GRASPING)
    subscribe(desk, asker, Want("diffusion"))
    for one in LIKED:
        desk.vote(asker, one.id, 1)
    desk.vote(asker, DISLIKED.id, -1)
    return desk


def z(desk: Desk, asker: Asker, of: str) -> float:
    found = desk.why(asker, of).rows[0].z
    assert found is not None
    return found


def test_a_vote_teaches_the_topics_that_the_paper_is_near_to(taught: Desk, asker: Asker) -> None:
    voted = taught.vote(asker, LIKED[0].id, -1)
    assert voted == Voted(voted.paper, -1, 0, 1, (1,))
    learned = {row.subscription.number: row.learned for row in taught.listing(asker).rows}
    assert learned[1] is not None
    assert learned[2] is learned[3] is None


def test_whatever_a_topic_brought_teaches_it_however_far_its_volume_made_it_reach(
    desk: Desk, core: Core, asker: Asker
) -> None:
    store(core.stores.papers, *LIKED, DISLIKED, ANOTHER)
    subscribe(desk, asker, replace(SERVING, per_day=15.0))
    brought = [paper for paper in (*LIKED, *crowd(40)) if desk.why(asker, paper.id).rows[0].wanted]
    far = min(brought, key=lambda paper: z(desk, asker, paper.id))
    assert z(desk, asker, far.id) < NEAR
    assert desk.vote(asker, far.id, -1).taught == (1,)


def test_what_was_learned_is_told_in_words(taught: Desk, asker: Asker) -> None:
    learned = taught.listing(asker).rows[0].learned
    assert learned is not None
    assert learned.votes == 4
    assert {"quantize", "weights", "four", "bits", "QuIP"} >= set(learned.more)
    assert set(learned.less) <= {"tutorial", "beginners", "surveyed"}
    assert taught.why(asker, ANOTHER.id).rows[0].learned == learned


def test_votes_bring_what_is_like_the_liked_nearer_and_send_the_disliked_away(desk: Desk, asker: Asker) -> None:
    store(desk.memory, *LIKED, DISLIKED, ANOTHER)
    subscribe(desk, asker, SERVING)
    before = {one.id: z(desk, asker, one.id) for one in (ANOTHER, DISLIKED)}
    for one in LIKED:
        desk.vote(asker, one.id, 1)
    desk.vote(asker, DISLIKED.id, -1)
    assert z(desk, asker, ANOTHER.id) > before[ANOTHER.id] + 0.5
    assert z(desk, asker, DISLIKED.id) < before[DISLIKED.id]


def test_workers_match_what_a_channel_has_learned(desk: Desk, core: Core, asker: Asker) -> None:
    """The stage is another process's: it has compiled the subscriptions before anybody voted."""
    stores = core.stores
    stage = MatchStage(stores.papers, stores.channels, stores.inbox, core.corpus, core.compiler)
    subscribe(desk, asker, SERVING)
    stage.run(desk.clock())
    store(stores.papers, *LIKED, DISLIKED)
    stores.papers.matched(stores.papers.unmatched(1000))
    before = z(desk, asker, LIKED[2].id)
    for one in LIKED:
        desk.vote(asker, one.id, 1)
    desk.vote(asker, DISLIKED.id, -1)
    unread = replace(LIKED[2], id="2603.00999", title="Compressing inference of language models")
    store(stores.papers, unread)
    stage.run(desk.clock())
    assert {hit.paper: hit.z for hit in stores.inbox.read(GENERAL)} == {
        unread.id: pytest.approx(z(desk, asker, unread.id), abs=0.01)
    }
    assert z(desk, asker, LIKED[2].id) > before + 0.5


def test_forgetting_makes_a_topic_what_it_was_and_leaves_the_votes(taught: Desk, core: Core, asker: Asker) -> None:
    moved = z(taught, asker, ANOTHER.id)
    learned = taught.listing(asker).rows[0].learned
    forgotten = taught.forget(asker, 1)
    assert (forgotten.subscription.number, forgotten.learned) == (1, learned)
    assert taught.listing(asker).rows[0].learned is None
    core.stores.server.call("DEL", keys.lessons(GENERAL))
    assert z(taught, asker, ANOTHER.id) < moved
    assert (taught.listing(asker).up, taught.listing(asker).down) == (3, 1)


def test_there_may_be_nothing_to_forget(taught: Desk, asker: Asker) -> None:
    assert taught.forget(asker, 3).learned is None
    with pytest.raises(NotFoundError):
        taught.forget(asker, 9)


def test_a_topic_that_is_rewritten_begins_anew_and_has_its_lessons_again_when_it_is_put_back(
    taught: Desk, asker: Asker
) -> None:
    learned = taught.listing(asker).rows[0].learned
    taught.save(asker, taught.draft(asker, Want(topic="efficient serving", per_day=3.0), replaces=1))
    assert taught.listing(asker).rows[0].learned is None
    taught.save(asker, taught.draft(asker, SERVING, replaces=1))
    assert taught.listing(asker).rows[0].learned == learned


def test_another_channel_learns_nothing(taught: Desk) -> None:
    elsewhere = Asker(Destination("terminal", "local", "random"), "ada")
    subscribe(taught, elsewhere, SERVING)
    assert taught.listing(elsewhere).rows[0].learned is None


def test_where_there_is_no_topic_votes_are_only_counted(desk: Desk, core: Core, asker: Asker) -> None:
    subscribe(desk, asker, Want("inference"))
    voted = desk.vote(asker, "2603.00001", 1)
    assert (voted.vote, voted.up, voted.down, voted.taught) == (1, 1, 0, ())
    assert core.stores.lessons.of([GENERAL]) == {}


def test_votes_that_are_even_teach_nobody(taught: Desk, asker: Asker) -> None:
    bob = Asker(asker.destination, "bob")
    assert taught.vote(bob, LIKED[0].id, -1).taught == ()
    learned = taught.listing(asker).rows[0].learned
    assert learned is not None
    assert learned.votes == 3  # of the three other papers
