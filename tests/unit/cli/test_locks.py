"""Locks on files, where they cannot be had."""

from __future__ import annotations

import re

import pytest

from cli.locks import ALONE, locked, make_ours
from papers.errors import StoreUnavailable, StoreUnsafe
from tests.scratch import scratch, unprivileged


def test_a_directory_that_cannot_be_written_is_named_with_what_to_do() -> None:
    data = scratch()
    data.chmod(0o555)
    with unprivileged(), pytest.raises(StoreUnavailable, match=re.escape(f"{data}/lock cannot be written")) as caught:
        locked(data / "lock", ALONE)
    assert (f"{data} belong" in caught.value.advice, "PAPERBOY_DATA" in caught.value.advice) == (True, True)


def test_a_directory_that_others_can_write_is_refused_with_what_to_do() -> None:
    data = scratch()
    data.chmod(0o777)
    with pytest.raises(StoreUnsafe, match="not ours alone") as caught:
        make_ours(data)
    assert f"chmod 700 {data}" in caught.value.advice
