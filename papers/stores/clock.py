"""Instants as Redis keeps them: whole milliseconds since 1970, UTC."""

from __future__ import annotations

from datetime import UTC, datetime


def to_ms(when: datetime) -> int:
    """Milliseconds since 1970 of an instant with a zone."""
    return int(when.timestamp() * 1000)


def from_ms(score: float | str) -> datetime:
    """The instant of a score or field."""
    return datetime.fromtimestamp(float(score) / 1000, UTC)
