"""The keyword index means what `papers.query.matches` means, whatever was added and removed."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from papers.matching.keywords import KeywordIndex
from papers.model import Paper
from papers.query import Document, Expr, analyse, matches, parse
from tests.unit.query.strategies import exprs, papers


def _paper(title: str, abstract: str = "") -> Document:
    return analyse(Paper(id="2503.00001", title=title, abstract=abstract))


def _expected(stored: dict[int, Expr], documents: list[Document]) -> set[tuple[int, int]]:
    return {
        (place, key)
        for place, document in enumerate(documents)
        for key, expr in stored.items()
        if matches(expr, document)
    }


@settings(max_examples=200)
@given(st.lists(exprs(32), max_size=8), st.lists(papers(), max_size=4))
@example([parse("-survey"), parse("a OR -a"), parse("a -a")], [])
def test_it_finds_exactly_the_pairs_that_match(queries: list[Expr], batch: list[Paper]) -> None:
    documents = [analyse(paper) for paper in batch]
    found = list(KeywordIndex(enumerate(queries)).match(documents).pairs())
    assert set(found) == _expected(dict(enumerate(queries)), documents)
    assert len(found) == len(set(found))


@given(st.lists(exprs(), max_size=6), st.lists(papers(), max_size=3), st.dictionaries(st.text(), st.floats(0, 1)))
def test_frequencies_change_nothing_but_speed(
    queries: list[Expr], batch: list[Paper], frequency: dict[str, float]
) -> None:
    documents = [analyse(paper) for paper in batch]
    found = KeywordIndex(enumerate(queries), frequency=frequency | {"model": 0.5}).match(documents)
    assert set(found.pairs()) == _expected(dict(enumerate(queries)), documents)


class Changes(RuleBasedStateMachine):
    """Additions, replacements and removals in any order, beside a plain dict."""

    keys: Bundle[int] = Bundle("keys")

    def __init__(self) -> None:
        super().__init__()
        self.index: KeywordIndex[int] = KeywordIndex()
        self.stored: dict[int, Expr] = {}

    @rule(target=keys, key=st.integers(0, 20), expr=exprs(6))
    def add(self, key: int, expr: Expr) -> int:
        self.index.add(key, expr)
        self.stored[key] = expr
        return key

    @rule(key=consumes(keys))
    def remove(self, key: int) -> None:
        if key in self.stored:
            self.index.remove(key)
            del self.stored[key]
        else:
            with pytest.raises(KeyError):
                self.index.remove(key)

    @rule(batch=st.lists(papers(), min_size=1, max_size=3))
    def match(self, batch: list[Paper]) -> None:
        documents = [analyse(paper) for paper in batch]
        assert set(self.index.match(documents).pairs()) == _expected(self.stored, documents)

    @invariant()
    def keys_are_those_stored(self) -> None:
        assert len(self.index) == len(self.stored)
        assert all(key in self.index for key in self.stored)


TestChanges = Changes.TestCase
TestChanges.settings = settings(max_examples=60, stateful_step_count=20)


@pytest.mark.parametrize("count", [1, 63, 64, 65, 255, 256, 257, 600])
def test_batches_of_any_size_keep_their_papers_apart(count: int) -> None:
    documents = [_paper(f"paper number{place}") for place in range(count)]
    queries = {place: parse(f"number{place} OR (paper -number{place} nothing)") for place in range(count)}
    found = KeywordIndex(queries.items()).match(documents)
    assert sorted(found.pairs()) == [(place, place) for place in range(count)]


def test_queries_without_a_wanted_word_match_papers_without_any() -> None:
    index = KeywordIndex([("no survey", parse("-survey")), ("survey", parse("survey"))])
    assert index.match([_paper(""), _paper("A survey")]).by_document(2) == [["no survey"], ["survey"]]


def test_phrases_do_not_run_from_one_paper_into_the_next() -> None:
    index = KeywordIndex([(1, parse('"diffusion models"')), (2, parse('"models diffusion"'))])
    assert index.match([_paper("diffusion"), _paper("models"), _paper("diffusion models")]).by_document(3) == [
        [],
        [],
        [1],
    ]


def test_phrases_do_not_run_from_one_part_of_a_paper_into_the_next() -> None:
    document = analyse(Paper(id="2503.00001", title="diffusion", abstract="models", authors=("Yann", "LeCun")))
    assert len(KeywordIndex([(1, parse('"diffusion models" OR author:"yann lecun"'))]).match([document])) == 0


def test_phrases_that_begin_alike_or_lie_in_one_another_are_all_found() -> None:
    words = ["a b", "a b c", "a b c d", "b c", "b d", "a b d", "c d", "a a", "a a a"]
    index = KeywordIndex((phrase, parse(f'"{phrase}"')) for phrase in words)
    assert set(index.match([_paper("a b c d")]).by_document(1)[0]) == {"a b", "a b c", "a b c d", "b c", "c d"}
    assert set(index.match([_paper("a a a b d")]).by_document(1)[0]) == {"a a", "a a a", "a b", "a b d", "b d"}


def test_a_prefix_added_late_is_found_in_words_seen_before() -> None:
    index = KeywordIndex([(1, parse("diff*"))])
    document = _paper("diffusion")
    index.match([document])
    index.add(2, parse("diffu*"))
    index.add(3, parse("ab*"))
    assert set(index.match([document]).by_document(1)[0]) == {1, 2}


def test_a_query_that_would_multiply_out_is_indexed_as_it_is() -> None:
    groups = " ".join(f"({' OR '.join(f'{letter}{n}' for n in range(4))})" for letter in "abcdefgh")
    index = KeywordIndex([(1, parse(groups))])
    assert len(index.match([_paper(" ".join(f"{letter}3" for letter in "abcdefgh"))])) == 1
    assert len(index.match([_paper(" ".join(f"{letter}3" for letter in "abcdefg"))])) == 0


def test_a_removed_key_is_gone_and_its_place_is_used_again() -> None:
    index = KeywordIndex((key, parse("model")) for key in range(100))
    for key in range(100):
        index.remove(key)
    for key in range(100, 200):
        index.add(key, parse("model"))
    found = index.match([_paper("model")])
    assert sorted(found.by_document(1)[0]) == list(range(100, 200))
    assert len(found.keys) == 100


def test_nothing_stored_and_nothing_given_match_nothing() -> None:
    assert len(KeywordIndex[int]().match([_paper("model")])) == 0
    assert len(KeywordIndex([(1, parse("-model"))]).match([])) == 0
