"""How a digest gets into the archive: each entry is recognised, merged with what is known of it, and stored.

    entry ──► its id, or the id it is an alias of ──► else a paper with the same title that is the same work ──► merge

Stored only if nobody stored another telling of it in between; else read and merged again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from papers.errors import StoreError
from papers.identity import arxiv_id, merge, paper_id, same_work, title_key
from papers.model import Digest, Paper
from papers.ports import Archive

ROUNDS = 10
"""Times that other pollers may be faster with the same paper before something must be wrong."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper to be stored.

    Attributes:
        paper: as it shall be.
        before: as it was read, None if it was absent; it is only stored if that is still so.
        title_key: its folded title, or None if that is too short to tell works apart.
        aliases: other ids that it is also known by.
        namesake: id of the paper that had its title as that was read, '' if none had: what was made of it must hold.
    """

    paper: Paper
    before: Paper | None
    title_key: str | None
    aliases: tuple[str, ...] = ()
    namesake: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of entries: `changed` ones were stored by somebody else since they were read, and not touched."""

    new: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


class PaperMemory(Archive, Protocol):
    """The archive as the one who fills it sees it."""

    def by_title(self, title_keys: Sequence[str]) -> list[str | None]:
        """The id of the paper that first had each folded title."""

    def save(self, entries: Sequence[Entry], *, scope: str, announce: bool, now: datetime) -> Saved:
        """Store papers; those that arrive in `scope` for the first time will be matched if `announce`."""


def take_in(
    memory: PaperMemory, digest: Digest, *, scope: str, announce: bool, now: datetime, past: bool = False
) -> Saved:
    """Store a digest's papers; new ones are matched if `announce`. Returns which were new to the scope and which known.

    A revision of a paper that Paperboy never met is stored, not matched: it is old news. Papers of a `past` digest are
    stored as if nobody had seen them yet: when a source brings them as news, they are.
    """
    papers = [replace(paper, first_seen=None if past else now) for paper in digest.papers]
    fresh = [paper for paper in papers if paper.id not in digest.revisions]
    revised = [paper for paper in papers if paper.id in digest.revisions]
    first = _stored(memory, fresh, scope=scope, announce=announce, now=now)
    again = _stored(memory, revised, scope=scope, announce=False, now=now)
    return Saved(first.new + again.new, first.known + again.known)


def _stored(memory: PaperMemory, papers: Sequence[Paper], *, scope: str, announce: bool, now: datetime) -> Saved:
    new: list[str] = []
    known: list[str] = []
    for _ in range(ROUNDS):
        told = _recognised(memory, papers)
        saved = memory.save([one.entry for one in told.values()], scope=scope, announce=announce, now=now)
        new += saved.new
        known += saved.known
        if not saved.changed:
            return Saved(tuple(new), tuple(known))
        # as the source told them: what was merged already would speak for the older version
        papers = [paper for one in saved.changed for paper in told[one].tellings]
    raise StoreError("papers were changed by others again and again while they were stored")


@dataclass(frozen=True, slots=True)
class _Told:
    """An entry, and the source's tellings that went into it."""

    entry: Entry
    tellings: tuple[Paper, ...]


def _recognised(memory: PaperMemory, papers: Sequence[Paper]) -> dict[str, _Told]:
    """What to store, by the id that each paper is or will be known by."""
    ids = memory.canonical([paper.id for paper in papers])
    title_keys = [title_key(paper) for paper in papers]
    namesakes = memory.by_title([key or "" for key in title_keys])
    stored = memory.get({*ids, *(one for one in namesakes if one)})
    told: dict[str, _Told] = {}
    titled: dict[str, str] = {}
    for paper, found, key, namesake in zip(papers, ids, title_keys, namesakes, strict=True):
        before = stored.get(found) or _if_same(stored.get(namesake or ""), paper)
        same = told.get(before.id if before else paper.id)
        if before is None and same is None:  # the digest itself may tell of one work twice
            twin = told.get(titled.get(key or "", ""))
            same = twin if twin and same_work(twin.entry.paper, paper) else None
        one = _joined(same, before, paper, key, namesake or "")
        told[one.entry.paper.id] = one
        titled.setdefault(key or "", one.entry.paper.id)
    return told


def by_link(paper: Paper) -> tuple[str, ...]:
    """The id that its link alone would give a paper without an arXiv id: what people paste is the link."""
    return () if arxiv_id(paper.id) or not paper.url else (paper_id(link=paper.url),)


def _if_same(namesake: Paper | None, paper: Paper) -> Paper | None:
    return namesake if namesake is not None and same_work(namesake, paper) else None


def _joined(same: _Told | None, before: Paper | None, paper: Paper, key: str | None, namesake: str) -> _Told:
    """Another telling of a paper, added to those of this digest (`same`) and to what is stored (`before`)."""
    known = same.entry.paper if same else before
    merged = replace(merge(known, paper), id=known.id) if known else paper
    others = (*(same.entry.aliases if same else ()), paper.id, *by_link(paper))
    aliases = tuple(dict.fromkeys(other for other in others if other != merged.id))
    entry = Entry(merged, same.entry.before if same else before, key, aliases, namesake)
    return _Told(entry, (*(same.tellings if same else ()), paper))
