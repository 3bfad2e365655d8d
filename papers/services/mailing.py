"""Papers by mail: who is invited, who confirmed, who wants no more of it.

    invite ──► an invitation in the outbox ──► its reader presses: confirm ──► subscriptions and a schedule
                                                                refuse ──► nobody invites them again
    a link in every mail ──► leave ──► nothing is mailed any more ──► come back, by the same link

Nobody is written to who did not ask for it, but for the one invitation. Each step may be taken twice: what it changes
stands before it is written down as done, or, where somebody leaves, after.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil
from typing import Final, Literal

from papers import addresses
from papers.errors import NotAllowedError, NotFoundError, QuotaError, TwinError, UsageError
from papers.mailbox import Invitation, Invited, Mailbox, State, is_open
from papers.model import Asker, Delivery, Heading, Schedule, Subscription
from papers.ports import Channels
from papers.schedule import next_slot
from papers.services.audit import audit
from papers.services.mailroom import Mailboxes, Outgoing

DAY: Final = 24 * 60 * 60.0

PER_ADDRESS: Final = 2
"""Invitations a day to one address, whoever sends them: a second one for who lost the first."""

PER_ASKER: Final = 10
"""Invitations a day that one person may send."""

HOUR: Final = "08:00"
"""When the mail comes that a channel offers."""

EVERYWHERE: Final = "*"
"""The workspace of a refusal, which holds for all of them."""

LEFT: Final = "its reader wants no more mail"

CONFIRM: Final = "confirm"
READ: Final = "read"
"""What a link is for: to answer one invitation, or to look at one's mailbox, leave it and come back."""

Allowance = Callable[[str, int, float], float]
"""Take one of so many that a scope has in so many seconds: 0.0, or the seconds until one is left."""


@dataclass(frozen=True)
class Invite:
    """Whom to invite to what.

    Attributes:
        by: who invites, in words that the mail shows; `asker` is the same for counting, "" for an operator.
        again: although they left, refused, or cannot be reached: an operator knows that they want it.
    """

    address: str
    workspace: str
    by: str
    wanted: Sequence[Subscription]
    schedule: Schedule
    asker: str = ""
    again: bool = False


