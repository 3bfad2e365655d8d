"""When two entries are one paper, and what its one card then holds. Pure.

Identity is the arXiv id without version wherever an entry names one, so that v1, v2 and Hugging Face's page are one
paper; else a hash of what the feed calls its entry. `same_work` finds what identity cannot: a paper told of by a feed
that does not name its arXiv id.

It does not look anything up: the store finds candidates by `title_key`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from typing import TypeVar

from papers.errors import SourceForbidden
from papers.model import Paper
from papers.text import fold
from papers.urls import canonical_url

# https://info.arxiv.org/help/arxiv_identifier.html: YYMM.NNNN up to 2014, YYMM.NNNNN since; before April 2007
# archive(.class)/YYMMNNN. Both may carry a version. Patterns of fixed shape, without nested repetition: linear.
_NEW = re.compile(r"(\d\d(?:0[1-9]|1[0-2])\.\d{4,5})(?:v\d{1,3})?", re.ASCII)
_OLD = re.compile(r"([a-z-]{2,8})(?:\.[A-Za-z-]{2,17})?/(\d\d(?:0[1-9]|1[0-2])\d{3})(?:v\d{1,3})?", re.ASCII)
# What slips of the hand make of them: a digit too few or too many, a comma, no point, a month that there is not.
_MEANT = re.compile(r"\d{3,5}[.,]\d{3,}(?:v\d*)?|\d{8,10}(?:v\d*)?", re.ASCII)
_ARCHIVE_NAMES = (
    "acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas cond-mat cs dg-ga "
    "funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin nucl-ex nucl-th patt-sol physics plasm-ph "
    "q-alg q-bio quant-ph solv-int supr-con"
)
_ARCHIVES = frozenset(_ARCHIVE_NAMES.split())
"""Those of old ids: `news/2401015` is a blog's entry."""
_PREFIXES = ("arxiv:", "oai:arxiv.org:", "doi:10.48550/arxiv.", "10.48550/arxiv.")
_PAGES = {
    "arxiv.org": ("abs", "pdf", "html", "format", "ps", "src", "e-print"),
    "huggingface.co": ("papers",),
    "hf.co": ("papers",),
    "alphaxiv.org": ("abs", "overview", "pdf"),
    "ar5iv.org": ("abs", "html"),
    "ar5iv.labs.arxiv.org": ("abs", "html"),
}
_LONGEST_ID = 200
_WORDS = 3
"""Shorter titles ("Introduction", "Weekly update") say nothing about identity."""
_AUTHORITIES = frozenset({"huggingface", "arxiv"})
"""Sources that know a paper first hand. Any feed may claim any arXiv id, and must not rewrite what these said."""

_Moment = TypeVar("_Moment", date, datetime)


def arxiv_id(text: str) -> str | None:
    """The arXiv id without version (`2203.01250`, `cs/0112017`) that `text` names and is nothing but; else None.

    Takes bare ids, `arXiv:…`, `oai:arXiv.org:…`, the DOI `10.48550/arXiv.…`, and pages of arxiv.org (abs, pdf, html
    …), doi.org, huggingface.co/papers, alphaxiv.org and ar5iv. An old id's subject class (`math.GT/0309136`) is
    dropped, as arXiv does.
    """
    name = text.strip()
    if len(name) > _LONGEST_ID:
        return None
    name = _in_page(name) if "://" in name else name
    for prefix in _PREFIXES:
        if name.lower().startswith(prefix):
            name = name[len(prefix) :]
            break
    if new := _NEW.fullmatch(name):
        return new[1]
    if (old := _OLD.fullmatch(name)) and old[1] in _ARCHIVES:
        return f"{old[1]}/{old[2]}"
    return None


def is_meant_for_arxiv(text: str) -> bool:
    """Whether `text` is an arXiv id, or was meant to be one: `2607.9999999`, `2613.21557`, `cs/01`, `arXiv:26O7.21`."""
    name = text.strip().lower()
    archive, slash, number = name.partition("/")
    old = bool(slash) and archive.partition(".")[0] in _ARCHIVES and number[:1].isdigit()
    return old or name.startswith(_PREFIXES) or _MEANT.fullmatch(name) is not None or arxiv_id(text) is not None


def paper_id(*, guid: str = "", link: str = "", title: str = "", scope: str = "") -> str:
    """The canonical id of an entry: its arXiv id, else `x` and 15 hex digits of what names it best.

    `scope` (the feed's host) tells apart what is unique within a site only: titles, and guids such as `17` that are
    neither URL nor URN.
    """
    for name in (guid, link):
        if known := arxiv_id(name):
            return known
    if guid:
        key = guid if ":" in guid else f"{scope} {guid}"
    else:
        key = _canonical(link) or f"{scope} {' '.join(fold(title)) or title}"
    return "x" + sha256(key.encode("utf-8", "replace")).hexdigest()[:15]


