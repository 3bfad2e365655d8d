"""Papers by mail: invited at a shell, confirmed in a browser, mailed once, unsubscribed in one click."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from papers.stores import keys
from papers.stores.server import Server
from tests.e2e.processes import Home, until
from tests.e2e.test_chats import TODAY, is_ready
from tests.fakes.entries import item
from tests.fakes.mail_reader import read
from tests.fakes.smtp import HOST, Letter, StrictMail
from tests.fakes.upstream import Upstream
from tests.integration.servers import free_port

ADA = "ada@example.org"


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        running.day(TODAY, [])
        yield running


@pytest.fixture
def mail() -> Iterator[StrictMail]:
    with StrictMail() as running:
        yield running
    assert running.violations == []


@pytest.fixture
def home(tmp_path: Path, upstream: Upstream, mail: StrictMail) -> Iterator[Home]:
    port = free_port()
    settings = {
        "SMTP_HOST": HOST,
        "SMTP_PORT": str(mail.port),
        "SMTP_SECURITY": "none",
        "MAIL_FROM": "Paperboy <papers@example.org>",
        "PAPERBOY_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "HTTP_PORT": str(port),
    }
    with Home(tmp_path, upstream.url, settings).cleared() as made:
        yield made


def link(letter: Letter, kind: str) -> str:
    """The link of that kind in a mail."""
    return next(one for one in read(letter.html).links if f"/email/{kind}/" in one)


def press(address: str, **form: str) -> str:
    """POST a form, as a button or a mail program does."""
    with urlopen(Request(address, urlencode(form).encode(), method="POST"), timeout=20) as answer:  # noqa: S310 - ours
        return str(answer.read().decode())


def comes_due(home: Home) -> None:
    """It is eight in the morning."""
    server = Server(f"unix://{home.data}/valkey/valkey.sock")
    (mailbox,) = [one for one in server.call("ZRANGE", keys.DUE, 0, -1) if one.startswith("email:")]
    server.call("ZADD", keys.DUE, int(time.time() * 1000) - 1_000, mailbox)
    server.close()


def test_invited_confirmed_mailed_once_and_unsubscribed(home: Home, upstream: Upstream, mail: StrictMail) -> None:
    running = home.start("up")
    until(lambda: is_ready(home, "bot email") and is_ready(home, "web"), "the bot and the pages")
    invited = home.run("email", "invite", ADA, "--say", "subscribe diffusion", "--daily", "08:00 Europe/Berlin")
    assert (invited.status, len(mail.letters)) == (0, 1)
    assert "every day at 08:00 Europe/Berlin" in " ".join(mail.letters[0].text.split())
    assert "You will get papers" in press(link(mail.letters[0], "confirm"))
    day = datetime.now(UTC).date().isoformat()
    upstream.day(day, [item("2603.00001", "Diffusion for maps", upvotes=3), item("2603.00002", "Something else")])
    assert home.run("poll").status == 0
    comes_due(home)
    until(lambda: len(mail.letters) > 1, "the mail")
    assert "1 paper for diffusion" in mail.letters[1].subject
    assert "Diffusion for maps" in mail.letters[1].text
    (row,) = home.run("email", "list", "--json").json
    assert (row["address"], row["state"], row["subscriptions"]) == (ADA, "confirmed", ["diffusion"])
    press(link(mail.letters[1], "unsubscribe"), **{"List-Unsubscribe": "One-Click"})
    upstream.day(day, [item("2603.00003", "Diffusion of heat")])
    assert home.run("poll").status == 0
    refused = home.run("email", "invite", ADA)
    assert refused.status == 1
    assert "asked not to be mailed" in refused.err
    running.interrupt()
    assert running.wait() == 0
    assert len(mail.letters) == 2
    assert not any(ADA in log.read_text("utf-8") for log in home.folder.glob("*.log"))


def test_doctor_looks_at_the_mail_server_and_sends_nothing(home: Home, mail: StrictMail) -> None:
    done = home.run("doctor")
    assert "takes us, without encryption" in done.out
    assert "addresses lie unencrypted" in done.out
    assert (mail.connections, mail.letters) == (1, [])
    mail.users["papers"] = "right"
    done = home.run("doctor", SMTP_USER="papers", SMTP_PASSWORD="wrong")  # noqa: S106 - it is wrong
    assert done.status == 1
    assert "does not let us in" in done.out


def test_what_cannot_be_offered_is_refused_in_words(home: Home, mail: StrictMail) -> None:
    done = home.run("email", "invite", ADA, "--say", "list")
    assert done.status == 2
    assert "--say takes what subscribes" in done.err
    assert mail.letters == []
