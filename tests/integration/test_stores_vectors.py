"""Vectors and the archive's coverage in a real server."""

from __future__ import annotations

import numpy as np
import pytest

from papers.services.remembering import paper_key
from papers.stores import keys
from papers.stores.coverage import LEASE, Coverage, CoverageStore
from papers.stores.server import Server
from papers.stores.vectors import VectorStore
from papers.wiring import Stores
from tests.builders import paper, store

DIM = 4
ONES = np.ones(DIM, np.float32)


@pytest.fixture
def vectors(server: Server) -> VectorStore:
    return VectorStore(server, "model", DIM)


@pytest.fixture
def coverage(server: Server) -> CoverageStore:
    return CoverageStore(server)


def test_vectors_come_back_as_they_were_to_three_digits(vectors: VectorStore) -> None:
    rows = np.random.default_rng(1).uniform(-1, 1, (50, DIM)).astype(np.float32)
    vectors.put({f"{number}:x": row for number, row in enumerate(rows)})
    found = vectors.get([f"{number}:x" for number in range(60)])
    assert np.stack([*found.values()]) == pytest.approx(rows, abs=1e-3)
    assert {vector.dtype for vector in found.values()} == {np.dtype(np.float32)}


def test_nothing_put_and_nothing_asked_for_is_nothing(vectors: VectorStore, server: Server) -> None:
    vectors.put({})
    assert vectors.get([]) == {}
    assert server.call("KEYS", "*") == []


@pytest.mark.parametrize("bytes_", [b"", b"\0" * 7, b"\0" * 6, b"\0" * 16])
def test_a_vector_of_another_shape_is_none(vectors: VectorStore, server: Server, bytes_: bytes) -> None:
    server.call("HSET", keys.vectors("model"), "a:1", bytes_)
    assert vectors.get(["a:1"]) == {}
    vectors.put({"a:1": ONES})
    assert np.array_equal(vectors.get(["a:1"])["a:1"], ONES)


def test_a_paper_that_gets_a_vector_counts_as_changed(vectors: VectorStore, stores: Stores) -> None:
    old = paper(1)
    store(stores.papers, old, paper(2))
    stores.server.call("ZADD", keys.CHANGED, 5, old.id, 6, paper(2).id)
    vectors.put({paper_key(old): ONES})
    changed, mark = stores.papers.changed(7)
    assert changed == [old.id]
    assert mark >= stores.papers.newest_change() > 1_700_000_000_000


def test_what_is_no_paper_of_the_archive_does_not_become_one(vectors: VectorStore, stores: Stores) -> None:
    vectors.put({"topic:abc": ONES, "stranger:abc": ONES, "colonless": ONES})
    assert stores.papers.changed(0.0) == ([], 0.0)


def test_ids_with_colons_are_told_apart_from_their_texts(vectors: VectorStore, stores: Stores) -> None:
    one = paper(1, id="url:https://lab.example/1")
    store(stores.papers, one)
    stores.server.call("ZADD", keys.CHANGED, 5, one.id)
    vectors.put({paper_key(one): ONES})
    assert stores.papers.changed(6)[0] == [one.id]


def test_other_models_vectors_are_dropped_and_nothing_else(vectors: VectorStore, stores: Stores) -> None:
    server = stores.server
    store(stores.papers, paper(1))
    before = set(server.call("KEYS", "*"))
    for model in ("model", "model:2", "old*"):
        VectorStore(server, model, DIM).put({"a:1": ONES})
    assert vectors.drop_others() == ["model:2", "old*"]
    assert set(server.call("KEYS", "*")) == before | {keys.vectors("model")}
    assert vectors.drop_others() == []


def test_others_are_found_among_thousands_of_keys(vectors: VectorStore, server: Server) -> None:
    for start in range(0, 5000, 1000):
        server.call("MSET", *(part for n in range(start, start + 1000) for part in (f"k{n}", 1)))
    VectorStore(server, "old", DIM).put({"a:1": ONES})
    assert vectors.drop_others() == ["old"]


def test_nothing_is_covered_at_first(coverage: CoverageStore) -> None:
    assert coverage.get() == Coverage()
    assert not coverage.get().lags(9.0)


def test_progress_and_completion_are_remembered(coverage: CoverageStore) -> None:
    coverage.begin("model")
    assert coverage.progress("model", 3, 9)
    assert coverage.get() == Coverage("model", 3, 9)
    assert coverage.complete("model", 1234567890123.0)
    assert coverage.get() == Coverage("model", 3, 9, 1234567890123.0)


@pytest.mark.parametrize(("mark", "newest", "lags"), [(None, 0.0, True), (5.0, 6.0, True), (5.0, 5.0, False)])
def test_coverage_lags_until_it_reaches_the_newest_change(mark: float | None, newest: float, *, lags: bool) -> None:
    assert Coverage("model", mark=mark).lags(newest) is lags


def test_another_model_begins_anew_and_the_one_before_writes_no_more(coverage: CoverageStore) -> None:
    coverage.begin("old")
    coverage.complete("old", 5.0)
    coverage.begin("new")
    assert not coverage.complete("old", 6.0)
    assert not coverage.progress("old", 1, 2)
    assert coverage.get() == Coverage("new")


def test_one_at_a_time_has_the_lease(coverage: CoverageStore, server: Server) -> None:
    with coverage.lease() as ours:
        assert ours
        assert 0 < server.call("PTTL", keys.lease("embed")) <= LEASE
        with coverage.lease() as theirs:
            assert not theirs
        assert server.call("EXISTS", keys.lease("embed")) == 1
    with coverage.lease() as again:
        assert again


def test_a_lease_that_ran_out_is_not_ended_for_its_next_holder(coverage: CoverageStore, server: Server) -> None:
    with coverage.lease():
        server.call("SET", keys.lease("embed"), "somebody else")
    assert server.call("GET", keys.lease("embed")) == "somebody else"
