"""A mailbox that papers are, were or may be mailed to: its states, and who may move it from one to another. Pure.

                 confirm                  leave
    (nothing) ──────────► confirmed ──────────────► left
        │                     ▲                      │
        │ refuse              └────── come back ─────┘
        └──────► refused

An invitation belongs to a mailbox without being a state of it: whoever is mailed to already can be invited to more, and
nothing changes until they confirm that. Each has a link of its own, which settles what that one offered and when.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from papers.model import Destination, Schedule, Subscription

VALID: Final = timedelta(days=3)
"""How long an invitation's link is good for."""

State = Literal["new", "confirmed", "left", "refused"]


@dataclass(frozen=True, slots=True)
class Invitation:
    """What somebody was invited to, and by whom.

    Attributes:
        id: the delivery that brings it: its link holds for that one only.
        by: who invites, in words that the mail shows.
        wanted: subscriptions as they would be saved.
    """

    id: str
    at: datetime
    by: str
    wanted: tuple[Subscription, ...]
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Invited:
    """The answer of `email ADDRESS`: how many of a channel's subscriptions were offered, to whom (masked), and when."""

    address: str
    subscriptions: int
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address in one workspace.

    Attributes:
        id: opaque: the destination's channel, in keys and logs.
        address: "" once it is forgotten. Who left or refused is known by the id alone.
        at: when it came into its state.
        invitation: the newest that was not answered.
        kept: subscriptions of somebody who left, should they come back.
        earlier: those before it, oldest first.
    """

    id: str
    workspace: str
    address: str
    state: State
    at: datetime
    invitation: Invitation | None = None
    kept: tuple[Subscription, ...] = ()
    earlier: tuple[Invitation, ...] = ()

    @property
    def invitations(self) -> tuple[Invitation, ...]:
        """All that were not answered, oldest first."""
        return (*self.earlier, *((self.invitation,) if self.invitation else ()))

    def offered(self, delivery: str) -> Invitation | None:
        """The invitation that a delivery brings, while it was not answered."""
        return next((one for one in self.invitations if one.id == delivery), None)

    def inviting(self, invitations: Sequence[Invitation]) -> Mailbox:
        """The same mailbox with these instead."""
        newest = invitations[-1] if invitations else None
        return replace(self, invitation=newest, earlier=tuple(invitations[:-1]))

    @property
    def destination(self) -> Destination:
        """Where its posts go."""
        return Destination("email", self.workspace, self.id)

    @property
    def said_no(self) -> bool:
        """Whether its reader wants no mail."""
        return self.state in {"left", "refused"}


def is_open(invitation: Invitation | None, now: datetime) -> bool:
    """Whether an invitation can still be confirmed."""
    return invitation is not None and now - invitation.at <= VALID
