"""Names of papers: what can only be an id or a link, and which paper it is."""

from __future__ import annotations

import pytest

from papers.errors import NotFoundError
from papers.identity import paper_id
from papers.services import naming
from papers.wiring import Stores
from tests.builders import paper, store

ENTRY = "https://lab.example/entry"


@pytest.fixture
def archive(stores: Stores) -> Stores:
    """A paper of arXiv's, and an entry of a feed."""
    store(stores.papers, paper(1))
    store(stores.papers, paper(2, "An entry", id=paper_id(link=ENTRY), url=ENTRY), scope="https://lab.example/feed")
    return stores


@pytest.mark.parametrize(
    "name",
    [
        "2603.00001",
        "2603.00001v3",
        "arXiv:2603.00001",
        "https://arxiv.org/abs/2603.00001v2",
        "arxiv.org/pdf/2603.00001",
        "https://huggingface.co/papers/2603.00001",
        "10.48550/arXiv.2603.00001",
    ],
)
def test_a_paper_is_found_by_its_id_and_by_links_to_it(archive: Stores, name: str) -> None:
    found = naming.find(archive.papers, name)
    assert found is not None
    assert found.id == "2603.00001"
    assert naming.is_name(name)


@pytest.mark.parametrize("name", [ENTRY, "lab.example/entry", paper_id(link=ENTRY)])
def test_an_entry_is_found_by_its_link_and_by_its_hash(archive: Stores, name: str) -> None:
    found = naming.find(archive.papers, name)
    assert found is not None
    assert found.title == "An entry"
    assert naming.is_name(name)


@pytest.mark.parametrize(
    "text", ["robots", "state space models", "input/output", "x-ray imaging", "1.5", "see https://x.org now", "", "./"]
)
def test_words_are_not_taken_for_a_name(text: str) -> None:
    assert not naming.is_name(text)


def test_a_name_of_no_paper_is_refused_and_shortened(archive: Stores) -> None:
    with pytest.raises(NotFoundError, match=r"2601\.99999") as caught:
        naming.known(archive.papers, "2601.99999")
    assert caught.value.advice
    assert len(str(naming.unknown("https://x.org/" + "a" * 2_000))) < 120
