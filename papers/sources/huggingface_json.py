"""The JSON of Hugging Face's Daily Papers into our own model. Pure, and never raises for an odd item.

Not through huggingface_hub, whose `list_daily_papers` looks for the AI summary, the code and the stars on the wrong
level. Only `paper.id` and a title are required of an item; whatever else is missing or of another type is left out.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from papers.errors import SourceMalformed
from papers.identity import arxiv_id, paper_id
from papers.model import Paper, Skipped
from papers.sources import fields
from papers.urls import web_link

ENDPOINT = "https://huggingface.co"
NAME = "huggingface"


def parse_item(item: object, endpoint: str = ENDPOINT) -> Paper | Skipped:
    """One row of the listing. Never raises, whatever JSON it is given."""
    row = _object(item)
    paper = _object(row.get("paper"))
    name = fields.line(paper.get("id"))
    title = fields.line(paper.get("title"), fields.TITLE) or fields.line(row.get("title"), fields.TITLE)
    if not name or not title:
        return Skipped(where=name or "an entry without id", reason="no title" if name else "no id")
    if paper.get("withdrawnAt"):
        return Skipped(where=name, reason="withdrawn")
    published = fields.instant(paper.get("publishedAt")) or fields.instant(row.get("publishedAt"))
    listed = fields.instant(paper.get("submittedOnDailyAt")) or fields.instant(row.get("publishedAt")) or published
    lab = _object(row.get("organization")) or _object(paper.get("organization"))
    return Paper(
        id=paper_id(guid=name, scope=NAME),
        title=title,
        abstract=fields.line(paper.get("summary"), fields.ABSTRACT) or fields.line(row.get("summary"), fields.ABSTRACT),
        authors=_names(paper.get("authors")),
        url=f"{endpoint}/papers/{quote(arxiv_id(name) or name, safe='')}",
        sources=(NAME,),
        day=listed.date() if listed else None,
        published=published,
        organization=fields.line(lab.get("fullname")) or fields.line(lab.get("name")) or None,
        upvotes=fields.count(paper.get("upvotes")),
        code_url=web_link(paper.get("githubRepo")) or None,
        code_stars=fields.count(paper.get("githubStars")),
        thumbnail=web_link(row.get("thumbnail")) or None,
        ai_summary=fields.line(paper.get("ai_summary"), fields.ABSTRACT) or None,
    )


def items(body: bytes) -> list[Any]:
    """The rows of a page; raises SourceMalformed for anything but a JSON list."""
    rows = _json(body)
    if not isinstance(rows, list):
        raise SourceMalformed("Hugging Face's answer is not a list of papers")
    return rows


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise SourceMalformed("Hugging Face's answer is not JSON") from error


def complaint(body: bytes) -> str:
    """What an error's body says went wrong."""
    try:
        return fields.line(_object(_json(body)).get("error")) or "no reason given"
    except SourceMalformed:
        return "no reason given"


def next_query(link: str) -> str | None:
    """The query of the `rel="next"` target of a `Link` header (RFC 8288), or None."""
    for part in link.split(","):
        target, *parameters = part.split(";")
        if any(parameter.replace('"', "").replace(" ", "").lower() == "rel=next" for parameter in parameters):
            return target.strip().strip("<>").partition("#")[0].partition("?")[2] or None
    return None


def _names(authors: object) -> tuple[str, ...]:
    if not isinstance(authors, list):
        return ()
    return fields.lines([_object(author).get("name", author) for author in authors])


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
