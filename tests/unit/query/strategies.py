"""Random QUERYs and papers over one small vocabulary, so that they often meet."""

from hypothesis import strategies as st

from papers.model import Paper
from papers.query import And, Expr, Field, Leaf, Not, Or, Prefix
from papers.query.tree import exact, joined

WORDS = ("model", "models", "diffusion", "diffuse", "text", "image", "Éclair", "gpt", "4", "扩", "and", "or", "survey")
CATEGORIES = ("cs", "cs.CL", "cs.LG", "math.AG", "Machine Learning")
SOURCES = ("huggingface", "https://rss.arxiv.org/rss/cs.CL")

_fields = st.sampled_from(["text", "title", "abstract", "author", "org", "source"])
_words = st.sampled_from(WORDS)


def _exact(field: Field, words: list[str]) -> Leaf:
    leaf = exact(field, " ".join(words))
    assert leaf is not None
    return leaf


def _prefix(field: Field, start: str) -> Leaf:
    return Prefix(field, start, start + "*")


def leaves() -> st.SearchStrategy[Leaf]:
    """Words, phrases, prefixes and categories."""
    return st.one_of(
        st.builds(_exact, _fields, st.lists(_words, min_size=1, max_size=1)),
        st.builds(_exact, _fields, st.lists(_words, min_size=2, max_size=3)),
        st.builds(_prefix, _fields, st.sampled_from(["mo", "dif", "diffus", "te", "ar", "hugging", "ec"])),
        st.builds(_exact, st.just("cat"), st.sampled_from([[name] for name in CATEGORIES])),
        st.builds(_prefix, st.just("cat"), st.sampled_from(["cs.", "ma"])),
    )


def _compound(parts: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    operands = st.lists(parts, min_size=2, max_size=4)
    return st.one_of(
        st.builds(Not, parts),
        st.builds(joined, st.just(And), operands),
        st.builds(joined, st.just(Or), operands),
    )


def exprs(most: int = 12) -> st.SearchStrategy[Expr]:
    """Trees of at most `most` leaves."""
    return st.recursive(leaves(), _compound, max_leaves=most)


def papers() -> st.SearchStrategy[Paper]:
    """Papers of a few words in every field."""
    some = st.lists(_words, max_size=5).map(" ".join)
    return st.builds(
        Paper,
        id=st.just("2503.00001"),
        title=some,
        abstract=some,
        authors=st.lists(some, max_size=2).map(tuple),
        sources=st.lists(st.sampled_from(SOURCES), max_size=2).map(tuple),
        categories=st.lists(st.sampled_from(CATEGORIES), max_size=2).map(tuple),
        organization=st.none() | some,
    )
