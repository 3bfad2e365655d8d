"""What has to be changed in stored data when its format changes: a file a step, in order.

A format is a number, and the step to it is a function that finds what is of the format before and changes that. Each
may be run again on data that it has half done, or done: whoever dies in the midst of one is followed by somebody who
starts it again. It yields how many things it looked at, step by step, so that a long one can be watched, and holds the
server for no longer than a step.

A field that is only new needs no step: it is read with its default (see codec.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from papers.stores.migrations import m0002_deliveries_expire
from papers.stores.server import Server


@dataclass(frozen=True, slots=True)
class Migration:
    """The step to a format."""

    to: int
    why: str
    run: Callable[[Server], Iterator[int]]


MIGRATIONS = (Migration(2, "deliveries that are out are forgotten after a while", m0002_deliveries_expire.run),)
