"""The settings of email: what is missing, or unsafe, is refused at start and by name."""

from __future__ import annotations

import pytest

from papers.errors import SettingsError
from papers.settings import Settings
from tests.unit.test_settings import named, refused, set_all

WHOLE = {
    "SMTP_HOST": "mail.example.org",
    "MAIL_FROM": "Paperboy <papers@example.org>",
    "PAPERBOY_PUBLIC_URL": "https://papers.example.org",
    "HTTP_PORT": "8080",
}


def test_a_server_a_sender_and_a_public_address_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not Settings.load().has_email
    set_all(monkeypatch, WHOLE)
    settings = Settings.load()
    assert (settings.has_email, settings.smtp_security) == (True, "starttls")


@pytest.mark.parametrize("name", ["MAIL_FROM", "PAPERBOY_PUBLIC_URL", "SMTP_HOST"])
def test_what_is_missing_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, {one: value for one, value in WHOLE.items() if one != name})
    assert named(refused()) == [name]


@pytest.mark.parametrize(("given", "missing"), [("SMTP_USER", "SMTP_PASSWORD"), ("SMTP_PASSWORD", "SMTP_USER")])
def test_a_user_needs_a_password_and_the_other_way_round(
    given: str, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_all(monkeypatch, {**WHOLE, given: "x"})
    assert named(refused()) == [missing]


def test_mails_are_not_sent_unencrypted_to_another_machine_unless_that_is_meant(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_all(monkeypatch, {**WHOLE, "SMTP_SECURITY": "None"})
    assert named(refused()) == ["SMTP_SECURITY"]
    set_all(monkeypatch, {"SMTP_ALLOW_PLAIN": "true"})
    assert Settings.load().smtp_security == "none"
    set_all(monkeypatch, {"SMTP_ALLOW_PLAIN": "false", "SMTP_HOST": "localhost"})
    assert Settings.load().has_email


@pytest.mark.parametrize("wrong", ["papers", "Paperboy <papers>", "a@example.org\r\nBcc: b@example.org", "<>"])
def test_a_sender_that_is_none_is_refused(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, {**WHOLE, "MAIL_FROM": wrong})
    assert named(refused()) == ["MAIL_FROM"]


def test_the_email_bot_needs_a_server() -> None:
    with pytest.raises(SettingsError, match="SMTP_HOST: not set"):
        Settings.load().need_email()


def test_a_password_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, {**WHOLE, "SMTP_USER": "papers", "SMTP_PASSWORD": "correct horse"})
    assert "correct horse" not in repr(Settings.load())
