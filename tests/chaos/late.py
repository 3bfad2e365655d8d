"""The world of the delivery model, in which papers change after they came: a lab is told, upvotes rise."""

from __future__ import annotations

from dataclasses import replace

from papers.model import Delivery, Paper, Want
from papers.ports import Embedder
from papers.revising import WINDOW, rose
from papers.stores.outbox import Verdict
from papers.stores.papers import COMMON
from papers.stores.server import Server
from tests.chaos.players import Fate, Hand
from tests.chaos.world import World
from workers.revise import Reviser

LAB = "org:lab"


class LateWorld(World):
    """What changed, and what is shown of it.

    Attributes:
        labs: papers whose lab is known.
        upvotes: of papers that have any.
        cards: for each message, the papers that it shows as they were when it was posted, or edited last.
        spoilt: messages whose edit was refused, once.
    """

    def __init__(self, server: Server, embedder: Embedder) -> None:
        super().__init__(server, embedder)
        self.labs: set[str] = set()
        self.upvotes: dict[str, int] = {}
        self.cards: dict[str, dict[str, Paper]] = {}
        self.spoilt: set[str] = set()
        self.reviser = Reviser(self.stores.papers, self.stores.edits)

    def told(self, paper: str) -> Paper:
        """With what is known of it by now."""
        lab = "Lab" if paper in self.labs else None
        return replace(super().told(paper), organization=lab, upvotes=self.upvotes.get(paper, 0))

    def wants(self, want: Want, paper: str, scope: str) -> bool:
        """Or it is by the lab that is wanted."""
        by_lab = want.feed is None and LAB in (want.query or "").split(" OR ") and paper in self.labs
        return super().wants(want, paper, scope) or (by_lab and scope == COMMON)

    def lab_is_told(self, paper: str, scope: str) -> None:
        """A source tells it; who passed the paper over for want of it gets it now, if it is not too late."""
        is_news = paper not in self.labs
        self.labs.add(paper)
        self.arrives(paper, scope)
        for where in [where for one, where in self.arrived if one == paper and is_news]:
            if self.now - self.arrived[paper, where] < WINDOW:
                self.owe(paper, where)

    def rises(self, paper: str, upvotes: int, scope: str) -> None:
        """It gets as many more."""
        self.upvotes[paper] = self.upvotes.get(paper, 0) + upvotes
        self.arrives(paper, scope)

    def revise(self) -> None:
        """Edits are put."""
        self.reviser.run(self.now)

    def post(self, hand: Hand, fate: Fate) -> None:
        """An edit makes no message, whatever its fate; it is made again where that is not known."""
        delivery = hand.claim.delivery
        if delivery.kind != "edit":
            before = len(self.shown)
            super().post(hand, fate)
            self._draw(*self.shown[before:])
            return
        edits = hand.claim.edits
        if edits is None or fate in {"refused", "closed", "cannot look"}:
            self.spoilt.add(delivery.parent or "")
            hand.verdict = Verdict("dead")
            return
        assert edits.delivery in self.shown
        assert edits.message == edits.delivery.id
        if fate in {"taken", "taken unheard"}:
            self._draw(edits.delivery)
        verdicts: dict[Fate, Verdict] = {"taken": Verdict("sent", message=edits.message), "not now": Verdict("pending")}
        hand.verdict = verdicts.get(fate, Verdict("unknown", wait=5))

    def _draw(self, *shown: Delivery) -> None:
        for one in shown:
            self.cards[one.id] = self.stores.papers.get([item.paper for item in one.items])

    def stale(self) -> list[str]:
        """Messages that show a paper as it was before it rose."""
        standing = [one for one in self.shown if one.id not in self.spoilt | self.excused]
        return [
            one.id
            for one in standing
            if any(rose(card, self.stores.papers.get([card.id])[card.id]) for card in self.cards[one.id].values())
        ]

    def come_to_rest(self) -> None:
        """Edits too."""
        super().come_to_rest()
        self.revise()
        super().come_to_rest()
