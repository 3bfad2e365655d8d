"""The one-shot commands, as people and scripts run them: exit status, words, and JSON as it is promised."""

from __future__ import annotations

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.e2e.processes import Home

ITEM = {"paper": str, "title": str, "reason": str, "score": float}
POST = {"id": str, "delivery": str, "channel": str, "kind": str, "text": str, "items": list}
STATS = {
    "papers": int,
    "embedded": dict,
    "days": list,
    "channels": int,
    "subscriptions": int,
    "waiting": int,
    "deliveries": dict,
    "queues": dict,
    "sources": list,
    "running": list,
}


def shaped(value: Mapping[str, Any], shape: Mapping[str, type]) -> bool:
    """Whether a JSON object has these fields, of these types, among others."""
    return all(isinstance(value.get(name), kind) for name, kind in shape.items())


@pytest.fixture(scope="module")
def posts(shared: Home) -> list[Any]:
    return shared.posts()


def test_what_was_polled_is_posted_and_every_post_has_its_shape(posts: list[Any]) -> None:
    assert {post["channel"] for post in posts} == {"general"}
    assert [post["kind"] for post in posts][:2] == ["digest", "abstracts"]
    for post in posts:
        assert shaped(post, POST), post
        assert all(shaped(item, ITEM) for item in post["items"])
    shown = posts[0]["items"][0]
    assert shown["reason"] == "matches diffusion"
    assert shown["title"] in " ".join(posts[0]["text"].split())
    assert len({post["id"] for post in posts}) == len({post["delivery"] for post in posts}) == len(posts)


def test_polling_again_posts_nothing_again(shared: Home, posts: list[Any]) -> None:
    ran = shared.run("poll", "huggingface")
    assert ran.status == 0
    assert "0 matched, 0 messages planned, 0 posted by this command" in ran.out
    assert shared.run("posts", "--channel", "#general", "--json").lines == posts


def test_posts_are_shown_to_people_too_and_only_of_the_channel_they_ask_for(shared: Home) -> None:
    assert "papers for diffusion" in shared.run("posts").out
    nothing = shared.run("posts", "--channel", "elsewhere", "--json")
    assert nothing.out == ""
    assert "nothing was posted in #elsewhere yet" in nothing.err
    assert "say 'subscribe diffusion'`" in " ".join(nothing.err.split())


def test_stats_count_what_is_there(shared: Home, posts: list[Any]) -> None:
    stats = shared.run("stats", "--json").json
    assert shaped(stats, STATS)
    assert stats["papers"] > 0
    assert stats["embedded"]["model"]
    assert stats["embedded"]["mark"]
    assert (stats["channels"], stats["subscriptions"], stats["waiting"]) == (1, 1, 0)
    assert stats["deliveries"] == {"sent": len(posts)}
    (source,) = stats["sources"]
    assert (source["name"], source["failures"], source["error"]) == ("huggingface", 0, None)
    for told in (source["polled_at"], source["ok_at"], source["next"], *(post["at"] for post in posts)):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", told), "one form in all JSON"
    said = shared.run("stats").out
    assert f"{len(posts)} sent" in said
    assert f"embedded: all with {stats['embedded']['model']}" in said
    again = shared.run("poll", "--date", stats["days"][0])
    assert again.status == 0
    assert stats["days"][0] in again.out


def test_an_answer_is_its_name_and_its_fields(shared: Home) -> None:
    listing = shared.say("list").json
    assert listing["answer"] == "Listing"
    assert [row["label"] for row in listing["rows"]] == ["diffusion"]
    assert (listing["schedule"]["kind"], listing["paused"], listing["next_post"]) == ("instant", False, None)
    log = shared.say("log").json
    assert {row["state"] for row in log["rows"]} == {"sent"}


def test_why_tells_what_hit(shared: Home, posts: list[Any]) -> None:
    paper = posts[0]["items"][0]["paper"]
    why = shared.say(f"why {paper}").json
    assert (why["answer"], why["paper"]["id"]) == ("WhyAnswer", paper)
    assert why["outcome"].startswith("posted here")
    assert why["rows"][0]["hit"] == ["diffusion"]


