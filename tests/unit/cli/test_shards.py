"""`--shard` is for those that match; anywhere else it is refused, since it would do nothing."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from cli.main import app
from papers.errors import UsageError

RUN = CliRunner()


@pytest.mark.parametrize("words", [["worker", "fetch", "--shard", "2"], ["worker", "--shard", "1"]])
def test_a_shard_of_what_does_not_match_is_refused(words: list[str]) -> None:
    error = RUN.invoke(app, words).exception
    assert isinstance(error, UsageError)
    assert "only `worker match` has shards" in str(error)


def test_a_shard_that_there_is_not_is_refused_too() -> None:
    error = RUN.invoke(app, ["worker", "match", "--shard", "2"]).exception
    assert isinstance(error, UsageError)
    assert "PAPERBOY_SHARDS is 1" in str(error)
