"""Options of a slash command as the line that one could have typed: so that both are read by one grammar. Pure."""

from __future__ import annotations

from papers.errors import UsageError


def line(*parts: str | int | None) -> str:
    """The parts that were given, with spaces between."""
    return " ".join(str(part).strip() for part in parts if part not in {None, ""})


def search(query: str | None, category: str | None, since: str | None, page: int | None) -> str:
    """`search …`. Raises UsageError for a category that is none."""
    return line("search", within(query, category), since and f"since:{since}", page and f"page:{page}")


def wanted(
    *, query: str | None, about: str | None, volume: str | None, category: str | None, feed: str | None, top: int | None
) -> str:
    """What `subscribe` and `edit N` take. Raises UsageError for a category or an address that is none."""
    if feed is not None and "://" not in feed:
        raise UsageError("that is no address of a feed", advice="write all of it: https://rss.arxiv.org/rss/cs.LG")
    trending = top and f"trending top:{top}"
    return line(feed, trending, within(query, category), about and f"about: {about}", volume)


def within(query: str | None, category: str | None) -> str | None:
    """A QUERY, all of it within a category."""
    if not category:
        return query
    if not all(c.isalnum() or c in ".-" for c in category):
        advice = "write one of arXiv's, as in cs.LG; anything else belongs to the query"
        raise UsageError("that is no category", advice=advice)
    whole = f"({query})" if query and "OR" in query.split() else query  # AND binds more tightly
    return line(whole, f"cat:{category}")


def daily(at: str, zone: str | None, weekdays: bool | None) -> str:  # noqa: FBT001 - an option of Discord's
    """`daily …`."""
    return line("daily", at, zone, "weekdays" if weekdays else None)