def test_an_unknown_command_suggests_a_known_one(shared: Home) -> None:
    said = shared.say("subscrib diffusion")
    assert said.status == 2
    assert set(said.json) == {"error", "advice", "suggestion"}
    assert said.json["error"] == "there is no command “subscrib”"
    assert said.json["suggestion"] == "/papers subscribe diffusion"


def test_a_query_that_does_not_parse_shows_the_place(shared: Home) -> None:
    ran = shared.run("say", "/papers subscribe diffusion OR (graph")
    assert ran.status == 2
    lines = [line.rstrip() for line in ran.out.splitlines()]
    (caret,) = [number for number, line in enumerate(lines) if line.strip() == "^"]
    assert "diffusion OR (graph" in lines[caret - 1]
    assert lines[caret].index("^") <= len(lines[caret - 1])


def test_an_unknown_zone_suggests_the_nearest(shared: Home) -> None:
    said = shared.say("daily 09:00 Europe/Berlinn")
    assert said.status == 2
    assert said.json["suggestion"] == "/papers daily 09:00 Europe/Berlin"


def test_what_is_not_there_is_a_failure_not_a_misuse(shared: Home) -> None:
    said = shared.say("unsubscribe 9")
    assert (said.status, said.json["suggestion"]) == (1, None)
    assert said.json["error"] == "there is no subscription 9 here"
    assert said.json["advice"]


@pytest.mark.parametrize(
    "words",
    [
        ("say", "list", "--chanel", "x"),
        ("say", "list", "--channel", "two words"),
        ("say", "list", "--user", "\udcff"),
        ("poll", "https://nowhere.example/feed"),
        ("poll", "--date", "yesterday"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_why(shared: Home, words: tuple[str, ...]) -> None:
    ran = shared.run(*words)
    assert ran.status == 2
    assert ran.out or ran.err
    assert "Traceback" not in ran.out + ran.err


def test_wrong_settings_are_all_named_at_once(home: Home) -> None:
    ran = home.run("stats", HF_ENDPOINT="ftp://x", PAPERBOY_SUORCES="huggingface", LOG_LEVEL="loud")
    assert ran.status == 1
    for name in ("HF_ENDPOINT", "PAPERBOY_SUORCES", "LOG_LEVEL", "did you mean PAPERBOY_SOURCES"):
        assert name in ran.err
    assert ran.out == ""
    assert not home.data.exists()


def test_a_source_that_fails_fails_the_poll_and_is_named(home: Home) -> None:
    ran = home.run("poll", HF_ENDPOINT="http://127.0.0.1:9")
    assert ran.status == 1
    assert "✗ huggingface: cannot connect to 127.0.0.1" in ran.out
    assert ("tried again" in ran.out, "Source" in ran.out) == (True, False)
    assert home.run("poll").status == 0


def test_doctor_finds_everything_in_order(shared: Home) -> None:
    ran = shared.run("doctor")
    assert ran.status == 0, ran.out
    for part in ("settings are valid", "data directory", "server valkey", "embedding model wordllama", "papers now"):
        assert part in ran.out


def test_doctor_names_what_to_mend(home: Home) -> None:
    (home.folder / "a file").write_text("")
    ran = home.run("doctor", PAPERBOY_DATA=str(home.folder / "a file"), EMBEDDING_MODEL="/no/such/folder")
    assert ran.status == 1
    assert "Traceback" not in ran.out + ran.err
    for part in ("data directory", "PAPERBOY_DATA", "embedding model"):
        assert part in ran.out


def test_several_says_at_once_all_succeed_and_none_is_lost(home: Home) -> None:
    words = [f"word{number}" for number in range(6)]
    with ThreadPoolExecutor(len(words)) as pool:
        answers = list(pool.map(lambda word: home.say(f"subscribe {word}"), words))
    assert [answer.status for answer in answers] == [0] * len(words)
    rows = home.say("list").json["rows"]
    assert sorted(row["label"] for row in rows) == words
    assert sorted(row["subscription"]["number"] for row in rows) == [1, 2, 3, 4, 5, 6]
    assert sorted(answer.json["subscription"]["number"] for answer in answers) == [1, 2, 3, 4, 5, 6]
