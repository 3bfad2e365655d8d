"""What a query means, and why a paper matches it: `papers.query.meaning`."""

import pytest
from hypothesis import given

from papers.model import Paper
from papers.query import And, Explanation, Expr, Not, Or, analyse, excluded, explain, matches, parse, positive_terms
from tests.unit.query.strategies import exprs, papers

_PAPER = Paper(
    id="2503.00001",
    title="Text-to-Image Diffusion Models",
    abstract="We survey latent spaces. Language models help.",
    authors=("Yann LeCun", "Geoffrey E. Hinton"),
    sources=("huggingface", "https://rss.arxiv.org/rss/cs.CL"),
    categories=("cs.CL", "stat.ML"),
    organization="Meta AI",
)
_DOCUMENT = analyse(_PAPER)


@pytest.mark.parametrize(
    "query",
    [
        "diffusion",
        "model latent",
        "modelling",
        '"diffusion model"',
        "text-to-image",
        "diff*",
        "DIFFUSION OR nothing",
        "-nothing",
        "title:diffusion abstract:survey",
        "author:hinton",
        'author:"geoffrey e hinton"',
        "author:(yann lecun)",
        'org:"meta ai"',
        "org:met*",
        "cat:cs.cl",
        "cat:cs",
        "cat:stat",
        "cat:cs.*",
        "source:huggingface",
        "source:arxiv",
        "source:rss.arxiv.org",
    ],
)
def test_the_paper_matches(query: str) -> None:
    assert matches(parse(query), _DOCUMENT)


@pytest.mark.parametrize(
    "query",
    [
        "nothing",
        "diffusion nothing",
        '"models diffusion"',
        '"models we"',  # runs from the title into the abstract
        "fusion",
        "-diffusion",
        "title:survey",
        "abstract:diffusion",
        'author:"lecun geoffrey"',  # runs from one name into the next
        "author:lecuns",
        "diffusionmodels*",
        "diffuses*",  # prefixes are compared unstemmed
        "cat:c",
        "cat:cs.c",
        "cat:math",
        "hinton",
        "huggingface",
        "(diffusion -survey) OR nothing",
    ],
)
def test_the_paper_does_not_match(query: str) -> None:
    assert not matches(parse(query), _DOCUMENT)


@given(exprs(), papers())
def test_a_double_negation_is_none(expr: Expr, paper: Paper) -> None:
    document = analyse(paper)
    assert matches(Not(Not(expr)), document) == matches(expr, document)
    assert matches(Not(expr), document) != matches(expr, document)


@given(exprs(6), exprs(6), papers())
def test_de_morgans_laws_hold(one: Expr, other: Expr, paper: Paper) -> None:
    document = analyse(paper)
    neither = And((Not(one), Not(other)))
    not_both = Or((Not(one), Not(other)))
    assert matches(Not(Or((one, other))), document) == matches(neither, document)
    assert matches(Not(And((one, other))), document) == matches(not_both, document)


@pytest.mark.parametrize(
    ("query", "matched_hit_missed_blocked"),
    [
        ("Diffusion", (True, ("Diffusion",), (), ())),
        ("diffusion -graph", (True, ("diffusion",), (), ())),
        ("diffusion graph", (False, ("diffusion",), ("graph",), ())),
        ("diffusion -survey", (False, ("diffusion",), (), ("survey",))),
        ("diffusion OR graph", (True, ("diffusion",), (), ())),
        ("audio OR graph", (False, (), ("audio", "graph"), ())),
        ("text-to-image title:diff*", (True, ("text-to-image", "title:diff*"), (), ())),
        ("diffusion OR (latent -survey)", (True, ("diffusion",), (), ())),
        ("-(diffusion graph)", (True, (), (), ())),
        ("-(diffusion latent)", (False, (), (), ("diffusion", "latent"))),
        ("-(graph OR survey)", (False, (), (), ("survey",))),
        ("-(-diffusion)", (True, ("diffusion",), (), ())),
        ("diffusion (models OR diffusion)", (True, ("diffusion", "models"), (), ())),
    ],
)
def test_an_explanation_names_the_words_that_decided(
    query: str, matched_hit_missed_blocked: tuple[bool, tuple[str, ...], tuple[str, ...], tuple[str, ...]]
) -> None:
    assert explain(parse(query), _DOCUMENT) == Explanation(*matched_hit_missed_blocked)


@given(exprs(), papers())
def test_a_match_misses_and_blocks_nothing_and_a_failure_has_a_cause(expr: Expr, paper: Paper) -> None:
    document = analyse(paper)
    found = explain(expr, document)
    assert found.matched == matches(expr, document)
    assert found.matched == (not found.missed and not found.blocked)


def test_what_is_excluded_is_listed_as_typed() -> None:
    assert excluded(parse("a -Survey -(b OR cat:cs -c) -survey*")) == ("Survey", "b", "cat:cs", "survey*")


def test_search_is_ranked_by_the_wanted_words_of_title_and_abstract() -> None:
    query = 'models "diffusion models" -survey title:latent author:hinton quant* -(a -b)'
    assert positive_terms(parse(query)) == ["model", "diffus", "latent", "b"]
