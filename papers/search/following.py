"""How an index follows the archive: by the marks of its changes, a step at a time.

A change that is read twice changes nothing, and each step says where the next one begins; so it does not matter where a
process was when it died.
"""

from __future__ import annotations

from papers.ports import Archive
from papers.query import analyse
from papers.search.index import Index, Line
from papers.services.remembering import Remembering, parts

LOOKED_UP = 10_000
"""Papers that are looked up together where the index has some that have left the archive."""

LOOKED_FOR = 100
"""Papers that an index has last, and that an archive has to have for it to be its own."""


def step(index: Index, archive: Archive, remembering: Remembering, limit: int) -> bool:
    """Take in about `limit` changes; whether there may be more. Raises Unwritable, and what the archive raises.

    A paper without a vector gets one if it is among the first few, else when somebody has made it: it is then told as
    changed again. What has left the archive is forgotten once an index that is up to date has more papers than it.
    """
    ids, mark = archive.changed(index.mark, limit)
    while len(ids) == limit and mark == index.mark:  # of one millisecond
        limit *= 2
        ids, mark = archive.changed(index.mark, limit)
    papers = list(archive.get(archive.listed(ids)).values())
    other = {paper.id for paper in papers if not index.says(paper)}
    lacking = [paper for paper in papers if paper.id in other or not index.has_vector(paper)]
    vectors = remembering.of_papers(lacking, remembering.at_once)
    told = [paper for paper in lacking if paper.id in other or (paper.id in vectors and vectors[paper.id].any())]
    lines = [Line(paper, analyse(paper), vectors.get(paper.id)) for paper in told]
    lined = {paper.id for paper in told}
    index.put(lines, [paper for paper in papers if paper.id not in lined], mark)
    more = len(ids) == limit
    if not more and len(index) > archive.count():
        listed = {one for some in parts(index.ids, LOOKED_UP) for one in archive.listed(some)}
        index.forget([one for one in index.ids if one not in listed])
    return more


def belongs(index: Index, archive: Archive) -> bool:
    """Whether an index is of this archive, as it is: its mark lies in the past, and its newest papers are there."""
    newest = index.newest(LOOKED_FOR)
    return index.mark < archive.newest_change() + 1 and len(archive.listed(newest)) == len(newest)
