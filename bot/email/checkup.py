"""Whether mails could be sent, and to whom addresses would be shown. For `paperboy doctor`, which sends none."""

from __future__ import annotations

from collections.abc import AsyncIterator

from aiosmtplib import SMTPAuthenticationError, SMTPException, SMTPResponseException

from bot.checked import Checked
from bot.email.answers import told
from bot.email.line import Line
from papers.settings import Settings


async def examine(settings: Settings, line: Line) -> AsyncIterator[Checked]:
    """Connect, encrypt, log in, and say goodbye."""
    where = settings.smtp_host or ""
    try:
        await line.look()
    except SMTPAuthenticationError as error:
        mend = "look at SMTP_USER and SMTP_PASSWORD; many providers want a password made for this program"
        yield Checked("bad", f"email: {where} does not let us in ({told(error.code, error.message)})", mend)
        return
    except SMTPResponseException as error:
        yield Checked("bad", f"email: {where} refuses us ({told(error.code, error.message)})", "ask whoever runs it")
        return
    except TimeoutError as error:
        mend = f"look at SMTP_PORT and SMTP_SECURITY (now {settings.smtp_security}), or ask whoever runs the server"
        yield Checked("bad", f"email: {where} falls silent ({error})", mend)
        return
    except (SMTPException, OSError) as error:
        mend = f"look at SMTP_HOST, SMTP_PORT and SMTP_SECURITY (now {settings.smtp_security})"
        if "certificate verify failed" in str(error):  # OpenSSL's words, wrapped or bare by when TLS begins
            mend = "SMTP_HOST has to be a name in its certificate; for a private CA, set SSL_CERT_FILE to the CA's"
        yield Checked("bad", f"email: {where} cannot be reached as it is set ({error})", mend)
        return
    how = "without encryption" if settings.smtp_security == "none" else "encrypted"
    yield Checked("good", f"email: {where} takes us, {how}; mails are from {settings.mail_from}")
    if settings.paperboy_encryption_keys is None:
        mend = "set PAPERBOY_ENCRYPTION_KEYS (openssl rand -base64 32); what is there is sealed when it is used"
        yield Checked("warning", "email: addresses lie unencrypted on the server", mend)
    if (settings.paperboy_public_url or "").startswith("http:"):
        mend = "set PAPERBOY_PUBLIC_URL to an https URL that others can reach"
        yield Checked("warning", "email: links in mails lead to this machine only, and nobody can unsubscribe", mend)
