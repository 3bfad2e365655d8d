"""What the index leaves out unseen, nobody would have found by looking."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.matching.decide import Compiled
from papers.matching.topics import Topic
from papers.model import Want
from papers.ports import Embedder
from papers.search.reader import IndexReader
from papers.services.corpus import Stream
from papers.services.library import Bar, Ruler
from papers.services.lookback import StreamLookback
from tests.builders import WORDS, crowd, stream, subscription
from tests.shelves import Shelves

TEXTS = st.lists(st.sampled_from([*WORDS, "robot", "arm", "speech", "pictures", "energy"]), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def seen(embedder: Embedder) -> Stream:
    return stream(crowd(140), embedder)


@pytest.fixture(scope="module")
def reader(shelves: Shelves) -> IndexReader:
    return shelves.reader(crowd(140))


@given(TEXTS.map(" ".join), st.builds(Bar, st.floats(-2, 3), st.floats(-2, 3)))
def test_every_paper_that_reaches_floor_and_bar_is_found(
    embedder: Embedder, seen: Stream, reader: IndexReader, text: str, bar: Bar
) -> None:
    (vector,) = embedder.embed([text])
    compiled = Compiled(subscription(want=Want(topic=text)), None, Topic.of(text, np.asarray(vector)))
    plain = StreamLookback(seen, embedder.weight).hits(compiled, bar, 1000)
    found = reader.lookback(Ruler(seen.background, embedder.weight), seen.per_day).hits(compiled, bar, 1000)
    assert found.total == plain.total
    assert sorted(hit.paper for hit in found.hits) == sorted(hit.paper for hit in plain.hits)
    other = {hit.paper: hit for hit in plain.hits}
    for hit in found.hits:  # what is summed up in another order may be rounded to the next hundredth
        same = other[hit.paper]
        assert hit.z == pytest.approx(same.z, abs=0.0101)
        assert (hit.share or 1.0) == pytest.approx(same.share or 1.0, abs=0.05)
        assert hit._replace(z=same.z, share=same.share) == same
