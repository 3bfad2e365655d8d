"""What a look at one thing found, for `paperboy doctor`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Grade = Literal["good", "note", "warning", "bad"]


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing looked at, how it is, and what to mend."""

    grade: Grade
    what: str
    mend: str = ""
