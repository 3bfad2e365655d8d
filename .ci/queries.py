"""Parses every query of the dashboard and of the alerts as Prometheus would; fails at the first that it could not."""

from __future__ import annotations

import json
from pathlib import Path

import promql_parser
import yaml

DEPLOY = Path(__file__).parents[1] / "deploy"

dashboard = json.loads((DEPLOY / "grafana/paperboy.json").read_text("utf-8"))
alerts = yaml.safe_load((DEPLOY / "prometheus/alerts.yml").read_text("utf-8"))
queries = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", ())]
queries += [rule["expr"] for group in alerts["groups"] for rule in group["rules"]]
for query in queries:
    promql_parser.parse(query.replace("$__rate_interval", "5m"))
