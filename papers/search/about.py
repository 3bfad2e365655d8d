"""What an index says of itself: what it was made for, how far it has come, and the checksums of its columns.

Written last and at once (a rename), so that it never speaks of what is not there: columns that are longer than it says
are cut, words beyond are forgotten, and the archive's changes since its mark are read again.
"""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from papers.model import Paper
from papers.query import analyse
from papers.search.damage import Damaged

FORMAT = 2
"""To be raised whenever what lies in the directory changes."""

NAME = "about.json"

PROBE = Paper(
    id="",
    title="Quantised KV-caches: naïve Schrödinger's ﬁelds, running studies of 2-bit ＧＰＵs",  # noqa: RUF001 - meant
    abstract="深層学習 und Übergänge; обучение нейронных сетей, यन्त्र, state-of-the-art (SOTA) relational networks.",
    authors=("Łukasz Kaiser", "Émile Zola"),
    categories=("cs.CL", "Machine  Learning"),
    organization="Straße AI",
)
"""A paper whose analysis shows whether words are folded and stemmed as they were."""


@dataclass(frozen=True, slots=True)
class Maker:
    """Who made an index: only the same may read it."""

    model: str
    dim: int
    analysis: str
    format: int = FORMAT

    @classmethod
    def of(cls, model: str, dim: int) -> Maker:
        """This program, with that embedding model."""
        return cls(model, dim, _analysis())


def _analysis() -> str:
    seen = analyse(PROBE)
    return sha256(repr((seen.terms, seen.tokens, unicodedata.unidata_version)).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class About:
    """How far an index has come.

    Attributes:
        rows: its rows, of papers as they are and as they were.
        stems: its stems, of all rows.
        stamp: of its words' last write: they grow, so that older words are known by a smaller one.
        mark: of the archive's changes: those before it are in the index.
        checks: checksums by column.
    """

    rows: int
    stems: int
    stamp: int
    mark: float
    checks: Mapping[str, int]


def load(folder: Path, maker: Maker) -> About | None:
    """What the index in a folder says; None if there is none. Raises Damaged for one of another maker."""
    try:
        said = json.loads((folder / NAME).read_bytes())
        theirs, about = said["maker"], About(**said["about"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{NAME} cannot be read: {error}") from error
    ours = asdict(maker)
    other = [name for name in ours if theirs.get(name) != ours[name]]
    if other:
        name = "format" if "format" in other else other[0]
        raise Damaged(f"it is for another {name}: {theirs.get(name)} in place of {ours[name]}")
    return about


def save(folder: Path, maker: Maker, about: About) -> None:
    """Say it, in place of what was said. Raises OSError."""
    draft = folder / f"{NAME}.new"
    draft.write_text(json.dumps({"maker": asdict(maker), "about": asdict(about)}), "utf-8")
    os.replace(draft, folder / NAME)  # noqa: PTH105 - as one says it of a rename that replaces
