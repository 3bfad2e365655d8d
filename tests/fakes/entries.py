"""What the fake upstream lists: rows and entries in the shapes of Hugging Face, arXiv and blogs. The words are ours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape


def item(name: str, title: str, **paper: object) -> dict[str, Any]:
    """One row of Hugging Face's listing. `authors` are names; other keywords stand in the nested paper as given.

    `thumbnail` and `organization` stand beside it, as they do there.
    """
    outer: dict[str, Any] = {key: paper.pop(key) for key in ("thumbnail", "organization") if key in paper}
    names = paper.pop("authors", ())
    assert isinstance(names, Iterable)
    authors = [{"_id": f"a{i}", "name": each, "hidden": False} for i, each in enumerate(names)]
    nested = {"id": name, "title": title, "summary": "", "authors": authors, "upvotes": 0, **paper}
    return {"paper": nested, "title": title, "summary": nested["summary"], "numComments": 0, **outer}


def entry(title: str, **parts: str) -> str:
    """An RSS item. Keywords are its elements (`guid`, `link`, `description`, `pubDate`, `dc_creator` …)."""
    inner = f"<title>{escape(title)}</title>" + "".join(
        f"<{tag}>{escape(text)}</{tag}>" for name, text in parts.items() for tag in [name.replace("_", ":", 1)]
    )
    return f"<item>{inner}</item>"


def arxiv_entry(name: str, title: str, abstract: str = "", *, authors: str = "", announce: str = "new") -> str:
    """An item as arXiv's feeds have it. `name` carries its version (`2607.21557v2`)."""
    return entry(
        title,
        link=f"https://arxiv.org/abs/{name.rpartition('v')[0]}",
        description=f"arXiv:{name} Announce Type: {announce} \nAbstract: {abstract}",
        guid=f"oai:arXiv.org:{name}",
        category="cs.LG",
        pubDate="Tue, 14 Jul 2026 00:00:00 -0400",
        arxiv_announce_type=announce,
        dc_creator=authors,
    )


def rss(entries: Sequence[str] = (), *, title: str = "updates", ttl: int | None = None, description: str = "") -> bytes:
    """An RSS 2.0 feed that declares arXiv's and Dublin Core's namespaces, as arXiv's does."""
    lifetime = "" if ttl is None else f"<ttl>{ttl}</ttl>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:arxiv="http://arxiv.org/schemas/atom" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{escape(title)}</title><link>https://example.org/</link>"
        f"<description>{escape(description)}</description>{lifetime}{''.join(entries)}</channel></rss>"
    ).encode()
