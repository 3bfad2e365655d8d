"""Names that are nearly a setting's: what is meant is not set, and nothing would say so.

`.env` is ours, so a name in it that is close to a setting's is refused. The environment is everybody's: there a name
is refused only if it begins as ours alone do, or is a slip away from a platform's setting; one that is close is told.
Only names that are not set are held against: what is set was not meant by another name.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence

OWN_PREFIX = "PAPERBOY_"
"""Names that begin so are ours alone, so an unknown one is a misspelling and refused."""

SHARED_PREFIXES = ("SLACK", "DISCORD", "SMTP")
"""Other programs have such names too: one is refused only if it is a slip away from one of ours that is not set."""

A_SLIP = 0.94
"""How alike two names are that differ by a letter or two, as difflib measures it; SLACK_API_TOKEN is less like ours."""

CLOSE = 0.88
"""How alike REDIS_URI and REDIS_URL are; DISCORD_TOKEN, HTTP_PROXY and REDIS_USER are less like any of ours."""


def refused(environment: Collection[str], file: Collection[str], known: Sequence[str]) -> list[str]:
    """What is wrong with names in the environment and in `.env`, a line each; `known` are the settings'."""
    unset = _unset(environment, file, known)
    problems = []
    for name in sorted({*environment, *file}):
        spelt = name.upper()
        if spelt in known:
            continue
        ours = spelt.startswith(OWN_PREFIX)
        near = difflib.get_close_matches(spelt, known, n=1) if ours else _slip(spelt, unset)
        if not near and name in file:
            near = difflib.get_close_matches(spelt, unset, n=1, cutoff=CLOSE)
        if ours or near:
            problems.append(f"{name}: no such setting" + (f", did you mean {near[0]}?" if near else ""))
    return problems


def doubted(environment: Collection[str], file: Collection[str], known: Sequence[str]) -> list[str]:
    """What may be wrong with names in the environment that are not refused, a line each."""
    unset = _unset(environment, file, known)
    elsewhere = (OWN_PREFIX, *SHARED_PREFIXES)  # `refused` has judged those
    others = [name for name in sorted(environment) if not name.upper().startswith(elsewhere)]
    return [
        f"{name}: no setting of Paperboy's, did you mean {near}?"
        for name in others
        if name.upper() not in known
        for near in difflib.get_close_matches(name.upper(), unset, n=1, cutoff=CLOSE)
    ]


def _unset(environment: Collection[str], file: Collection[str], known: Sequence[str]) -> list[str]:
    return sorted({*known} - {name.upper() for name in (*environment, *file)})


def _slip(name: str, unset: Sequence[str]) -> list[str]:
    """The name of ours that another program's is a slip away from, if any: letters changed places, or A_SLIP."""
    swapped = [one for one in unset if sorted(one) == sorted(name)]
    if swapped or not name.startswith(SHARED_PREFIXES):
        return swapped
    return difflib.get_close_matches(name, unset, n=1, cutoff=A_SLIP)
