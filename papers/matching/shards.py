"""Which worker holds which channels' subscriptions, where one worker's memory is not enough for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

from papers.model import Destination


@dataclass(frozen=True, slots=True)
class Shard:
    """Part `number` (from 1) of `of`: about as many channels as every other part, and always the same ones.

    Raises ValueError for a part that there is not.
    """

    number: int = 1
    of: int = 1

    def __post_init__(self) -> None:
        """Check."""
        if not 1 <= self.number <= self.of:
            raise ValueError(f"there is no shard {self.number} of {self.of}")

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def owns(self, destination: Destination) -> bool:
        """Whether a channel's subscriptions are held by this part."""
        return crc32(str(destination).encode()) % self.of == self.number - 1


WHOLE = Shard()
"""Everything in one worker."""
