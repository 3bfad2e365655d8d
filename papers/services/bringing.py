"""A reader's feeds, brought into a channel one after the other: each is read, and subscribed to unless it cannot be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from papers.errors import PaperboyError, QuotaError, StoreError, TwinError
from papers.model import Asker, Want
from papers.opml import Outline
from papers.services import Services

Outcome = Literal["subscribed", "there already", "refused"]


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of one feed: its subscription's number, or why there is none. `url` is as it was given."""

    url: str
    outcome: Outcome
    detail: str


def bring(
    services: Services, asker: Asker, outlines: Iterable[Outline], read: Callable[[Outline], Want]
) -> Iterator[Brought]:
    """Subscribe a channel to what `read` makes of each. What a feed holds now is its baseline, and not posted.

    One that cannot be read, or would post more than anybody reads, is refused alone; after one for which there is no
    room, the others are refused unread. Raises StoreError: who is told nothing can try again.
    """
    full = ""
    for outline in outlines:
        if full:
            yield Brought(outline.url, "refused", full)
            continue
        try:
            saved = services.save(asker, services.draft(asker, read(outline)))
        except StoreError:
            raise
        except TwinError as error:
            yield Brought(outline.url, "there already", f"#{error.number}")
        except QuotaError as error:
            full = str(error)
            yield Brought(outline.url, "refused", full)
        except PaperboyError as error:
            yield Brought(outline.url, "refused", f"{error}; {error.advice}" if error.advice else str(error))
        else:
            yield Brought(outline.url, "subscribed", f"#{saved.subscription.number}")
