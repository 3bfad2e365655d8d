"""Every script may run twice: a call whose answer was lost is sent again, and then the second answer is all we get."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources

import pytest

from papers.wiring import Stores
from tests.builders import paper, store
from tests.integration import twice_channels, twice_papers
from tests.integration.forgetful import ForgetfulServer, runs


@pytest.fixture
def forgetful(stores: Stores) -> Iterator[Stores]:
    """The data of `stores` over such a connection."""
    server = ForgetfulServer(stores.server.url)
    yield Stores(server)
    server.close()


SCRIPTS = sorted(
    file.name.removesuffix(".lua")
    for file in resources.files("papers.stores").joinpath("lua").iterdir()
    if file.name.endswith(".lua")
)

CASES = {**vars(twice_channels), **vars(twice_papers)}
"""By the script's name; a case is a function of that name in one of the two modules."""


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_that_runs_twice_changes_nothing_the_second_time(
    script: str, stores: Stores, forgetful: Stores
) -> None:
    CASES[script](stores, forgetful)  # a script without a case fails
    assert runs(forgetful), "the script did not run"
    assert [run for run in runs(forgetful) if run.changed] == []
    assert script in {run.script for run in runs(forgetful)}


def test_a_plan_and_a_poll_say_that_they_were_done_already(stores: Stores, forgetful: Stores) -> None:
    twice_channels.commit_plan(stores, forgetful)
    twice_papers.finish_poll(stores, forgetful)
    assert [(run.first, run.second) for run in runs(forgetful)] == [(1, 0), (1, 0)]


def test_a_paper_stored_twice_is_read_again_and_known(stores: Stores, forgetful: Stores) -> None:
    saved = store(forgetful.papers, paper(1))
    assert (saved.new, saved.known) == ((), ("2603.00001",))
    assert [run.second for run in runs(forgetful)] == [["changed"], ["known"]]
    assert stores.papers.count() == 1
