"""The one connection to the mail server: whose turn it is, how long it is kept, and how it ends."""

from __future__ import annotations

import asyncio
import time

from bot.email.app import EmailBot
from bot.email.line import READY, TAKING
from bot.email.poster import LEASE, TIMEOUT
from papers.model import Destination
from papers.stores.outbox import Claim
from tests.conftest import NOW
from tests.integration.outboxes import delivery, put
from tests.integration.post_office import Office, ada, office
from tests.integration.servers import until

__all__ = ["ada", "office"]


def test_a_post_is_not_cut_off_before_the_line_itself_gives_up() -> None:
    assert READY + TAKING < TIMEOUT


def test_one_connection_takes_many_mails_at_their_pace(office: Office, ada: Destination) -> None:
    put(office.stores, *(delivery(number, where=ada, due=NOW) for number in range(1, 5)))
    began = time.monotonic()
    office.work()
    assert (len(office.mail.letters), office.mail.connections) == (4, 1)
    assert time.monotonic() - began > 0.5


def test_what_a_killed_sender_had_in_hand_is_left_to_its_reader(office: Office, ada: Destination) -> None:
    put(office.stores, delivery(1, "2603.00001", where=ada, due=NOW))
    claim = office.stores.outbox.claim(ada, LEASE)  # and then it was killed, before or after the mail
    assert isinstance(claim, Claim)
    office.work()
    assert office.last(ada).state == "sending"
    office.later(LEASE + 1, ada)
    office.work()
    assert (office.last(ada).state, office.mail.letters) == ("parked", [])


def test_an_idle_connection_that_the_server_closed_costs_nothing(office: Office, ada: Destination) -> None:
    async def work() -> None:
        sender, line = office.sender()
        put(office.stores, delivery(1, where=ada, due=NOW))
        await sender.drain()
        office.mail.hang_up("MAIL", times=1)
        put(office.stores, delivery(2, where=ada, due=NOW))
        await sender.drain()
        await line.close()

    asyncio.run(work())
    assert (len(office.mail.letters), office.mail.connections) == (2, 2)


def test_a_mail_whose_turn_does_not_come_is_put_off_and_certainly_not_sent(office: Office, ada: Destination) -> None:
    async def run() -> None:
        sender, line = office.sender(ready=0.2)
        async with line._turn:  # a server that takes its time over another mail
            await sender.drain()
        await line.close()

    put(office.stores, delivery(1, where=ada, due=NOW))
    asyncio.run(run())
    assert (office.last(ada).state, office.mail.letters) == ("pending", [])


def test_a_bot_that_stops_hands_nothing_more_in(office: Office, ada: Destination) -> None:
    async def run() -> None:
        sender, line = office.sender()
        line.last()
        await sender.drain()
        await line.close()

    put(office.stores, delivery(1, where=ada, due=NOW))
    asyncio.run(run())
    assert (office.last(ada).state, office.mail.connections) == ("pending", 0)


def test_the_bot_stops_at_once(office: Office, ada: Destination) -> None:
    async def run() -> float:
        sender, line = office.sender()
        stop, ready = asyncio.Event(), asyncio.Event()
        running = asyncio.create_task(EmailBot(sender, line, lambda: None).run(stop, ready.set))
        await ready.wait()
        put(office.stores, delivery(1, where=ada, due=NOW))
        await asyncio.to_thread(until, lambda: bool(office.mail.letters))
        stop.set()
        began = time.monotonic()
        await running
        return time.monotonic() - began

    assert asyncio.run(run()) < 3
    assert office.last(ada).state == "sent"
