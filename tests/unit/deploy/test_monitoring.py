"""The dashboard and the alerts ask for metrics that there are; their queries are parsed in .ci/run."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml

from tests.observed import documented, rows
from tests.unit.deploy.files import DEPLOY, services

DASHBOARD: dict[str, Any] = json.loads((DEPLOY / "grafana/paperboy.json").read_text("utf-8"))
GROUPS: list[Any] = yaml.safe_load((DEPLOY / "prometheus/alerts.yml").read_text("utf-8"))["groups"]
RULES = {rule["alert"]: rule for group in GROUPS for rule in group["rules"]}
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
QUERIES = {
    **{f"{panel['title']}: {one['refId']}": one["expr"] for panel in PANELS for one in panel["targets"]},
    **{name: rule["expr"] for name, rule in RULES.items()},
}
PARTS = re.compile(r"_(?:bucket|sum|count)$")


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_every_metric_that_is_asked_for_is_one_that_roles_export(query: str) -> None:
    """That the documented ones are those that `up` exports is seen in tests/e2e/test_up.py."""
    asked = set(re.findall(r"\bpaperboy_\w+", query))
    known = set(documented())
    assert asked or "process_" in query or query.startswith("up")
    assert {one for one in asked if one not in known and PARTS.sub("", one) not in known} == set()


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_what_every_match_worker_tells_is_never_added_up(query: str) -> None:
    shared = {row[0].strip("`").partition("{")[0] for row in rows("Metrics") if row[1] == "shared"}
    assert shared
    for name in re.findall(r"\bpaperboy_\w+", query):
        if name in shared:
            assert re.search(rf"(?:max|absent)(?: by \(\w+\))? ?\({name}", query), name


def test_every_metric_is_shown() -> None:
    shown = {
        PARTS.sub("", one)
        for panel in PANELS
        for t in panel["targets"]
        for one in re.findall(r"paperboy_\w+", t["expr"])
    }
    assert set(documented()) - shown == set()


def test_every_panel_says_what_it_is() -> None:
    assert all(panel["title"] and panel["description"] for panel in PANELS)
    titles = [panel["title"] for panel in DASHBOARD["panels"] if panel["type"] == "row"]
    assert len(titles) == 7


def test_every_alert_has_its_lines_in_the_docs_and_a_test() -> None:
    told = {row[0].strip("`"): row[1] for row in rows("Alerts")}
    assert told == {name: rule["labels"]["severity"] for name, rule in RULES.items()}
    tests = yaml.safe_load((DEPLOY / "prometheus/alerts_test.yml").read_text("utf-8"))["tests"]
    tried = {one["alertname"] for test in tests for one in test["alert_rule_test"] if one["exp_alerts"]}
    assert tried == set(RULES)


def test_compose_s_prometheus_looks_for_every_role() -> None:
    config = yaml.safe_load((DEPLOY / "prometheus/compose.yml").read_text("utf-8"))
    found = {name for one in config["scrape_configs"][0]["dns_sd_configs"] for name in one["names"]}
    assert found == {name for name, service in services().items() if service["image"].startswith("paperboy:")}
