"""With everything set up, each container is given settings that Paperboy accepts."""

from __future__ import annotations

import base64
import re

import pytest
from dotenv import dotenv_values

from papers.settings import Settings
from tests.unit.deploy.files import DEPLOY, Document, container, objects, own_pods, roles

KEY = base64.b64encode(bytes(32)).decode()
COMMON = {
    "PAPERBOY_PUBLIC_URL": "https://papers.example.org",
    "DISCORD_BOT_TOKEN": "a token",
    "SMTP_HOST": "smtp.example.org",
    "SMTP_USER": "ada",
    "SMTP_PASSWORD": "a password",
    "MAIL_FROM": "Paperboy <papers@example.org>",
    "PAPERBOY_ENCRYPTION_KEYS": KEY,
    "VALKEY_PASSWORD": "a1b2",
}
SLACK = {
    "socket": {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"},
    "http": {"SLACK_MODE": "http", "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"},
    "oauth": {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s", "SLACK_APP_TOKEN": "xapp-1"},
}


@pytest.mark.parametrize("service", roles().values(), ids=roles())
@pytest.mark.parametrize("slack", SLACK.values(), ids=SLACK)
def test_compose_s(service: Document, slack: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    file = {**COMMON, **slack}
    own = {name: _interpolated(value, file) for name, value in service["environment"].items()}
    settings = _loaded({**file, **own}, monkeypatch)
    assert settings.redis_url
    assert settings.redis_url.get_secret_value() == "redis://:a1b2@valkey:6379/0"
    _ready_for(service["command"], settings)


@pytest.mark.parametrize("pod", own_pods().values(), ids=own_pods())
@pytest.mark.parametrize("slack", SLACK.values(), ids=SLACK)
def test_kubernetes(pod: Document, slack: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    filled = {**COMMON, **slack}
    secrets = {one["metadata"]["name"]: one["stringData"] for one in objects("Secret")}
    secrets["paperboy-slack"] = slack
    maps = {"paperboy-settings": "settings.env", "paperboy-mail": "mail.env"}
    given: dict[str, str] = {"HTTP_PORT": "8080", "PAPERBOY_PUBLIC_URL": filled["PAPERBOY_PUBLIC_URL"]}
    for source in container(pod)["envFrom"]:
        if "secretRef" in source:
            told = secrets[source["secretRef"]["name"]]
        else:
            file = DEPLOY / "kubernetes" / maps[source["configMapRef"]["name"]]
            told = {name: value or "" for name, value in dotenv_values(file).items()}
        given |= {name: filled.get(name, value) for name, value in told.items()}
    given |= {one["name"]: one["value"] for one in container(pod).get("env", [])}
    _ready_for(container(pod)["args"], _loaded(given, monkeypatch))


def _interpolated(value: str, file: dict[str, str]) -> str:
    return re.sub(r"\$\{(\w+):[?-][^}]*\}", lambda found: file[found[1]], value)


def _loaded(variables: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return Settings.load()


def _ready_for(words: list[str], settings: Settings) -> None:
    """Whether the role would start, and nobody else sends."""
    needed = {"slack": settings.need_slack, "discord": settings.need_discord, "email": settings.need_email}
    if words[0] == "bot":
        needed[words[1]]()
    elif words[0] == "web":
        settings.need_web()
        assert settings.web_listens == 8080
        assert settings.has_email
    else:
        assert not any([settings.has_slack, settings.discord_bot_token, settings.has_email])