@dataclass(frozen=True)
class Mailing:
    """Services over mailboxes. Tokens are those of the links in mails; a wrong one is a NotFoundError."""

    book: Mailboxes
    channels: Channels
    outbox: Outgoing
    spend: Allowance
    clock: Callable[[], datetime]

    def invite(self, invite: Invite) -> Mailbox:
        """Send an invitation.

        Raises UsageError for what is no address, NotAllowedError for somebody who said no, QuotaError where there were
        too many today.
        """
        address = addresses.checked(invite.address)
        refusal = self.book.id_of(EVERYWHERE, address)
        while True:
            name = self.book.id_of(invite.workspace, address)
            before = self.book.get(name)
            if not invite.again:
                self._may(before, refusal)
            self._count(refusal, invite.asker)
            made = self._invited(before, name, address, invite)
            if self.book.put(made, before):
                break
        if invite.again:
            self.outbox.unsuspend(made.destination, self.clock())
        self.outbox.put([_letter(made)], self.clock())
        audit(_owner(made), "invited")
        return made

    def offer(self, asker: Asker, address: str) -> Invited:
        """Offer a channel's subscriptions, as they are now, as a daily mail in the channel's time zone.

        Raises UsageError where there are none, and as `invite` does.
        """
        here = asker.destination
        wanted = self.channels.subscriptions(here)
        if not wanted:
            raise UsageError("this channel has no subscriptions to mail", advice="`subscribe …` makes one")
        team = f"{here.platform}-{here.workspace}"
        schedule = Schedule("daily", HOUR, self.channels.channel(here).schedule.zone)
        by = f"Somebody in a channel that Paperboy serves ({here.platform})"
        made = self.invite(Invite(address, team, by, wanted, schedule, asker=f"{team}:{asker.user}"))
        audit(asker, "invited")
        return Invited(addresses.masked(made.address), len(wanted), schedule)

    def _may(self, mailbox: Mailbox | None, refusal: str) -> None:
        """Raises NotAllowedError for who said no, and for an address that mail came back from."""
        advice = "if they asked for it, an operator may: `paperboy email invite … --again`"
        if self.book.get(refusal) or (mailbox and mailbox.said_no):
            raise NotAllowedError("whoever reads that address asked not to be mailed", advice=advice)
        closed = self.outbox.suspended(mailbox.destination) if mailbox else None
        if closed:
            raise NotAllowedError(f"mail to that address came back ({closed})", advice=advice)

    def _count(self, address: str, asker: str) -> None:
        scopes = [(f"invitations to {address}", PER_ADDRESS)]
        if asker:
            scopes.insert(0, (f"invitations by {asker}", PER_ASKER))
        for scope, limit in scopes:
            wait = self.spend(scope, limit, DAY)
            if wait:
                raise QuotaError("that is enough invitations for a day", advice=f"try again in {ceil(wait / 3600)} h")

    def _invited(self, before: Mailbox | None, name: str, address: str, invite: Invite) -> Mailbox:
        now = self.clock()
        made = before or Mailbox(name, invite.workspace, address, "new", now)
        delivery = hashlib.sha256(f"{made.destination}|invitation|{now.isoformat()}".encode()).hexdigest()[:24]
        wanted = tuple(
            replace(one, destination=made.destination, number=0, id="", created_by="") for one in invite.wanted
        )
        offered = Invitation(delivery, now, invite.by, wanted, invite.schedule)
        waiting = [one for one in made.invitations if is_open(one, now)]
        return replace(made, address=address).inviting([*waiting, offered])

    def answering(self, token: str) -> tuple[Mailbox, Invitation]:
        """The invitation that a link answers. Raises NotFoundError for one that is used up, or too old."""
        mailbox = self.book.holder(token)
        for invitation in mailbox.invitations if mailbox else ():
            if mailbox and self.book.proves(token, CONFIRM, invitation.id) and is_open(invitation, self.clock()):
                return mailbox, invitation
        raise _no_link()

    def confirm(self, token: str) -> Mailbox:
        """Mail what this invitation offered, from now on, and all of it when this one said; others still wait."""
        while True:
            mailbox, invitation = self.answering(token)
            self._subscribe(mailbox, invitation.wanted)
            self._schedule(mailbox, invitation.schedule)
            others = [one for one in mailbox.invitations if one != invitation]
            confirmed = replace(self._moved(mailbox, "confirmed"), kept=()).inviting(others)
            if self.book.put(confirmed, mailbox):
                self._forget_refusal(mailbox)
                self.outbox.unsuspend(mailbox.destination, self.clock())
                audit(_owner(mailbox), "confirmed")
                return confirmed

    def refuse(self, token: str) -> Mailbox:
        """Let nobody invite this address any more. Who is mailed to already goes on being so."""
        while True:
            mailbox, _ = self.answering(token)
            state: State = "confirmed" if mailbox.state == "confirmed" else "refused"
            refused = self._moved(mailbox, state).inviting(())
            if self.book.put(refused, mailbox):
                name = self.book.id_of(EVERYWHERE, mailbox.address)
                self.book.put(Mailbox(name, EVERYWHERE, "", "refused", self.clock()), None)
                audit(_owner(mailbox), "refused")
                return refused

    def reading(self, token: str) -> Mailbox:
        """The mailbox that a mail's own link is of. Raises NotFoundError."""
        mailbox = self.book.holder(token)
        if mailbox is None or not self.book.proves(token, READ):
            raise _no_link()
        return mailbox

    def leave(self, token: str) -> Mailbox:
        """Mail nothing any more, from this moment on; the subscriptions are kept, should they come back."""
        return self._leave(self.reading(token), "left")

    def come_back(self, token: str) -> Mailbox:
        """Mail again what was mailed when they left. Nothing happens to who has not left."""
        while (mailbox := self.reading(token)).state == "left" and mailbox.address:
            self._subscribe(mailbox, mailbox.kept)
            back = replace(self._moved(mailbox, "confirmed"), kept=())
            if self.book.put(back, mailbox):
                self.outbox.unsuspend(mailbox.destination, self.clock())
                audit(_owner(mailbox), "confirmed")
                return back
        return mailbox

    def missed(self, mailbox: Mailbox) -> tuple[Delivery, ...]:
        """Mails of which nobody can tell whether they were sent, newest first."""
        history = self.outbox.history(mailbox.destination)
        return tuple(record.delivery for record in history if record.state == "parked" and record.delivery.items)

    def send_again(self, token: str, delivery: str) -> bool:
        """Mail one of these again, as its reader asks; False if it is none of theirs, or was mailed meanwhile."""
        mailbox = self.reading(token)
        known = any(one.id == delivery for one in self.missed(mailbox))
        return known and self.outbox.release(mailbox.destination, delivery)

    def forget_unanswered(self) -> int:
        """Forget invitations that can be confirmed no more, and addresses that there was nothing else about; how many.

        Who never said yes is not to be kept. Whoever answers, or is invited again, at this moment is left alone.
        """
        now, forgotten = self.clock(), 0
        for mailbox in self.book.all():
            waiting = [one for one in mailbox.invitations if is_open(one, now)]
            if len(waiting) < len(mailbox.invitations):
                address = mailbox.address if waiting or mailbox.state != "new" else ""
                forgotten += self.book.put(replace(mailbox, address=address).inviting(waiting), mailbox)
        return forgotten

    def remove(self, address: str, workspace: str | None = None) -> tuple[Mailbox, ...]:
        """Forget an address, in every workspace unless one is named, and write there no more unless it is invited anew.

        Raises NotFoundError.
        """
        spelt = addresses.checked(address)
        held = [one for one in self.book.all() if one.workspace != EVERYWHERE and self._is(one, spelt)]
        meant = [one for one in held if workspace in {None, one.workspace}]
        if not meant:
            raise NotFoundError("nothing is mailed to that address", advice="`paperboy email list` shows who is")
        return tuple(self._leave(one, "left", forget=True) for one in meant)

    def _is(self, mailbox: Mailbox, address: str) -> bool:
        """Whether it is that address's; its id tells, also where the address was forgotten."""
        return mailbox.id == self.book.id_of(mailbox.workspace, address)

    def _leave(self, mailbox: Mailbox, state: Literal["left"], *, forget: bool = False) -> Mailbox:
        while True:
            standing = self.channels.subscriptions(mailbox.destination)
            gone = replace(self._moved(mailbox, state).inviting(()), kept=standing or mailbox.kept)
            gone = replace(gone, address="", kept=()) if forget else gone
            if self.book.put(gone, mailbox):
                break
            mailbox = self.book.get(mailbox.id) or mailbox
        self.outbox.suspend(mailbox.destination, LEFT, f"left at {gone.at.isoformat()}")
        for one in standing:
            self.channels.remove(one)
        audit(_owner(mailbox), "left")
        return gone

    def _subscribe(self, mailbox: Mailbox, wanted: Sequence[Subscription]) -> None:
        now = self.clock()
        made = now.replace(microsecond=now.microsecond // 1000 * 1000)  # as arrivals are kept
        for one in wanted:
            try:
                self.channels.add(replace(one, destination=mailbox.destination, number=0, id="", created_at=made))
            except TwinError:
                continue  # this step was taken before, or it is mailed already

    def _schedule(self, mailbox: Mailbox, schedule: Schedule) -> None:
        now = self.clock()
        channel = replace(self.channels.channel(mailbox.destination), schedule=schedule)
        self.channels.set_channel(channel, next_slot(schedule, now), now)
        self.channels.prefer(mailbox.destination, {"quiet": "off"})  # a mail that says that there is none is noise

    def _forget_refusal(self, mailbox: Mailbox) -> None:
        """Who confirms by themselves may be invited to more."""
        self.book.delete(self.book.id_of(EVERYWHERE, mailbox.address))

    def _moved(self, mailbox: Mailbox, state: State) -> Mailbox:
        return mailbox if mailbox.state == state else replace(mailbox, state=state, at=self.clock())


def _letter(mailbox: Mailbox) -> Delivery:
    """The delivery that brings a mailbox's invitation."""
    invitation = mailbox.invitation
    if invitation is None:
        raise ValueError("there is no invitation to send")
    heading = Heading(day=invitation.at.date(), total=0, note="an invitation")
    return Delivery(invitation.id, mailbox.destination, "notice", heading, due=invitation.at)


def _owner(mailbox: Mailbox) -> Asker:
    return Asker(mailbox.destination, "")


def _no_link() -> NotFoundError:
    return NotFoundError("this link was used, or is too old", advice="ask whoever invited you for another one")
