"""arXiv's API: what was submitted to categories between two minutes, in pages, as Atom. The words are ours."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

_QUERY = re.compile(r"\((.+)\) AND submittedDate:\[(\d{12}) TO (\d{12})\]")


class ArxivApi:
    """The papers that it knows, oldest submission first."""

    def __init__(self) -> None:
        self._submitted: list[tuple[str, tuple[str, ...], str]] = []

    def know(self, name: str, title: str, at: str, categories: Sequence[str]) -> None:
        """A paper, by its name with version and its submission's instant (ISO 8601, UTC)."""
        self._submitted.append((at, tuple(categories), api_entry(name, title, at, categories=categories)))
        self._submitted.sort()

    def answer(self, query: Mapping[str, str]) -> tuple[int, bytes]:
        """Status and body for a request's parameters."""
        asked = _QUERY.fullmatch(query["search_query"])
        if asked is None:
            return 400, api_error("incorrect query")
        wanted = [re.escape(one.removeprefix("cat:")).replace(r"\*", ".*") for one in asked[1].split(" OR ")]
        found = [
            entry
            for at, categories, entry in self._submitted
            if asked[2] <= re.sub(r"\D", "", at)[:12] <= asked[3]
            and any(re.fullmatch(pattern, one) for pattern in wanted for one in categories)
        ]
        begin, most = int(query.get("start", 0)), int(query.get("max_results", 10))
        return 200, api_page(found[begin : begin + most], total=len(found), begin=begin)


def api_entry(name: str, title: str, submitted: str, *, categories: Sequence[str] = ("cs.LG",)) -> str:
    """An entry as arXiv's API has it. `name` carries its version; `submitted` is ISO 8601, in UTC."""
    subjects = "".join(f'<category term="{one}" scheme="http://arxiv.org/schemas/atom"/>' for one in categories)
    return (
        f"<entry><id>http://arxiv.org/abs/{name}</id><title>{escape(title)}</title><updated>{submitted}</updated>"
        f'<link href="http://arxiv.org/abs/{name}" rel="alternate" type="text/html"/>'
        f'<link title="pdf" href="http://arxiv.org/pdf/{name}" rel="related" type="application/pdf"/>'
        f"<summary>Words about it.</summary>{subjects}<published>{submitted}</published>"
        f'<arxiv:primary_category term="{categories[0]}"/><author><name>Ada Lovelace</name></author></entry>'
    )


def api_page(entries: Sequence[str], *, total: int | None, begin: int = 0) -> bytes:
    """A page of arXiv's API; None leaves out how many results there are."""
    figure = "" if total is None else f"<opensearch:totalResults>{total}</opensearch:totalResults>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" '
        'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom">'
        f"<title>arXiv Query</title><id>http://arxiv.org/api/x</id>{figure}"
        f"<opensearch:startIndex>{begin}</opensearch:startIndex>{''.join(entries)}</feed>"
    ).encode()


def api_error(summary: str) -> bytes:
    """How arXiv's API refuses: a feed with one entry, which says why."""
    entry = f"<entry><id>http://arxiv.org/api/errors#x</id><title>Error</title><summary>{summary}</summary></entry>"
    return api_page([entry], total=1)
