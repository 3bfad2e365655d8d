"""The setting of what others read outside of chats: the address that `paperboy web` is reached by."""

from __future__ import annotations

from pydantic import field_validator
from pydantic_settings import BaseSettings

from papers.validity import public_url


class PublicSettings(BaseSettings):
    """What `papers.settings.Settings` has for pages."""

    paperboy_public_url: str | None = None

    @field_validator("paperboy_public_url")
    @classmethod
    def _is_public(cls, value: str | None) -> str | None:
        return value and public_url(value)
