"""The only reader of the environment: every setting, its default and what is wrong with it.

Settings come from the environment, else from `.env` in the working directory. `Settings.load()` refuses wrong ones
at start, all at once, by name. Secrets are `SecretStr`: they print as stars.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import platformdirs
from dotenv import dotenv_values
from pydantic import AfterValidator, Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from papers import misspelt
from papers.errors import SettingsError
from papers.keep_settings import KeepSettings
from papers.keyring import Keyring
from papers.mail_settings import MailSettings
from papers.server_settings import ServerSettings
from papers.validity import halves, http_url


def default_data_directory() -> Path:
    """The platform's directory for an application's data, e.g. `~/.local/share/paperboy`."""
    return Path(platformdirs.user_data_dir("paperboy", appauthor=False))


class Settings(ServerSettings, KeepSettings, MailSettings):
    """Everything that can be set. The field's name in capitals is the variable's name."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    paperboy_data: Path = Field(default_factory=default_data_directory)
    paperboy_sources: Annotated[tuple[str, ...], NoDecode] = ("huggingface",)
    paperboy_allow_private_feeds: bool = False
    paperboy_feeds_per_workspace: int = Field(default=200, ge=0)
    paperboy_shards: int = Field(default=1, ge=1, le=64)
    paperboy_encryption_keys: SecretStr | None = None

    hf_endpoint: str = "https://huggingface.co"
    hf_token: SecretStr | None = None
    arxiv_endpoint: Annotated[str, AfterValidator(http_url)] = "https://export.arxiv.org"
    embedding_model: str = "wordllama"

    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    slack_mode: Literal["socket", "http"] = "socket"
    slack_api_base_url: str = "https://slack.com/api/"
    slack_oauth_authorize_url: str = "https://slack.com/oauth/v2/authorize"

    discord_bot_token: SecretStr | None = None
    discord_api_base_url: str = "https://discord.com/api/v10"
    discord_gateway_url: str | None = None
    discord_shard_ids: Annotated[tuple[int, ...], NoDecode] = ()
    discord_shard_count: int | None = Field(default=None, ge=1)

    http_host: str = "127.0.0.1"
    http_port: int | None = Field(default=None, ge=0, le=65535)
    web_port: int | None = Field(default=None, ge=0, le=65535)

    summary_api_base_url: str | None = None
    summary_api_key: SecretStr | None = None
    summary_model: str | None = None
    summary_timeout: float = Field(default=5.0, gt=0, le=60)
    summary_daily_budget: int = Field(default=500, ge=0)
    log_format: Literal["console", "json"] = "console"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("paperboy_sources", "discord_shard_ids", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("log_level", "log_format", "slack_mode", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator(
        "hf_endpoint", "slack_api_base_url", "slack_oauth_authorize_url", "discord_api_base_url", "summary_api_base_url"
    )
    @classmethod
    def _is_http(cls, value: str | None) -> str | None:
        return value and http_url(value)

    @field_validator("slack_api_base_url")
    @classmethod
    def _ends_with_slash(cls, value: str) -> str:
        if not value.endswith("/"):
            raise ValueError(f"{value!r} must end with a slash, as the Slack SDK joins method names to it")
        return value

    @field_validator("paperboy_sources")
    @classmethod
    def _known_sources(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for source in value:
            if source != "huggingface" and urlsplit(source).scheme not in {"http", "https"}:
                raise ValueError(f"{source!r} is neither huggingface nor the http(s) URL of a feed")
        if not value:
            raise ValueError("at least one source is needed, e.g. huggingface")
        return value

    @field_validator("paperboy_data")
    @classmethod
    def _at_home(cls, value: Path) -> Path:
        return value.expanduser()

    @field_validator("paperboy_encryption_keys")
    @classmethod
    def _opens_vaults(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            Keyring.parse(value.get_secret_value())
        return value

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _is_slack_token(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        prefix = "xoxb-" if info.field_name == "slack_bot_token" else "xapp-"
        if value is not None and not value.get_secret_value().startswith(prefix):
            raise ValueError(f"not such a token: it begins with {prefix}")
        return value

    @model_validator(mode="before")
    @classmethod
    def _blank_is_unset(cls, data: object) -> object:
        """`NAME=` in a copied .env.example means the default, not an empty token."""
        if isinstance(data, dict):
            return {name: value for name, value in data.items() if value != ""}
        return data

    @property
    def has_slack(self) -> bool:
        """Whether Slack is set up, for one workspace by its token or for many by OAuth."""
        return self.slack_bot_token is not None or self.slack_client_id is not None

    @property
    def slack_serves(self) -> bool:
        """Whether the Slack bot has pages or takes requests that others must reach."""
        return self.has_slack and (self.slack_mode == "http" or self.slack_client_id is not None)

    def need_slack(self) -> None:
        """Raises SettingsError where Slack is not set up."""
        if not self.has_slack:
            raise SettingsError(["SLACK_BOT_TOKEN: not set (or SLACK_CLIENT_ID, for many workspaces)"])

    @property
    def web_listens(self) -> int | None:
        """Where `paperboy web` listens."""
        return self.http_port if self.web_port is None else self.web_port

    def need_web(self, *, beside_slack: bool = False) -> None:
        """Raises SettingsError where pages could not be reached; `beside_slack`: the Slack bot runs here too."""
        found = {
            "PAPERBOY_PUBLIC_URL: not set; it is the address that others reach this role by": (
                self.paperboy_public_url is None
            ),
            "HTTP_PORT: missing; PAPERBOY_PUBLIC_URL leads to it (or to WEB_PORT)": self.web_listens is None,
            "WEB_PORT: missing, or HTTP_PORT's; that is where the Slack bot is reached": (
                beside_slack and self.slack_serves and self.web_listens == self.http_port
            ),
        }
        if any(found.values()):
            raise SettingsError([problem for problem, is_so in found.items() if is_so])

    def need_discord(self) -> None:
        """Raises SettingsError where Discord is not set up."""
        if self.discord_bot_token is None:
            raise SettingsError(["DISCORD_BOT_TOKEN: not set"])

    def _discord_problems(self) -> list[str]:
        """Shards that there are not."""
        ids, count = self.discord_shard_ids, self.discord_shard_count
        if ids and (count is None or not all(0 <= one < count for one in ids)):
            return ["DISCORD_SHARD_IDS: each is from 0 up to DISCORD_SHARD_COUNT, which is the same in every process"]
        return []

    def _slack_problems(self) -> list[str]:
        """What is missing, or too much, for Slack to work as it is set up."""
        if not self.has_slack:
            half = (self.slack_app_token, self.slack_signing_secret, self.slack_client_secret)
            missing = (
                "SLACK_BOT_TOKEN: missing, though Slack is set up in part (or SLACK_CLIENT_ID, for many workspaces)"
            )
            return [missing] if any(half) else []
        app_token = self.slack_app_token is None and self.slack_mode == "socket"
        secret = self.slack_signing_secret is None and self.slack_mode == "http"
        oauth = self.slack_client_id is not None
        found = {
            "SLACK_APP_TOKEN: missing; Socket Mode connects with it (or set SLACK_MODE=http)": app_token,
            "SLACK_SIGNING_SECRET: missing; in HTTP mode requests are verified with it": secret,
            "HTTP_PORT: missing; Slack, or whoever installs Paperboy, has to reach it there": (
                self.slack_serves and self.http_port is None
            ),
            "SLACK_BOT_TOKEN: SLACK_CLIENT_ID is set too; one workspace by its token, or many by OAuth": (
                oauth and self.slack_bot_token is not None
            ),
            "SLACK_CLIENT_SECRET: missing; SLACK_CLIENT_ID is nothing without it": (
                oauth and self.slack_client_secret is None
            ),
            "PAPERBOY_ENCRYPTION_KEYS: missing; workspaces' tokens are kept under it (openssl rand -base64 32)": (
                oauth and self.paperboy_encryption_keys is None
            ),
        }
        return [problem for problem, is_so in found.items() if is_so]

    @classmethod
    def load(cls) -> Settings:
        """Read the environment and .env.

        Raises SettingsError naming every wrong setting and every misspelt variable at once.
        """
        try:
            problems = misspelt.refused(os.environ, dotenv_values(".env"), names())
            settings = cls()
        except UnicodeDecodeError as error:
            raise SettingsError([".env: it is not UTF-8 text"]) from error
        except OSError as error:
            raise SettingsError([f"{Path.cwd() / '.env'}: cannot be read: {error.strerror}"]) from error
        except ValidationError as error:
            problems += dict.fromkeys(  # several items of one list may be wrong in the same way
                f"{str(item['loc'][0]).upper()}: {item['msg'].removeprefix('Value error, ')}" for item in error.errors()
            )
            raise SettingsError(problems) from error
        problems += [*settings._slack_problems(), *settings._discord_problems()]
        problems += halves(SUMMARY_API_BASE_URL=settings.summary_api_base_url, SUMMARY_MODEL=settings.summary_model)
        problems += [*settings.server_problems(), *settings.mail_problems()]
        if problems:
            raise SettingsError(problems)
        return settings


class _LogFormat(BaseSettings):
    """Read alone, as other settings may be wrong and are to be told of."""

    model_config = Settings.model_config

    log_format: str = "console"


def logs_json() -> bool:
    """Whether LOG_FORMAT is json, whatever else is wrong."""
    try:
        return _LogFormat().log_format.lower() == "json"
    except (OSError, UnicodeDecodeError, ValidationError):
        return False


def names() -> tuple[str, ...]:
    """Every setting's variable name, in the order of their definition."""
    return tuple(name.upper() for name in Settings.model_fields)


def inherited(changes: Mapping[str, str]) -> dict[str, str]:
    """The environment of a child process: ours, with changes."""
    return {**os.environ, **changes}


def doubtful() -> list[str]:
    """Variables of the environment that may be a setting's, misspelt: a line each. None of them is refused."""
    return misspelt.doubted(os.environ, dotenv_values(".env"), names())
