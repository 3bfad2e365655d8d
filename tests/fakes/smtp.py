"""A mail server on loopback that takes what mails must be, counts them, and refuses or hangs up as it is told.

    with StrictMail() as mail:
        mail.refuse("RCPT", "550 5.1.1 no such user", times=1)      # also MAIL, DATA (the mail itself)
        mail.hang_up("DOT", times=1)            # takes the mail, and says nothing
        …                                       # send to mail.port
        assert mail.letters[0].subject == "7 papers for diffusion · Tue 10 Nov"
        assert mail.violations == []

    python -m tests.fakes.smtp FOLDER           prints its port; every mail it takes is a file of FOLDER

A mail is held against RFC 5322 and RFC 2045 as it lies on the wire: seven bits, lines of 998 octets at most, each
header once, nothing that Python's parser finds defects in.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import ssl
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST: Final = "127.0.0.1"
REQUIRED: Final = ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "List-Id", "Auto-Submitted")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it was taken."""

    sender: str
    to: str
    data: bytes

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.data, policy=email.policy.SMTP)

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        return self._part("text/plain")

    @property
    def html(self) -> str:
        return self._part("text/html")

    def _part(self, kind: str) -> str:
        found = [part for part in self.message.walk() if part.get_content_type() == kind]
        assert len(found) == 1
        return str(found[0].get_content()).replace("\r\n", "\n")

    def defects(self) -> list[str]:
        """What is wrong with it."""
        found = [f"{len(line)} octets in a line" for line in self.data.split(b"\r\n") if len(line) > 998]
        found += ["a byte of eight bits"] if not self.data.isascii() else []
        found += ["a bare newline"] if b"\n" in self.data.replace(b"\r\n", b"") else []
        counts = Counter(name.lower() for name in self.message)
        found += [f"{name}: {counts[name.lower()]} times" for name in REQUIRED if counts[name.lower()] != 1]
        for part in self.message.walk():
            found += [repr(defect) for defect in part.defects]
            found += [f"{name}: {defect!r}" for name, value in part.items() for defect in getattr(value, "defects", ())]
        found += [] if self.message["To"] == self.to else [f"to {self.to}, and says {self.message['To']}"]
        return found


@dataclass
class _Fault:
    stage: str
    answer: str
    times: int | None
    to: str | None


@dataclass
class StrictMail:
    """See the module.

    Attributes:
        users: those who may log in, and their passwords; if there are any, everybody has to.
        tls: what STARTTLS is answered with; if it is given, nothing else is.
        taken: told of each mail.
    """

    users: dict[str, str] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    taken: Callable[[Letter], None] = lambda _: None
    letters: list[Letter] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    connections: int = 0
    logins: int = 0
    port: int = 0
    _faults: list[_Fault] = field(default_factory=list)

    def refuse(self, stage: str, answer: str, times: int | None = None, to: str | None = None) -> None:
        """Answer so at a stage: MAIL, RCPT (of one address), DATA, or DOT, where the mail was taken already."""
        self._faults.append(_Fault(stage, answer, times, to))

    def hang_up(self, stage: str, times: int | None = None) -> None:
        """Close the connection there instead of an answer; at DOT the mail was taken."""
        self.refuse(stage, "", times)

    def heal(self) -> None:
        """Good weather again."""
        self._faults.clear()

    def __enter__(self) -> Self:
        self._loop, started = asyncio.new_event_loop(), threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,))
        self._thread.start()
        started.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()
        self._loop.close()

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve(started))

    async def _serve(self, started: threading.Event) -> None:
        self._stop, open_ones = asyncio.Event(), set[SMTP]()

        def accept() -> SMTP:
            self.connections += 1
            made = SMTP(
                self,
                hostname="mail.test",
                tls_context=self.tls,
                require_starttls=self.tls is not None,
                auth_require_tls=False,
                authenticator=self._log_in,
                loop=self._loop,
            )
            open_ones.add(made)
            return made

        server = await self._loop.create_server(accept, HOST, self.port)
        self.port = server.sockets[0].getsockname()[1]
        started.set()
        await self._stop.wait()
        server.close()
        for one in open_ones:
            if one.transport is not None:
                one.transport.close()
        await asyncio.sleep(0)

    def _log_in(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        del server, session, envelope, mechanism
        assert isinstance(data, LoginPassword)
        self.logins += 1
        return AuthResult(success=self.users.get(data.login.decode()) == data.password.decode(), handled=False)

    def _fault(self, stage: str, server: SMTP, to: str | None = None) -> str | None:
        """What goes wrong at this stage."""
        for one in self._faults:
            if one.stage == stage and one.times != 0 and one.to in {None, to}:
                one.times = None if one.times is None else one.times - 1
                if not one.answer and server.transport is not None:
                    server.transport.close()
                return one.answer or "421 gone"
        return None

    async def handle_MAIL(  # noqa: N802 - aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del options
        if refusal := self._fault("MAIL", server):
            return refusal
        if self.users and not session.authenticated:
            return "530 5.7.0 log in first"
        envelope.mail_from = address
        return "250 2.1.0 ok"

    async def handle_RCPT(  # noqa: N802 - as above
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del session, options
        if refusal := self._fault("RCPT", server, address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        del session
        if refusal := self._fault("DATA", server):
            return refusal
        content = envelope.content
        assert isinstance(content, bytes)
        (to,) = envelope.rcpt_tos
        letter = Letter(envelope.mail_from or "", to, content)
        self.violations += letter.defects()
        self.letters.append(letter)
        self.taken(letter)
        return self._fault("DOT", server) or "250 2.0.0 queued"


def main(folder: Path) -> None:
    """Serve until killed."""

    def keep(letter: Letter) -> None:
        (folder / f"{len(mail.letters):03}.eml").write_bytes(letter.data)

    mail = StrictMail(taken=keep)
    with mail:
        print(mail.port, flush=True)  # noqa: T201 - for whoever started it
        threading.Event().wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
