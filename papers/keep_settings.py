"""The settings of how long things are kept; docs/data.md has the table of everything."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings


class KeepSettings(BaseSettings):
    """What `papers.settings.Settings` has for what is kept, in days."""

    paperboy_keep_deliveries_days: int = Field(default=120, ge=90)
    paperboy_keep_papers_days: int | None = Field(default=None, ge=60)
    paperboy_keep_left_days: int = Field(default=30, ge=0)
    paperboy_keep_closed_days: int = Field(default=90, ge=7)
