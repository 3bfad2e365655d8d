"""What mail servers answer, and what becomes of the mail: over a real connection, by the product's own sender."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
import trustme
from structlog.testing import capture_logs

from bot.checked import Checked
from bot.email.checkup import examine
from bot.email.line import Line, MailServer
from papers.model import Destination
from papers.settings import Settings
from papers.wiring import Stores
from tests.conftest import NOW
from tests.contract.email import mailboxes
from tests.fakes.smtp import HOST
from tests.integration.outboxes import delivery, put
from tests.integration.post_office import ADA, BOB, Office, ada, bob, office
from tests.integration.servers import behind_tls

__all__ = ["ada", "bob", "office"]

PASSWORD = "correct horse"  # noqa: S105 - of a server on loopback


def test_a_mail_that_is_greylisted_comes_later_and_once(office: Office, ada: Destination) -> None:
    put(office.stores, delivery(1, where=ada, due=NOW))
    office.mail.refuse("RCPT", "451 4.7.1 greylisted, come again", times=1)
    office.work()
    assert (office.last(ada).state, office.mail.letters) == ("pending", [])
    office.later(30, ada)
    office.work()
    assert office.mail.letters == []  # a minute at least
    office.later(31, ada)
    office.work()
    assert office.last(ada).state == "sent"
    assert [letter.to for letter in office.mail.letters] == [ADA]


def test_a_mail_that_is_put_off_for_five_days_closes_its_address(office: Office, ada: Destination) -> None:
    put(office.stores, delivery(1, where=ada, due=NOW))
    office.mail.refuse("RCPT", "451 4.7.1 come again")
    office.work()
    office.later(5 * 86_400 + 60, ada)
    office.work()
    assert "put off for 5 days" in (office.stores.outbox.suspended(ada) or "")
    assert office.mail.letters == []


def test_an_address_that_there_is_not_is_suspended_with_the_reason_and_without_the_address(
    office: Office, ada: Destination, bob: Destination
) -> None:
    put(office.stores, delivery(1, where=ada, due=NOW))
    put(office.stores, delivery(2, where=bob, due=NOW))
    office.mail.refuse("RCPT", f"550 5.1.1 <{ADA.upper()}> no such user", to=ADA)
    with capture_logs() as logs:
        office.work()
    assert office.stores.outbox.suspended(ada) == "550 5.1.1 <a…@example.org> no such user"
    assert not any(address in str(logs).lower() for address in (ADA, BOB))
    assert [letter.to for letter in office.mail.letters] == [BOB]  # by the same connection
    assert office.mail.connections == 1


@pytest.mark.parametrize("stage", ["RCPT", "DATA"])
def test_what_is_refused_for_itself_is_dead_and_the_next_mail_goes_out(
    office: Office, ada: Destination, stage: str
) -> None:
    put(office.stores, delivery(1, where=ada, due=NOW))
    office.mail.refuse(stage, "552 5.2.2 mailbox full", times=1)
    office.work()
    assert (office.last(ada).state, office.stores.outbox.suspended(ada)) == ("dead", None)
    put(office.stores, delivery(2, where=ada, due=NOW))
    office.work()
    assert (office.last(ada).state, len(office.mail.letters)) == ("sent", 1)


def test_a_mail_whose_answer_was_lost_is_not_mailed_again_and_its_reader_is_told(
    office: Office, ada: Destination
) -> None:
    put(office.stores, delivery(1, "2603.00001", where=ada, due=NOW))
    office.mail.hang_up("DOT", times=1)
    office.work()
    assert office.last(ada).state == "unknown"
    office.later(5, ada)
    office.work()
    assert (office.last(ada).state, len(office.mail.letters)) == ("parked", 1)
    put(office.stores, delivery(2, where=ada, due=NOW))
    office.work()
    assert "Did the mail of" in office.mail.letters[1].text


def test_what_breaks_before_the_mail_itself_certainly_sent_nothing(office: Office, ada: Destination) -> None:
    put(office.stores, delivery(1, where=ada, due=NOW))
    for stage in ("MAIL", "RCPT"):
        office.mail.hang_up(stage, times=1)
        office.work()
        assert (office.last(ada).state, office.mail.letters) == ("pending", [])
        office.later(60, ada)
    office.work()
    assert (office.last(ada).state, len(office.mail.letters)) == ("sent", 1)


def test_a_server_that_is_away_holds_all_mails_and_loses_none(
    office: Office, ada: Destination, bob: Destination
) -> None:
    put(office.stores, delivery(1, where=ada, due=NOW))
    put(office.stores, delivery(2, where=bob, due=NOW))
    nobody = replace(office.server(), port=1)
    office.work(nobody)
    assert {office.last(one).state for one in (ada, bob)} == {"pending"}
    assert office.mail.connections == 0
    for one in (ada, bob):
        office.later(60, one)
    office.work()
    assert sorted(letter.to for letter in office.mail.letters) == [ADA, BOB]


def test_who_has_to_log_in_does_and_a_wrong_password_loses_no_mail_and_is_not_logged(
    office: Office, ada: Destination
) -> None:
    office.mail.users["papers"] = PASSWORD
    put(office.stores, delivery(1, where=ada, due=NOW))
    knows = replace(office.server(), user="papers", password=PASSWORD)
    with capture_logs() as logs:
        office.work(replace(knows, password="wrong pony"))  # noqa: S106 - it is wrong
    assert (office.last(ada).state, office.mail.letters) == ("pending", [])
    assert "wrong pony" not in str(logs)
    office.later(301, ada)
    office.work(knows)
    assert (office.last(ada).state, len(office.mail.letters)) == ("sent", 1)


@pytest.fixture
def authority(tmp_path: Path) -> tuple[trustme.CA, Path]:
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return ca, tmp_path / "ca.pem"


def test_starttls_is_used_and_checked_and_never_done_without(
    office: Office, ada: Destination, authority: tuple[trustme.CA, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    ca, file = authority
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("localhost").configure_cert(context)
    wanted = replace(office.server(), security="starttls", host="localhost")
    put(office.stores, delivery(1, where=ada, due=NOW))
    office.work(wanted)  # it offers none
    office.later(301, ada)
    office.mail.tls = context
    office.work(wanted)  # nobody vouches for it
    assert (office.last(ada).state, office.mail.letters) == ("pending", [])
    office.later(301, ada)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    office.work(wanted)
    assert (office.last(ada).state, len(office.mail.letters)) == ("sent", 1)


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_nobody_vouches_for_is_told_of_with_what_mends_it(
    office: Office, authority: tuple[trustme.CA, Path], security: Literal["starttls", "tls"]
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority[0].issue_cert("localhost").configure_cert(context)

    async def examined(port: int) -> list[Checked]:
        line = Line(replace(office.server(), security=security, host="localhost", port=port))
        return [finding async for finding in examine(Settings(smtp_host="localhost"), line)]

    office.mail.tls = context
    if security == "starttls":
        (finding,) = asyncio.run(examined(office.server().port))
    else:
        with behind_tls(office.server().port, context) as port:
            (finding,) = asyncio.run(examined(port))
    assert (finding.grade, "SSL_CERT_FILE" in (finding.mend or "")) == ("bad", True)


@pytest.mark.parametrize("greeting", [b"", b"220 post ESMTP\r\n"])
def test_a_server_that_falls_silent_is_not_looked_at_for_long(greeting: bytes) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        with suppress(asyncio.CancelledError):  # the test is over
            await reader.read()
        writer.close()

    async def examined() -> list[Checked]:
        async with await asyncio.start_server(silent, HOST, 0) as post:
            server = MailServer(HOST, post.sockets[0].getsockname()[1], "none", "example.org", "papers", PASSWORD)
            return [one async for one in examine(Settings(smtp_host=HOST), Line(server, looking=0.1))]

    (finding,) = asyncio.run(examined())
    assert (finding.grade, "falls silent" in finding.what, "SMTP_PORT" in finding.mend) == ("bad", True, True)


def test_who_left_a_moment_ago_is_sent_nothing(office: Office, ada: Destination) -> None:
    put(office.stores, delivery(1, where=ada, due=NOW))
    book = mailboxes(office.stores)
    before = book.get(ada.channel)
    assert before
    assert book.put(replace(before, state="left"), before)
    office.work()
    assert (office.last(ada).state, office.mail.letters) == ("dead", [])


def test_a_mailbox_of_which_no_address_is_kept_is_closed(office: Office, stores: Stores) -> None:
    nobody = Destination("email", "local", "0" * 24)
    put(stores, delivery(1, where=nobody, due=NOW))
    office.work()
    assert "no address is kept" in (stores.outbox.suspended(nobody) or "")
