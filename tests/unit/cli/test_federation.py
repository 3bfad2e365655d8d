"""The pages of several roles are one page, which Prometheus can read."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from cli.federation import together

PAGE = """# HELP paperboy_polls_total Polls.
# TYPE paperboy_polls_total counter
paperboy_polls_total{kind="feed"} 3.0
# HELP paperboy_build_info Always 1.
# TYPE paperboy_build_info gauge
paperboy_build_info{role="worker fetch"} 1.0
"""


def test_each_family_is_there_once_and_each_series_says_who_told_it() -> None:
    page = together({"up": PAGE, "worker fetch": PAGE}).decode()
    assert page.count("# TYPE paperboy_polls_total counter") == 1
    found = {family.name: family for family in text_string_to_metric_families(page)}
    told = [(one.labels, one.value) for one in found["paperboy_polls"].samples]
    assert told == [({"kind": "feed", "process": who}, 3.0) for who in ("up", "worker fetch")]
    assert {one.labels["process"] for one in found["paperboy_build_info"].samples} == {"up", "worker fetch"}
