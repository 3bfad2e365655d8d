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
        "https://arxiv.org/pdf/2603.00001v2.pdf",
        "https://arxiv.org/html/2603.00001v1#S3",
        "https://huggingface.co/papers/2603.00001?utm_source=x#community",
        "https://www.alphaxiv.org/overview/2603.00001",
        "<https://arxiv.org/abs/2603.00001>,",
        '"2603.00001".',
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
    "name",
    [
        "2607.9999999",
        "2607.215",
        "2613.21557",
        "2607,21557",
        "260721557",
        "2607.21557v",
        "arXiv:26O7.21557",
        "cs/01120171",
        "math.GT/03",
        "https://arxiv.org/abs/2607.9999999",
    ],
)
def test_a_mistyped_id_is_no_text_to_be_compared_but_a_paper_that_nobody_polled(name: str) -> None:
    assert naming.is_name(name)
    assert str(naming.unknown(name)) == f"there is no paper {name} here"


def test_a_paper_that_is_not_here_is_called_by_its_id_without_what_a_link_has_besides() -> None:
    link = "https://arxiv.org/abs/2409.99999v2?utm_source=somewhere&utm_campaign=long"
    assert str(naming.unknown(link)) == "there is no paper 2409.99999 here"
    assert str(naming.unknown(f"{ENTRY}?utm_source=x")) == f"there is no paper {ENTRY} here"


def test_only_of_what_is_no_id_the_form_of_ids_is_told() -> None:
    assert "arXiv's ids are like" in naming.unknown("2607.9999999").advice
    assert "arXiv's ids are like" not in naming.unknown("2601.99999").advice + naming.unknown(ENTRY).advice


@pytest.mark.parametrize(
    "text",
    [
        "3.14159",
        "gpt-4.1",
        "cs.LG",
        "2024",
        "AC/DC",
        "cs/ML",
        "robots",
        "state space models",
        "input/output",
        "x-ray imaging",
        "1.5",
        "see https://x.org now",
        "",
        "./",
    ],
)
def test_words_are_not_taken_for_a_name(text: str) -> None:
    assert not naming.is_name(text)


def test_a_name_of_no_paper_is_refused_and_shortened(archive: Stores) -> None:
    with pytest.raises(NotFoundError, match=r"2601\.99999") as caught:
        naming.known(archive.papers, "2601.99999")
    assert caught.value.advice
    assert len(str(naming.unknown("https://x.org/" + "a" * 2_000))) < 120
