"""The settings of email: the SMTP server that takes mails, and whom they are from."""

from __future__ import annotations

from email.headerregistry import Address
from email.utils import parseaddr
from typing import Final, Literal

from pydantic import Field, SecretStr, field_validator

from papers import addresses
from papers.errors import SettingsError, UsageError
from papers.public_settings import PublicSettings
from papers.validity import LOOPBACK

PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}
"""By SMTP_SECURITY: submission, submission over TLS (RFC 8314, 3.3), and a relay of one's own."""


class MailSettings(PublicSettings):
    """What `papers.settings.Settings` has for email; mails are sent where SMTP_HOST is set."""

    smtp_host: str | None = None
    smtp_port: int | None = Field(default=None, ge=1, le=65535)
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_allow_plain: bool = False
    mail_from: str | None = None

    @field_validator("smtp_security", mode="before")
    @classmethod
    def _security_in_lower_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("mail_from")
    @classmethod
    def _is_sender(cls, value: str | None) -> str | None:
        if value is not None:
            sender(value)
        return value

    @property
    def has_email(self) -> bool:
        """Whether mails are sent."""
        return self.smtp_host is not None

    def need_email(self) -> None:
        """Raises SettingsError where no mails are sent."""
        if not self.has_email:
            raise SettingsError(["SMTP_HOST: not set"])

    def mail_problems(self) -> list[str]:
        """What is missing for mails to be sent, or unsafe."""
        if self.smtp_host is None:
            half = (self.smtp_user, self.smtp_password, self.mail_from)
            return ["SMTP_HOST: missing, though email is set up in part"] if any(half) else []
        found = {
            "MAIL_FROM: missing; it is whom mails are from, e.g. Paperboy <papers@example.org>": self.mail_from is None,
            "PAPERBOY_PUBLIC_URL: missing; the links in mails lead to `paperboy web`, there": self.paperboy_public_url
            is None,
            "SMTP_PASSWORD: missing; SMTP_USER is nothing without it": bool(self.smtp_user) > bool(self.smtp_password),
            "SMTP_USER: missing; SMTP_PASSWORD is nothing without it": bool(self.smtp_user) < bool(self.smtp_password),
            "SMTP_SECURITY: none, and the server is not on this machine; set SMTP_ALLOW_PLAIN=true if that is meant": (
                self.smtp_security == "none" and not self.smtp_allow_plain and self.smtp_host not in LOOPBACK
            ),
        }
        return [problem for problem, is_so in found.items() if is_so]


def sender(text: str) -> Address:
    """Whom mails are from: `papers@example.org`, or `A name <papers@example.org>`. Raises ValueError."""
    name, address = parseaddr(text)
    try:
        spelt = addresses.checked(address)
    except UsageError as error:
        raise ValueError("not an address, nor `A name <name@example.org>`") from error
    if not text.isprintable():
        raise ValueError("it has characters that cannot be shown")
    return Address(name, addr_spec=spelt)
