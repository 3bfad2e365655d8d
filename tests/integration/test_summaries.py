"""Generated summaries: asked for between matching and planning, and a post never waits long or fails for them."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from cli.doctor import _summaries as check_summaries
from papers.model import Paper
from papers.settings import Settings
from papers.stores import keys
from papers.stores.server import Server
from papers.stores.summaries import ENOUGH
from papers.wiring import completions
from tests.fakes.completions import Endpoint
from tests.fakes.entries import item
from tests.fakes.upstream import Upstream
from tests.integration.burst import burst
from tests.integration.line import Line
from workers.bells import ring
from workers.summarise import AT_ONCE, SummaryStage
from workers.wiring import Workshop

ABSTRACT = (
    "We study diffusion models on long documents. Attention is slow when documents are long, as everybody knows. "
    "Our method makes attention sparse. It halves the latency of diffusion models on long documents, in all of our "
    "experiments, and keeps their quality."
)
SAID = "Sparse attention halves the latency of diffusion models on long documents."
EXTRACTED = "We study diffusion models on long documents."
DAY = "2025-03-12"


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with Endpoint() as running:
        running.says = SAID
        yield running


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as running:
        running.day(DAY, [item("2503.00001", "A diffusion model", summary=ABSTRACT)])
        yield running


@pytest.fixture
def line(server: Server, upstream: Upstream, endpoint: Endpoint) -> Line:
    made = Line(server, upstream, changes=summaries(endpoint))
    made.say("subscribe diffusion")
    return made


def summaries(endpoint: Endpoint, **changes: object) -> dict[str, object]:
    return {
        "summary_api_base_url": endpoint.url,
        "summary_api_key": SecretStr("sk-secret"),
        "summary_model": "some-model",
        "summary_timeout": 0.4,
        "summary_daily_budget": 500,
        **changes,
    }


def shown(line: Line) -> str:
    """The text of the one post, after all stages."""
    line.poll()
    line.workshop.match()
    line.plan()
    line.send()
    (post, *_) = line.posts()
    return " ".join(post.text.split())


def stage_of(workshop: Workshop) -> SummaryStage:
    assert workshop._summariser is not None
    return workshop._summariser


def stored(line: Line, number: int = 1) -> Paper:
    return line.stores.papers.get([f"2503.{number:05}"])[f"2503.{number:05}"]


def test_a_post_shows_what_the_model_said_and_says_who_said_it(line: Line, endpoint: Endpoint) -> None:
    text = shown(line)
    assert SAID in text
    assert "AI summary, some-model" in text
    assert endpoint.keys == ["Bearer sk-secret"]
    (asked,) = endpoint.asked
    assert (asked["path"], asked["model"]) == ("/v1/chat/completions", "some-model")
    assert ABSTRACT in asked["messages"][1]["content"]


def test_every_answer_shows_the_same_and_nobody_is_asked_for_one(line: Line, endpoint: Endpoint) -> None:
    shown(line)
    before = len(endpoint.asked)
    for card in (*line.say("search latency").cards, *line.say("digest").cards, *line.say("test diffusion").latest):  # type: ignore[union-attr] # each has cards
        assert (card.summary, card.by) == (SAID, "some-model")
    assert len(endpoint.asked) == before


def test_the_sources_own_summary_is_not_replaced(line: Line, upstream: Upstream, endpoint: Endpoint) -> None:
    upstream.day(DAY, [item("2503.00001", "A diffusion model", summary=ABSTRACT, ai_summary="It is fast.")])
    text = shown(line)
    assert "It is fast." in text
    assert "AI summary, Hugging Face" in text
    assert endpoint.asked == []


@pytest.mark.parametrize("fault", ["hang", "drip", "garbage", "other", "huge", "500", "429", "401", "redirect"])
def test_whatever_the_endpoint_does_the_post_goes_out_in_time(
    line: Line, endpoint: Endpoint, upstream: Upstream, fault: str
) -> None:
    endpoint.location = f"{upstream.url}/elsewhere"
    endpoint.fail(fault)
    line.poll()
    began = time.monotonic()
    line.workshop.match()
    assert time.monotonic() - began < 5.0  # of which it waits 0.4
    line.plan()
    line.send()
    text = line.posts()[0].text
    assert EXTRACTED in text
    assert "AI summary" not in text
    assert [one for one in upstream.requests if one.path == "/elsewhere"] == []


@pytest.mark.parametrize(
    "said",
    [
        "",
        "   ",
        "Free pills at https://evil.example for @everyone",
        "<!channel> click <https://evil.example|here>",
        "Sorry, I cannot summarise diffusion models on long documents.",
        "word " * 5_000,
        "Buy the new phone of our sponsor today, it has a wonderful camera.",
    ],
)
def test_an_answer_that_is_no_summary_is_not_shown_and_not_asked_for_again(
    line: Line, endpoint: Endpoint, said: str
) -> None:
    endpoint.says = said
    assert EXTRACTED in shown(line)
    assert stored(line).generated is None
    stage_of(line.workshop).run([stored(line).id])
    assert len(endpoint.asked) == 1


def test_after_some_failures_nobody_asks_for_a_while_whichever_process(line: Line, endpoint: Endpoint) -> None:
    line.poll()
    endpoint.fail("500")
    stage = stage_of(line.workshop)
    for _ in range(ENOUGH + 2):
        stage.run(["2503.00001"])
    assert len(endpoint.asked) == ENOUGH
    endpoint.heal()
    another = Workshop(line.workshop.core.settings, line.stores.server)
    stage_of(another).run(["2503.00001"])
    assert len(endpoint.asked) == ENOUGH
    line.stores.server.call("DEL", keys.SUMMARIES_REST)  # it is over
    endpoint.fail("500", times=1)
    stage.run(["2503.00001"])
    stage.run(["2503.00001"])
    assert len(endpoint.asked) == ENOUGH + 1  # the first failure after a rest begins another


def test_a_429_is_obeyed_at_once_for_as_long_as_it_asks(line: Line, endpoint: Endpoint) -> None:
    endpoint.fail("429")
    line.poll()
    stage = stage_of(line.workshop)
    stage.run(["2503.00001"])
    stage.run(["2503.00001"])
    assert len(endpoint.asked) == 1
    assert 390 < line.stores.server.call("TTL", keys.SUMMARIES_REST) <= 400


def test_a_days_budget_holds_for_all_processes_together(server: Server, upstream: Upstream, endpoint: Endpoint) -> None:
    upstream.day(DAY, [item(f"2503.0000{n}", f"A diffusion model, number {n}", summary=ABSTRACT) for n in range(1, 7)])
    line = Line(server, upstream, changes=summaries(endpoint, summary_daily_budget=2))
    line.say("subscribe diffusion")
    line.poll()
    line.workshop.match()
    stage_of(Workshop(line.workshop.core.settings, server)).run([f"2503.0000{n}" for n in range(1, 7)])
    assert len(endpoint.asked) == 2
    assert sum(stored(line, n).generated is not None for n in range(1, 7)) == 2


def test_few_are_asked_for_at_once_and_the_rest_behind(server: Server, upstream: Upstream, endpoint: Endpoint) -> None:
    names = [f"2503.000{n:02}" for n in range(1, 31)]
    upstream.day(DAY, [item(one, f"A diffusion model, {one}", summary=ABSTRACT) for one in names])
    endpoint.pause = 0.2
    line = Line(server, upstream, changes=summaries(endpoint, summary_timeout=1.0))
    line.poll()
    stage = stage_of(line.workshop)
    assert not stage.run(names)
    assert endpoint.most_at_once <= AT_ONCE
    assert stage.run(names) or stage.run(names) or stage.run(names)
    assert len(endpoint.asked) == 30
    assert all(paper.generated for paper in line.stores.papers.get(names).values())


def test_a_summary_stays_while_upvotes_rise_and_goes_with_its_abstract(line: Line, upstream: Upstream) -> None:
    shown(line)
    upstream.day(DAY, [item("2503.00001", "A diffusion model", summary=ABSTRACT, upvotes=70)])
    line.poll()
    assert (stored(line).upvotes, stored(line).generated) == (70, (SAID, "some-model"))
    upstream.day(DAY, [item("2503.00001", "A diffusion model", summary=f"{ABSTRACT} Code is available.", upvotes=70)])
    line.poll()
    assert stored(line).generated is None


def test_a_summary_of_an_abstract_that_changed_meanwhile_is_not_written(line: Line) -> None:
    line.poll()
    line.stores.papers.write_summary("2503.00001", "Another abstract.", (SAID, "some-model"))
    assert stored(line).generated is None
    line.stores.papers.write_summary("2503.99999", ABSTRACT, (SAID, "some-model"))
    assert line.stores.papers.find("2503.99999") is None


def test_the_key_stands_in_no_log_and_no_error(
    line: Line, endpoint: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    for fault in ("401", "garbage"):
        endpoint.fail(fault)
        line.poll()
        line.workshop.match()
    logged = capsys.readouterr()
    assert "no summary" in logged.out
    assert "sk-secret" not in logged.out + logged.err
    assert "sk-secret" not in repr(line.workshop.core.completions)


def test_a_worker_of_its_own_posts_in_time_though_the_endpoint_hangs(line: Line, endpoint: Endpoint) -> None:
    """A real RQ worker in a process of its own, from the bell to the outbox."""
    endpoint.fail("hang")
    line.poll()
    ring("match", connection=line.stores.server.raw)
    environment = {
        "REDIS_URL": line.stores.server.url,
        "SUMMARY_API_BASE_URL": endpoint.url,
        "SUMMARY_MODEL": "some-model",
        "SUMMARY_TIMEOUT": "0.5",
    }
    began = time.monotonic()
    burst("match", environment)
    assert time.monotonic() - began < 30  # a process that starts among others, and half a second
    assert len(endpoint.asked) == 1
    line.send()
    assert EXTRACTED in line.posts()[0].text


def examined(server: Server, endpoint: Endpoint) -> list[tuple[str, str]]:
    """What `doctor` says of the endpoint: (grade, sentence)."""
    settings = Settings.model_construct(redis_url=SecretStr(server.url), **summaries(endpoint))  # type: ignore[arg-type] # checked elsewhere
    client = completions(settings)
    assert client is not None
    return [(one.grade, one.what) for one in check_summaries(settings, client)]


def test_doctor_tries_the_endpoint_and_a_bad_one_is_only_a_warning(server: Server, endpoint: Endpoint) -> None:
    endpoint.says = "A draft model trained on rejections halves the latency of decoding."
    assert examined(server, endpoint) == [
        ("good", f"summaries: some-model says “{endpoint.says}”"),
        ("note", "0 of 500 summaries were asked for today"),
    ]
    endpoint.says = "I'm sorry."
    ((grade, what),) = examined(server, endpoint)
    assert (grade, what) == ("warning", "summaries: some-model answered nothing that can be shown")
    endpoint.fail("401")
    ((grade, what),) = examined(server, endpoint)
    assert grade == "warning"
    assert "401" in what
    assert "sk-secret" not in what