def title_key(paper: Paper) -> str | None:
    """What papers of the same title share, to look candidates for `same_work` up by; None for very short titles."""
    words = fold(paper.title)
    return " ".join(words) if len(words) >= _WORDS else None


def same_work(a: Paper, b: Paper) -> bool:
    """Whether two papers are the same work, told of by sources that name it differently.

    The same title, of three words at least, and an author's surname in common, or no authors to compare. Symmetric.
    Two different arXiv ids are never the same work: follow-ups and rebuttals share titles.
    """
    if a.id == b.id:
        return True
    if arxiv_id(a.id) and arxiv_id(b.id):
        return False
    key = title_key(a)
    if key is None or key != title_key(b):
        return False
    return not a.authors or not b.authors or bool(_surnames(a.authors) & _surnames(b.authors))


def merge(old: Paper, new: Paper) -> Paper:
    """One card of a known paper and what is now said of it. Never loses a value to an empty one; idempotent.

    The id stays, for posts and marks hold it. The earliest day, publication and first sight win, and the longer
    abstract. What changes with time (upvotes, stars, code, organisation, summary, thumbnail) is taken from the
    newer. Title, authors and link stay as first told, unless their only teller tells them anew: two sources that
    spell a name differently would rewrite the card at each poll. Whatever a first-hand source said (Hugging Face,
    arXiv), another feed only completes. What was generated of an abstract goes with that abstract.
    """
    lead, rest = (old, new) if _authority(old) > _authority(new) else (new, old)
    retold = _authority(new) > _authority(old) or set(old.sources) <= set(new.sources)
    teller, other = (new, old) if retold else (old, new)
    level = _authority(old) == _authority(new)
    longer = max(old.abstract, new.abstract, key=len)
    abstract = longer if level else lead.abstract or rest.abstract
    return replace(
        old,
        title=teller.title or other.title,
        abstract=abstract,
        authors=teller.authors or other.authors,
        url=teller.url or other.url,
        sources=_union(old.sources, new.sources),
        day=lead.day or rest.day if lead is old else _earliest(old.day, new.day),
        published=lead.published or rest.published if lead is old else _earliest(old.published, new.published),
        categories=_union(old.categories, new.categories) if level else lead.categories or rest.categories,
        organization=lead.organization or rest.organization,
        upvotes=lead.upvotes or rest.upvotes,
        code_url=lead.code_url or rest.code_url,
        code_stars=lead.code_stars or rest.code_stars,
        thumbnail=lead.thumbnail or rest.thumbnail,
        ai_summary=lead.ai_summary or rest.ai_summary,
        generated=next((one.generated for one in (old, new) if one.generated and one.abstract == abstract), None),
        first_seen=_earliest(old.first_seen, new.first_seen),
    )


def merged(papers: Iterable[Paper]) -> tuple[Paper, ...]:
    """The papers of one digest, no two with the same id, in the order of their first mention."""
    cards: dict[str, Paper] = {}
    for paper in papers:
        known = cards.get(paper.id)
        cards[paper.id] = paper if known is None else merge(known, paper)
    return tuple(cards.values())


def fingerprint(papers: Iterable[Paper]) -> str:
    """16 hex digits that change with anything said of any of the papers, and not with their order."""
    listed = sorted(map(repr, papers))
    return sha256("\n".join(listed).encode("utf-8", "replace")).hexdigest()[:16]


def _in_page(url: str) -> str:
    """What the path of a known site's URL names, or the empty string."""
    _, _, rest = url.partition("://")
    host, _, path = rest.partition("#")[0].partition("?")[0].partition("/")
    site = host.lower().removeprefix("www.").removeprefix("export.")
    if site in {"doi.org", "dx.doi.org"}:
        return path
    page, _, name = path.strip("/").partition("/")
    return name.removesuffix(".pdf") if page in _PAGES.get(site, ()) else ""


def _canonical(link: str) -> str:
    try:
        return canonical_url(link) if link else ""
    except SourceForbidden:
        return ""


def _surnames(authors: Iterable[str]) -> set[str]:
    return {words[-1] for words in map(fold, authors) if words}


def _authority(paper: Paper) -> bool:
    return not _AUTHORITIES.isdisjoint(paper.sources)


def _union(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one + other))


def _earliest(one: _Moment | None, other: _Moment | None) -> _Moment | None:
    return min((moment for moment in (one, other) if moment is not None), default=None)
