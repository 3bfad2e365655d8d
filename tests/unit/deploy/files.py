"""What stands in deploy/, read; and what its words mean to the command line and to the settings."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, TypeAlias

import yaml
from pydantic import SecretStr
from typer.main import get_command

from cli.main import app
from papers.settings import Settings, names
from tests.repository import ROOT

DEPLOY = ROOT / "deploy"

Document: TypeAlias = dict[str, Any]

VERSION: str = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]

PORT = 8080
"""Where every container answers."""

DIGEST = r"@sha256:[0-9a-f]{64}"

GRAFANA = {
    f"GF_{name}" for name in ("SERVER_HTTP_PORT", "LOG_MODE", "AUTH_ANONYMOUS_ENABLED", "AUTH_DISABLE_LOGIN_FORM")
}
GRAFANA |= {"GF_ANALYTICS_REPORTING_ENABLED", "GF_ANALYTICS_CHECK_FOR_UPDATES"}
GRAFANA |= {"GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"}
"""https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/."""

FOREIGN = {"REDISCLI_AUTH", "VALKEY_PASSWORD"} | GRAFANA
"""Variables that are not ours: valkey-cli's, what compose.yaml makes REDIS_URL of, and Grafana's."""


def dockerfile() -> str:
    """The image's recipe, its continued lines joined, without comments."""
    lines = (DEPLOY / "Dockerfile").read_text("utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("#")).replace("\\\n", " ")


def services() -> dict[str, Document]:
    """Compose's services by name."""
    found: dict[str, Document] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]
    return found


def roles() -> dict[str, Document]:
    """Those of compose's services that are ours."""
    return {name: service for name, service in services().items() if service["image"].startswith("paperboy:")}


def objects(*kinds: str) -> Iterator[Document]:
    """Kubernetes' objects of these kinds, of every file, whether kustomization.yaml names it or not."""
    return (one for one in _objects() if one["kind"] in kinds)


@cache
def _objects() -> tuple[Document, ...]:
    files = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    return tuple(one for file in files for one in yaml.safe_load_all(file.read_text("utf-8")))


def pods() -> dict[str, Document]:
    """Pod templates by the name of what runs them."""
    return {one["metadata"]["name"]: one["spec"]["template"] for one in objects("Deployment", "StatefulSet")}


def own_pods() -> dict[str, Document]:
    """Those that are ours."""
    return {name: pod for name, pod in pods().items() if container(pod)["image"].startswith("paperboy:")}


def container(pod: Document) -> Document:
    """The one container of a pod."""
    (only,) = pod["spec"]["containers"]
    found: Document = only
    return found


def parse(words: Sequence[str]) -> None:
    """Hold the words after `paperboy` against the command line, running nothing. Raises UsageError or KeyError."""
    command: Any = _command()
    rest = list(words)
    while hasattr(command, "commands"):
        name, *rest = rest
        command = command.commands[name]
    command.make_context("paperboy", rest)


@cache
def _command() -> object:
    return get_command(app)


def unknown(variables: Sequence[str]) -> list[str]:
    """Variables that are neither settings nor known not to be."""
    return [name for name in variables if name not in {*names(), *FOREIGN}]


def platform_secrets() -> set[str]:
    """Secrets that only a bot has a use for."""
    secret = {name.upper() for name, field in Settings.model_fields.items() if SecretStr in _parts(field.annotation)}
    return secret - {"REDIS_URL", "REDIS_PASSWORD", "HF_TOKEN", "SUMMARY_API_KEY"}


def _parts(annotation: object) -> tuple[object, ...]:
    return getattr(annotation, "__args__", (annotation,))
