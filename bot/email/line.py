"""The line to the mail server: one connection, one mail at a time, kept while there is work.

    connect ─ TLS ─ log in ─ MAIL ─ RCPT ──► DATA ─ the mail ─ its final dot ──► the server's word
                certainly not sent               once the mail is on its way, no answer is no proof

Whatever breaks before DATA certainly sent nothing. aiosmtplib tries nothing twice by itself; here a mail is tried twice
only if the connection had been idle, and was closed by the time that the first word was said.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

import structlog
from aiosmtplib import SMTP, SMTPException, SMTPResponseException, SMTPServerDisconnected

from bot.email.answers import NOT_REACHED, Stage, meaning, told
from bot.reach import AGAIN
from papers.errors import DeliveryError, RetryAfter, Unknown

CONNECTING: Final = 15.0
ANSWERING: Final = 60.0
TAKING: Final = 240.0
"""Seconds for a connection, for an answer, and for a server to take a mail, which may take long: it may be read for
viruses. RFC 5321 (4.5.3.2.6) allows ten minutes; who gives up early has mails of which nobody knows."""

LOOKING: Final = 15.0
"""Seconds that a look may take in all: somebody waits for it, and a server that needs longer has something amiss."""

READY: Final = 45.0
"""Seconds for all that comes before a mail itself, the wait for its turn too: with what follows it stays below the time
that one post has (`bot.email.poster.TIMEOUT`). Who was cut off by that would not know that nothing was sent."""

IDLE: Final = 30.0
"""Seconds after which a connection is not trusted any more: servers close idle ones."""

log = structlog.get_logger(platform="email")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mails are handed in, and as whom. `name` is how we introduce ourselves (EHLO)."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    name: str
    user: str | None = None
    password: str | None = None

    def client(self) -> SMTP:
        """A client that is not connected yet."""
        return SMTP(
            hostname=self.host,
            port=self.port,
            username=self.user,
            password=self.password,
            use_tls=self.security == "tls",
            start_tls=self.security == "starttls",
            local_hostname=self.name,
            timeout=ANSWERING,
        )


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it is handed in. `age` is how long it has been due."""

    sender: str
    to: str
    data: bytes
    age: timedelta


class Line:
    """See above. Built for one event loop.

    `ready` are the seconds after which a mail that was not begun is put off, `looking` those that a look may take.
    """

    def __init__(self, server: MailServer, *, ready: float = READY, looking: float = LOOKING) -> None:
        self._server = server
        self._ready = ready
        self._looking = looking
        self._client: SMTP | None = None
        self._used = 0.0
        self._turn = asyncio.Lock()
        self._closing = False

    async def send(self, mail: Mail) -> str:
        """Hand a mail in; the server's word that it took it.

        Raises RetryAfter where it certainly was not taken, Rejected where it never will be, else Unknown.
        """
        client = await self._at_turn(mail)
        try:
            async with self._translated("mail", mail), asyncio.timeout(TAKING):
                return told(*await client.data(mail.data, timeout=TAKING), mail.to)
        finally:
            self._turn.release()

    async def _at_turn(self, mail: Mail) -> SMTP:
        """A connection that waits for this mail's DATA, and the turn to use it, which whoever sends gives back."""
        try:
            async with asyncio.timeout(self._ready):
                await self._turn.acquire()
                try:
                    return await self._addressed(mail)
                except BaseException:
                    self._turn.release()
                    raise
        except TimeoutError as error:
            raise RetryAfter(AGAIN, "message", self._silent) from error

    @property
    def _silent(self) -> str:
        return f"the mail server {self._server.host} does not answer"

    async def look(self) -> None:
        """Connect and log in, and send nothing. Raises SMTPException, OSError, or TimeoutError for who falls silent."""
        client = self._server.client()
        try:
            async with asyncio.timeout(self._looking):
                await client.connect(timeout=CONNECTING)
            with suppress(SMTPException, OSError, TimeoutError):
                await client.quit(timeout=AGAIN)
        except TimeoutError as error:
            raise TimeoutError(f"not let in after {self._looking:g} s") from error
        finally:
            client.close()

    def last(self) -> None:
        """Let the mail that is on its way be the last; who waits for a turn is told to come again."""
        self._closing = True

    async def close(self) -> None:
        """Say goodbye."""
        async with self._turn:
            client, self._client = self._client, None
            if client is not None and client.is_connected:
                with suppress(SMTPException, OSError, TimeoutError):
                    await client.quit(timeout=AGAIN)
                client.close()

    async def _addressed(self, mail: Mail) -> SMTP:
        """A connection on which the server waits for this mail's DATA."""
        if self._closing:
            raise RetryAfter(AGAIN, "message")
        client, is_old = await self._connected(mail)
        try:
            async with self._translated("sender", mail, quiet=is_old):
                await client.mail(mail.sender)
        except SMTPServerDisconnected:
            client, _ = await self._connected(mail)
            async with self._translated("sender", mail):
                await client.mail(mail.sender)
        async with self._translated("recipient", mail):
            await client.rcpt(mail.to)
        return client

    async def _connected(self, mail: Mail) -> tuple[SMTP, bool]:
        """A connection, and whether it was there before."""
        idle = time.monotonic() - self._used
        client, self._used = self._client, time.monotonic()
        if client is not None and client.is_connected and idle < IDLE:
            return client, True
        if client is not None:
            client.close()
        client = self._client = self._server.client()
        async with self._translated("connection", mail):
            await client.connect(timeout=CONNECTING)
        return client, False

    @asynccontextmanager
    async def _translated(self, stage: Stage, mail: Mail, *, quiet: bool = False) -> AsyncIterator[None]:
        """What breaks at this stage, in our words; `quiet` lets a connection that was closed through as it is.

        The connection survives only what the server answered: anything else leaves it in the middle of a sentence.
        """
        try:
            yield
        except SMTPResponseException as error:
            await self._reset(stage)
            raise self._said(stage, error, mail) from error
        except BaseException as error:
            self._drop()
            if not isinstance(error, SMTPException | OSError | TimeoutError) or (
                quiet and isinstance(error, SMTPServerDisconnected)
            ):
                raise
            log.warning("the mail server gave no answer", stage=stage, error=str(error))
            if stage == "mail":
                raise Unknown("no answer") from error
            raise RetryAfter(NOT_REACHED, "platform", self._silent) from error

    @staticmethod
    def _said(stage: Stage, error: SMTPResponseException, mail: Mail) -> DeliveryError:
        meant = meaning(stage, error.code, error.message, mail.age, mail.to)
        log.warning("the mail server refused", stage=stage, answer=told(error.code, error.message, mail.to))
        return meant

    async def _reset(self, stage: Stage) -> None:
        """Take back what was said of a mail that is not sent, so that the next one can be."""
        client = self._client
        if stage == "connection":  # connected perhaps, but not logged in
            self._drop()
            return
        try:
            if client is not None and client.is_connected:
                await client.rset(timeout=AGAIN)
        except (SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self._client is not None:
            self._client.close()
        self._client = None
