"""What a search says where it found little, what it puts right, and searches without words or by a paper's name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from papers.errors import NotFoundError, QueryError, UsageError
from papers.query import parse
from papers.services.desk import Desk
from papers.services.respelling import respelt
from papers.services.search import PER_PAGE, Shop
from tests.builders import TODAY, crowd, paper
from tests.shops import Open, ask, every_page

CODE = "https://code.example/repository"


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture(scope="module")
def seen(open_: Open) -> Shop:
    """A hundred and forty papers of ten days, seven of them with code, two of these about robots."""
    return open_(replace(one, code_url=CODE if row % 20 == 2 else None) for row, one in enumerate(crowd(140)))


def note(seen: Shop, query: str, **narrowed: object) -> str:
    return ask(seen, query, **narrowed).note or ""


def test_where_a_day_left_everything_out_it_is_said_how_many_there_are_without_it(seen: Shop) -> None:
    assert note(seen, "title:grasping", since=TODAY + timedelta(days=1)) == (
        f"nothing found: 20 without since:{TODAY + timedelta(days=1)}"
    )
    assert note(seen, "title:grasping", before=days_ago(100)) == f"nothing found: 20 without before:{days_ago(100)}"


def test_each_of_what_narrows_is_left_out_in_turn_and_then_all_of_it(seen: Shop) -> None:
    told = note(seen, 'title:grasping -"part 2"', code=True, since=TODAY + timedelta(days=1))
    assert told == f"nothing found: 1 without since:{TODAY + timedelta(days=1)}, 19 without all of these"


def test_what_lacks_a_word_is_shown_with_how_many_have_all_without_what_narrows(seen: Shop) -> None:
    told = note(seen, "diffusion images", code=True, since=days_ago(0))
    with_code = len(every_page(seen, "title:diffusion title:image", code=True))
    assert f"{with_code} without since:{TODAY}" in told


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("title:grasping title:zebra", "20 without “title:zebra”"),
        ("title:grasping -robots", "20 without “-robots”"),
        ('title:grasping title:"zebra crossing"', "20 without “title:zebra crossing”"),
        ("title:zebra title:giraffe", "try another word for it"),
        ("title:zebra OR title:giraffe", "try another word for it"),
        ("title:zebra (title:lion OR title:grasping)", "20 without “title:zebra”"),
    ],
)
def test_the_word_without_which_most_is_found_is_told(seen: Shop, query: str, hint: str) -> None:
    assert note(seen, query) == f"nothing found: {hint}"


@pytest.mark.parametrize(
    ("typed", "meant", "words"),
    [
        ("grapsing", "grasping", {"grapsing": "grasping"}),
        ("GRASPNIG -survey", "grasping -survey", {"GRASPNIG": "grasping"}),
        ("title:grapsing", "title:grasping", {"title": "", "grapsing": "grasping"}),
        (
            "(grapsing OR zebra) difusion",
            "(grasping OR zebra) diffusion",
            {"grapsing": "grasping", "difusion": "diffusion"},
        ),
        ("grapsing  grapsing", "grasping  grasping", {"grapsing": "grasping"}),
        ("“grasping” grapsing", "“grasping” grasping", {"grapsing": "grasping"}),
    ],
)
def test_a_misspelt_word_is_put_right_where_it_stands(
    seen: Shop, typed: str, meant: str, words: dict[str, str]
) -> None:
    found = respelt(seen.reader, typed, parse(typed))
    assert found is not None
    assert (found.query, found.words) == (meant, {one: near for one, near in words.items() if near})


@pytest.mark.parametrize(
    "typed",
    ["grasping zebra", "qqqqqqq", '"grapsing"', "“grapsing”", "-grapsing", "author:grapsing", "grapsing*", "拡散"],
)
def test_nothing_is_put_right_that_is_known_quoted_excluded_or_near_to_nothing(seen: Shop, typed: str) -> None:
    assert respelt(seen.reader, typed, parse(typed)) is None


def test_what_was_meant_is_searched_for_at_once_and_the_answer_says_so(seen: Shop) -> None:
    meant, typed = ask(seen, "grasping"), ask(seen, "grapsing")
    assert typed == replace(
        meant,
        note='no paper has “grapsing”; shown for “grasping”; "grapsing" in quotes is looked for as it is',
    )
    assert ask(seen, "grapsing", page=2).cards == ask(seen, "grasping", page=2).cards
    exactly = ask(seen, '"grapsing"')
    assert exactly.query == '"grapsing"'
    assert "shown for" not in (exactly.note or "")


def test_a_question_is_put_right_too(seen: Shop) -> None:
    answer = ask(seen, "how do robots grapsing objects?")
    assert answer.query == "how do robots grasping objects?"
    assert answer.cards[0].paper.title.startswith("Grasping")


def test_a_word_that_is_only_not_there_in_those_days_is_not_put_right(seen: Shop) -> None:
    assert ask(seen, "grasping", since=TODAY + timedelta(days=1)).query == "grasping"


@pytest.mark.parametrize("word", ["robot", "diffusion", "attention"])
def test_papers_close_in_meaning_follow_a_single_word_too(open_: Open, word: str) -> None:
    close = {
        "robot": paper(900, "Manipulators", abstract="An arm with a gripper picks things up autonomously."),
        "diffusion": paper(900, "Particles", abstract="Particles spread, mix and disperse in a gas by random motion."),
        "attention": paper(900, "Transformers", abstract="Queries, keys and heads focus on salient tokens."),
    }
    whales = [paper(2000 + n, "Whales", abstract=f"Songs of ice and tides, part {n}.") for n in range(300)]
    having = [paper(901 + n, f"On {word}", abstract="As is known.") for n in range(2)]
    answer = ask(open_([*whales, *having, close[word]]), word)
    assert [one.paper.id for one in answer.cards[:3]][2:] == [paper(900).id]
    assert f"2 with the words, {answer.total - 2} close in meaning" == answer.note


@pytest.mark.parametrize("sort", [None, "new"])
def test_what_narrows_alone_lists_the_newest_first(seen: Shop, sort: str | None) -> None:
    answer = ask(seen, "", since=days_ago(2), sort=sort)
    found = every_page(seen, "", since=days_ago(2), sort=sort)
    assert {one.id for one in found} == {one.id for one in crowd(140) if one.day and one.day >= days_ago(2)}
    assert [one.day for one in found] == sorted((one.day for one in found if one.day), reverse=True)
    assert (answer.query, answer.total, answer.note) == ("", len(found), None)
    assert answer.narrowed == f"since {days_ago(2)}" + ", newest first" * (sort == "new")


def test_the_most_upvoted_of_some_days_with_code_are_listed(seen: Shop) -> None:
    found = every_page(seen, "", since=days_ago(30), before=TODAY, code=True, sort="top")
    assert found
    assert {one.code_url for one in found} == {CODE}
    assert [one.upvotes for one in found] == sorted((one.upvotes for one in found), reverse=True)
    narrowed = ask(seen, "x", since=days_ago(30), before=TODAY, code=True, sort="top").narrowed
    assert narrowed == f"since {days_ago(30)}, before {TODAY}, with code, most upvoted first"


def test_where_the_days_have_no_paper_it_is_said_what_would(seen: Shop) -> None:
    assert note(seen, "", before=days_ago(50)) == f"nothing found: 140 without before:{days_ago(50)}"


@pytest.mark.parametrize(
    "query",
    [
        "深層学習",
        "التعلم العميق",
        "обучение нейронных сетей",
        "यन्त्र अधिगम",
        "grasp:",
        '+title:robot^2 [a TO z] AND "x"~3',
        "title_tokens:grasping",
        r"grasp\* gr?sp /gra.*/ ~",
        "row:[0 TO 9] OR -*:*",
        "{!func}rank <script>",
        "%s {0} ${x} `id`",
        "grasping\x00objects",
    ],
)
def test_whatever_is_typed_is_searched_for_or_refused_with_its_place(seen: Shop, query: str) -> None:
    try:
        answer = ask(seen, query)
    except QueryError as error:
        assert 0 <= error.position <= len(query)  # noqa: PT017 - or there is no error
    else:
        assert len(answer.cards) == min(answer.total, PER_PAGE)


def test_other_scripts_are_found_by_their_words(open_: Open) -> None:
    texts = ["深層学習による画像生成", "التعلم العميق", "Обучение нейронных сетей"]
    seen = open_([*(paper(n, text) for n, text in enumerate(texts)), *crowd(30)[3:]])
    for query, title in (("画像", texts[0]), ("العميق", texts[1]), ("НЕЙРОННЫХ", texts[2])):
        assert ask(seen, f"title:{query}").cards[0].paper.title == title


def test_what_only_excludes_lists_all_the_rest_newest_first(seen: Shop) -> None:
    found = every_page(seen, "-title:survey")
    assert len(found) == sum("survey" not in one.title for one in crowd(140))
    assert [one.day for one in found] == sorted((one.day for one in found if one.day), reverse=True)


NAMES = ["{}", "arXiv:{}v3", "https://arxiv.org/abs/{}", "arxiv.org/pdf/{}v1", "https://arxiv.org/html/{}v2"]


@pytest.mark.parametrize("name", [*NAMES, "https://huggingface.co/papers/{}", "https://hf.co/papers/{}"])
def test_a_papers_name_finds_that_paper(desk: Desk, name: str) -> None:
    answer = desk.search(name.format("2603.00002"), since=TODAY)
    assert [card.paper.id for card in answer.cards] == ["2603.00002"]
    assert (answer.total, answer.pages, answer.note) == (1, 1, None)
    with pytest.raises(UsageError, match="no page 2"):
        desk.search(name.format("2603.00002"), page=2)


@pytest.mark.parametrize("name", [*NAMES, "https://lab.example/{}"])
def test_of_a_paper_that_was_never_polled_it_is_said(desk: Desk, name: str) -> None:
    with pytest.raises(NotFoundError, match=r"^there is no paper .*2409\.99999 here$") as caught:
        desk.search(name.format("2409.99999"))
    assert caught.value.advice


def test_what_may_be_words_is_searched_for_unless_it_names_a_paper(desk: Desk) -> None:
    assert desk.search("node.js/react OR grasping").total > 1
    assert desk.search("node.js/react").query == "node.js/react"
