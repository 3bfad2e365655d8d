"""Options of a slash command as the line that one could have typed: so that both are read by one grammar. Pure."""

from __future__ import annotations


def line(*parts: str | int | None) -> str:
    """The parts that were given, with spaces between."""
    return " ".join(str(part).strip() for part in parts if part not in {None, ""})


def search(query: str, category: str | None, since: str | None, page: int | None) -> str:
    """`search …`."""
    return line("search", query, category and f"cat:{category}", since and f"since:{since}", page and f"page:{page}")


def wanted(
    *, query: str | None, about: str | None, volume: str | None, category: str | None, feed: str | None, top: int | None
) -> str:
    """What `subscribe` and `edit N` take."""
    trending = top and f"trending top:{top}"
    return line(feed, trending, query, category and f"cat:{category}", about and f"about: {about}", volume)


def daily(at: str, zone: str | None, weekdays: bool | None) -> str:  # noqa: FBT001 - an option of Discord's
    """`daily …`."""
    return line("daily", at, zone, "weekdays" if weekdays else None)
