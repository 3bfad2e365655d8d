"""When two entries are one paper: `papers.identity`."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.identity import arxiv_id, fingerprint, merge, merged, paper_id, same_work, title_key
from papers.model import Paper


@pytest.mark.parametrize(
    "spelling",
    [
        "2203.01250",
        "2203.01250v3",
        " 2203.01250 ",
        "arXiv:2203.01250v3",
        "ARXIV:2203.01250",
        "oai:arXiv.org:2203.01250v3",
        "10.48550/arXiv.2203.01250",
        "doi:10.48550/ARXIV.2203.01250",
        "https://doi.org/10.48550/arXiv.2203.01250",
        "http://dx.doi.org/10.48550/arxiv.2203.01250",
        "https://arxiv.org/abs/2203.01250",
        "http://arxiv.org/abs/2203.01250v12",
        "https://www.arxiv.org/pdf/2203.01250v3.pdf",
        "https://export.arxiv.org/html/2203.01250v2/",
        "HTTPS://ARXIV.ORG/abs/2203.01250?context=cs.LG#abstract",
        "https://huggingface.co/papers/2203.01250",
        "https://hf.co/papers/2203.01250",
        "https://www.alphaxiv.org/abs/2203.01250v2",
        "https://alphaxiv.org/overview/2203.01250",
        "https://ar5iv.org/html/2203.01250",
    ],
)
def test_every_spelling_of_an_arxiv_paper_is_its_id_without_version(spelling: str) -> None:
    assert arxiv_id(spelling) == "2203.01250"


@pytest.mark.parametrize(
    ("spelling", "known"),
    [
        ("cs/0112017", "cs/0112017"),
        ("cs/0112017v1", "cs/0112017"),
        ("math.GT/0309136", "math/0309136"),
        ("https://arxiv.org/abs/cond-mat.stat-mech/0102001v2", "cond-mat/0102001"),
        ("oai:arXiv.org:hep-th/9901001", "hep-th/9901001"),
        ("0704.0001", "0704.0001"),
    ],
)
def test_old_ids_lose_version_and_subject_class(spelling: str, known: str) -> None:
    assert arxiv_id(spelling) == known


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2213.01250",
        "2200.01250",
        "2203.123",
        "2203.012501",
        "2203.01250v",
        "2203.01250 and more",
        "٢٢٠٣.٠١٢٥٠",
        "news/2401015",
        "cs/0113017",
        "https://example.org/abs/2203.01250",
        "https://arxiv.org.example.com/abs/2203.01250",
        "https://arxiv.org/list/cs.LG/recent",
        "https://huggingface.co/2203.01250",
        "https://example.org/?u=https://arxiv.org/abs/2203.01250",
        "2203.01250" + " " * 500 + "x",
        "a" * 1_000_000,
    ],
)
def test_what_only_resembles_an_arxiv_id_is_none(text: str) -> None:
    assert arxiv_id(text) is None


@given(st.text())
def test_any_text_has_an_id_of_known_form(text: str) -> None:
    known = paper_id(guid=text, link=text, title=text)
    assert known == arxiv_id(known) or (len(known) == 16 and known[0] == "x" and int(known[1:], 16) >= 0)


def test_a_link_to_arxiv_names_a_paper_whose_guid_does_not() -> None:
    assert paper_id(guid="tag:blog,2026:7", link="https://arxiv.org/pdf/2203.01250v2") == "2203.01250"


def test_a_guid_that_only_counts_is_told_apart_by_site_and_a_global_one_is_not() -> None:
    assert paper_id(guid="17", scope="a.org") != paper_id(guid="17", scope="b.org")
    assert paper_id(guid="tag:a.org,2026:17", scope="a.org") == paper_id(guid="tag:a.org,2026:17", scope="b.org")


def test_without_a_guid_the_link_counts_however_it_is_spelt_and_then_the_title() -> None:
    assert paper_id(link="HTTPS://A.org:443/x#top") == paper_id(link="https://a.org/x")
    assert paper_id(title="Über  Words!", scope="a.org") == paper_id(title="uber words", scope="a.org")
    assert paper_id(title="…", scope="a.org") != paper_id(title="!", scope="a.org")


def paper(**values: object) -> Paper:
    return replace(Paper("2607.00001", "Attention Is All You Need"), **values)  # type: ignore[arg-type] # tests


def test_the_same_title_with_a_common_surname_is_the_same_work() -> None:
    here = paper(authors=("Ashish Vaswani", "Noam Shazeer"))
    there = paper(id="x" + "0" * 15, title="Attention is all you need.", authors=("N. Shazeer",))
    assert same_work(here, there)
    assert same_work(there, here)
    assert same_work(here, replace(there, authors=()))


@pytest.mark.parametrize(
    "other",
    [
        paper(id="2607.00002"),
        paper(id="x1", authors=("Jane Doe",)),
        paper(id="x1", title="Attention Is All You Need Again"),
    ],
)
def test_another_arxiv_id_other_authors_or_another_title_is_another_work(other: Paper) -> None:
    assert not same_work(paper(authors=("Ashish Vaswani",)), other)


def test_titles_of_two_words_prove_nothing() -> None:
    assert not same_work(paper(id="x1", title="Weekly Update"), paper(id="x2", title="Weekly Update"))
    assert title_key(paper(title="Weekly Update")) is None
    assert title_key(paper(title="Attention  IS all")) == "attention is all"


texts = st.sampled_from(["", "a", "bb", "ccc"])
maybe = st.none() | st.sampled_from(["a", "bb"])
names = st.lists(st.sampled_from(["a", "b", "c"]), max_size=2, unique=True).map(tuple)
tellers = st.lists(st.sampled_from(["huggingface", "arxiv", "blog.org"]), min_size=1, max_size=2, unique=True).map(
    tuple
)
days = st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 9))
moments = st.none() | st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 9), timezones=st.just(UTC))  # noqa: DTZ001 - bounds have no zone
figures = st.integers(0, 3)
papers = st.builds(
    Paper,
    id=st.sampled_from(["2607.00001", "x000000000000001"]),
    title=st.sampled_from(["One", "Two"]),
    abstract=texts,
    authors=names,
    url=texts,
    sources=tellers,
    day=days,
    published=moments,
    categories=names,
    organization=maybe,
    upvotes=figures,
    code_url=maybe,
    code_stars=figures,
    thumbnail=maybe,
    ai_summary=maybe,
    first_seen=moments,
)


@given(papers, papers)
def test_merging_again_changes_nothing(old: Paper, new: Paper) -> None:
    once = merge(old, new)
    assert merge(once, new) == once
    assert merge(old, old) == old


@given(papers, papers)
def test_merging_never_loses_a_value_nor_the_id_nor_a_source(old: Paper, new: Paper) -> None:
    card = merge(old, new)
    assert card.id == old.id
    assert set(card.sources) == {*old.sources, *new.sources}
    for name in [each.name for each in fields(Paper)]:
        assert getattr(card, name) or not (getattr(old, name) or getattr(new, name)), name


@given(papers, papers)
def test_between_equals_the_earliest_day_and_the_longer_abstract_win(old: Paper, new: Paper) -> None:
    old, new = replace(old, sources=("huggingface",)), replace(new, sources=("arxiv",))
    card = merge(old, new)
    assert card.day == min((day for day in (old.day, new.day) if day), default=None)
    assert card.first_seen == min((seen for seen in (old.first_seen, new.first_seen) if seen), default=None)
    assert len(card.abstract) == max(len(old.abstract), len(new.abstract))
    assert card.upvotes == (new.upvotes or old.upvotes)


def test_a_feed_that_claims_a_papers_id_cannot_rewrite_what_hugging_face_said() -> None:
    told = paper(abstract="Short.", authors=("A",), url="https://hf", sources=("huggingface",), day=date(2026, 7, 14))
    claim = paper(
        title="Buy pills",
        abstract="A very long advertisement.",
        authors=("Spam",),
        url="https://spam",
        sources=("blog.org",),
        categories=("pills",),
        upvotes=10**6,
        day=date(1970, 1, 1),
    )
    card = merge(told, claim)
    assert card == replace(told, sources=("huggingface", "blog.org"), categories=("pills",), upvotes=10**6)
    assert merge(claim, told).title == told.title
    assert merge(claim, told).abstract == told.abstract


def test_a_title_changes_only_when_its_only_teller_changes_it() -> None:
    first = paper(title="First Title", sources=("arxiv",))
    second = paper(title="Second Title", sources=("arxiv",))
    elsewhere = paper(title="First title!", sources=("huggingface",))
    assert merge(first, second).title == "Second Title"
    assert merge(merge(first, elsewhere), elsewhere).title == "First Title"


def test_a_digest_holds_each_id_once_in_the_order_of_first_mention() -> None:
    one, two = paper(upvotes=1), paper(id="x1")
    assert merged([one, two, paper(upvotes=5)]) == (paper(upvotes=5), two)


def test_a_fingerprint_sees_every_figure_and_no_order() -> None:
    one, two = paper(upvotes=1), paper(id="x1")
    assert fingerprint([one, two]) == fingerprint([two, one])
    assert fingerprint([one, two]) != fingerprint([replace(one, upvotes=2), two])


@given(papers, papers, st.sampled_from(["old", "new", "both"]))
def test_what_was_generated_goes_with_its_abstract(old: Paper, new: Paper, written: str) -> None:
    old = replace(old, generated=("Of the old one.", "m") if written != "new" else None)
    new = replace(new, generated=("Of the new one.", "m") if written != "old" else None)
    card = merge(old, new)
    tellers = [one for one in (old, new) if one.abstract == card.abstract and one.generated]
    assert card.generated == (tellers[0].generated if tellers else None)
    assert merge(card, new) == card
