"""Builds the email bot over the core."""

from __future__ import annotations

from bot.email.app import EmailBot
from bot.email.letter import Letterhead
from bot.email.line import Line, MailServer
from bot.email.poster import LEASE, LOOK_AFTER, TIMEOUT, EmailPoster, paces
from bot.mail_links import Links
from bot.posting import HANGS, Sender
from bot.verdict import Judge
from papers.mail_settings import PORTS, sender
from papers.settings import Settings
from papers.wiring import Core, clock


def email_line(settings: Settings) -> Line:
    """The line to SMTP_HOST. Building it connects to nothing; use it in one event loop."""
    password = settings.smtp_password
    server = MailServer(
        host=settings.smtp_host or "",
        port=settings.smtp_port or PORTS[settings.smtp_security],
        security=settings.smtp_security,
        name=sender(settings.mail_from or "").domain,
        user=settings.smtp_user,
        password=password.get_secret_value() if password else None,
    )
    return Line(server)


def email_sender(core: Core, line: Line) -> Sender:
    """The sender of mailboxes."""
    stores, settings = core.stores, core.settings
    home = settings.paperboy_public_url or ""
    links, head = Links(home, core.mailboxes), Letterhead(sender(settings.mail_from or ""), home)
    poster = EmailPoster(line, links, head, core.mailing, clock)
    judge = Judge(stores.papers, poster, lease=LEASE, timeout=TIMEOUT, look_after=LOOK_AFTER)
    return Sender("email", stores.outbox, stores.channels, judge, paces, beat=core.pulse.expect("sender", HANGS))


def email_bot(core: Core) -> EmailBot:
    """The email bot of the settings; call it in the event loop that runs it."""
    line = email_line(core.settings)
    return EmailBot(email_sender(core, line), line, core.mailing.forget_unanswered)
