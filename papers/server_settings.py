"""The settings of the Redis or Valkey server: where it is, how it lets us in, and whether it may stand open."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode

from papers.validity import has_stray_tls, is_host_and_port, is_redis_url


class ServerSettings(BaseSettings):
    """What `papers.settings.Settings` has for the server; one is embedded where none is named."""

    redis_url: SecretStr | None = None
    redis_sentinels: Annotated[tuple[str, ...], NoDecode] = ()
    redis_sentinel_master: str = "mymaster"
    redis_sentinel_replicas: int = Field(default=1, ge=0, le=9)
    redis_username: str | None = None
    redis_password: SecretStr | None = None
    paperboy_allow_open_redis: bool = False

    @field_validator("redis_sentinels", mode="before")
    @classmethod
    def _split_sentinels(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("redis_url")
    @classmethod
    def _redis_url(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not is_redis_url(value.get_secret_value()):
            # the URL itself is not repeated: a password stands in it
            raise ValueError("not a redis://, rediss:// or unix:// URL (in its password, / is written %2F)")
        if value is not None and has_stray_tls(value.get_secret_value()):
            raise ValueError("its ssl_ options are of TLS: use rediss:// in place of redis://, or leave them out")
        return value

    @field_validator("redis_sentinels")
    @classmethod
    def _hosts_and_ports(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        for sentinel in value:
            if not is_host_and_port(sentinel):
                raise ValueError(f"{sentinel!r} is not host:port")
        if value and info.data.get("redis_url") is not None:
            raise ValueError("REDIS_URL is set too; one of them names the server, not both")
        return value

    @property
    def has_server(self) -> bool:
        """Whether a server is named, so that none is embedded."""
        return self.redis_url is not None or bool(self.redis_sentinels)

    def server_problems(self) -> list[str]:
        """Credentials that would open nothing."""
        found = {
            "REDIS_PASSWORD: it is for the primary that REDIS_SENTINELS name; in REDIS_URL it stands as "
            "redis://USER:PASSWORD@HOST": self.redis_password is not None and not self.redis_sentinels,
            "REDIS_PASSWORD: missing; REDIS_USERNAME is nothing without it": (
                self.redis_username is not None and self.redis_password is None
            ),
        }
        return [problem for problem, is_so in found.items() if is_so]
