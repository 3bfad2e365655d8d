"""Which of the feeds that are due are fetched now. Pure.

Two lanes keep those that are slow or broken from standing in others' way: a feed that failed or took long the last
time, or was never read, waits for a place among its like, and only among them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

PLACES: Mapping[bool, int] = {False: 32, True: 16}
"""Fetches at once, by whether they are of feeds that were slow or broken. At 11 polls a second of 100 ms one is busy;
of the others so many hold 20 seconds each, so 48 a minute are tried, which back-off makes plenty."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A feed that is due: its host, and whether it was slow or broken the last time."""

    name: str
    host: str
    ailing: bool = False


def choose(due: Iterable[Candidate], taken: Collection[str], room: Mapping[bool, int]) -> list[Candidate]:
    """Of the feeds that are due, longest first, those to fetch now.

    One a host, none of the hosts that are `taken`, and no more of each lane than there is `room` for.
    """
    left, hosts, chosen = dict(room), set(taken), []
    for one in due:
        if one.host not in hosts and left[one.ailing] > 0:
            left[one.ailing] -= 1
            hosts.add(one.host)
            chosen.append(one)
    return chosen
