"""Which pages an answer of several has, and what is said of one that it has not. Pure."""

from __future__ import annotations

from papers.errors import UsageError


def pages(total: int, size: int, page: int) -> int:
    """How many pages of `size` there are for `total`, at least 1.

    Raises UsageError if `page`, which counts from 1, is none of them.
    """
    last = max(-(-total // size), 1)
    if 1 <= page <= last:
        return last
    if last == 1:
        raise UsageError(f"there is no page {page}: there is only page 1", advice="leave page: out, or write page:1")
    raise UsageError(f"there is no page {page}, the last one is {last}", advice=f"ask for page:1 to page:{last}")
