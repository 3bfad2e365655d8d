"""A scan of bytes bounds every cosine; papers without a vector have none."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from papers.matching.topics import steps
from papers.search.meanings import BLOCK, Meanings

DIM = 16
FLOATS = st.floats(-1, 1, width=32)


def kept(vectors: npt.NDArray[np.float32]) -> Meanings:
    exact = vectors.astype(np.float16)
    whole, step = steps(exact.astype(np.float32))
    return Meanings(whole, step[:, 0], exact)


@given(
    arrays(np.float32, st.tuples(st.integers(0, 20), st.just(DIM)), elements=FLOATS),
    arrays(np.float32, DIM, elements=FLOATS),
)
def test_no_cosine_is_further_off_than_the_error_says(
    vectors: npt.NDArray[np.float32], asked: npt.NDArray[np.float32]
) -> None:
    meanings = kept(vectors)
    exact = meanings.cosines(np.arange(len(vectors)), asked)
    assert (np.abs(meanings.scan(asked) - exact) <= meanings.error(asked) + 1e-5).all()


def test_rounding_what_is_asked_for_moves_no_cosine() -> None:
    dice = np.random.default_rng(7)
    meanings = kept(dice.normal(size=(50, 256)).astype(np.float32) / np.float32(16))
    asked = dice.normal(size=256).astype(np.float32) / np.float32(16)
    unrounded = (meanings.whole * meanings.step[:, None]) @ asked
    assert np.allclose(meanings.scan(asked), unrounded, atol=2e-5)


def test_every_block_is_scanned() -> None:
    count = 3 * BLOCK + 7
    vectors = np.zeros((count, DIM), np.float32)
    vectors[np.arange(count), np.arange(count) % DIM] = 1
    asked = (np.arange(DIM) / DIM).astype(np.float32)
    assert np.allclose(kept(vectors).scan(asked), asked[np.arange(count) % DIM], atol=1e-3)


def test_nothing_is_like_a_paper_that_has_no_vector() -> None:
    meanings = kept(np.zeros((2, DIM), np.float32))
    assert meanings.scan(np.ones(DIM, np.float32)).tolist() == [0, 0]
    assert meanings.step.tolist() == [0, 0]


def test_a_cosine_is_the_same_to_the_bit_whichever_others_are_asked_for() -> None:
    dice = np.random.default_rng(7)
    exact, asked = dice.normal(size=(400, 256)).astype(np.float16), dice.normal(size=256).astype(np.float32)
    meanings = Meanings(np.empty((400, 256), np.int8), np.ones(400, np.float32), exact)
    all_of_them = meanings.cosines(np.arange(400), asked)
    for size in (1, 2, 3, 5, 17, 63, 399):
        rows = dice.permutation(400)[:size]
        assert (meanings.cosines(rows, asked) == all_of_them[rows]).all()
