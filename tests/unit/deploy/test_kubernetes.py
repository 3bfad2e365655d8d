"""The manifests keep what they say; each is held against Kubernetes' own schema in .ci/run."""

from __future__ import annotations

import re

import pytest
import yaml
from dotenv import dotenv_values

from papers.sources.addresses import _REFUSED_V4 as REFUSED_V4
from papers.sources.addresses import _REFUSED_V6 as REFUSED_V6
from papers.sources.addresses import refusal
from tests.unit.deploy.files import (
    DEPLOY,
    DIGEST,
    PORT,
    VERSION,
    Document,
    container,
    objects,
    own_pods,
    parse,
    platform_secrets,
    pods,
    services,
    unknown,
)

FOLDER = DEPLOY / "kubernetes"
ALL, OURS = pods(), own_pods()


@pytest.mark.parametrize("pod", OURS.values(), ids=OURS)
def test_every_role_is_a_command_that_there_is(pod: Document) -> None:
    parse(container(pod)["args"])


@pytest.mark.parametrize("pod", ALL.values(), ids=ALL)
def test_every_pod_is_shut_in(pod: Document) -> None:
    spec, ours = pod["spec"], container(pod)["securityContext"]
    assert spec["automountServiceAccountToken"] is False
    assert spec["enableServiceLinks"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["runAsUser"] > 0
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert ours == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {"hostNetwork", "hostPID", "hostIPC"} & spec.keys() == set()


@pytest.mark.parametrize("pod", ALL.values(), ids=ALL)
def test_every_pod_asks_for_what_it_needs_and_is_held_to_it(pod: Document) -> None:
    resources = container(pod)["resources"]
    assert {"cpu", "memory", "ephemeral-storage"} <= resources["requests"].keys()
    assert {"cpu", "memory", "ephemeral-storage"} <= resources["limits"].keys()
    assert all("sizeLimit" in volume["emptyDir"] for volume in pod["spec"]["volumes"] if "emptyDir" in volume)


@pytest.mark.parametrize("pod", OURS.values(), ids=OURS)
def test_every_role_is_asked_how_it_is_where_it_answers(pod: Document) -> None:
    role = container(pod)
    assert role["ports"] == [{"name": "http", "containerPort": PORT}]
    asked = {kind: role[kind]["httpGet"] for kind in ("livenessProbe", "readinessProbe", "startupProbe")}
    assert asked == {
        "livenessProbe": {"path": "/healthz", "port": "http"},  # ending it would not bring its server back
        "readinessProbe": {"path": "/readyz", "port": "http"},
        "startupProbe": {"path": "/healthz", "port": "http"},
    }


def test_images_are_pinned_and_those_of_compose() -> None:
    assert {container(pod)["image"] for pod in OURS.values()} == {f"paperboy:{VERSION}"}
    server = container(ALL["valkey"])["image"]
    assert re.search(DIGEST, server)
    assert server == services()["valkey"]["image"]
    (ours,) = yaml.safe_load((FOLDER / "kustomization.yaml").read_text("utf-8"))["images"]
    assert ours["newTag"] == VERSION


def test_only_the_pages_listen_where_other_roles_answer() -> None:
    everywhere = dotenv_values(FOLDER / "settings.env")["WEB_PORT"]
    own = {name: container(pod).get("env", []) for name, pod in OURS.items()}
    assert own.pop("web") == [{"name": "HTTP_PORT", "value": everywhere}, {"name": "WEB_PORT", "value": str(PORT)}]
    assert not any(own.values())
    assert everywhere != str(PORT)  # the image's HTTP_PORT, or Slack's would be in the way


def test_never_two_discord_processes_share_a_shard() -> None:
    (discord,) = [one["spec"] for one in objects("Deployment") if one["metadata"]["name"] == "discord"]
    assert discord["replicas"] == 1
    assert discord["strategy"] == {"type": "Recreate"}


def test_a_role_is_given_only_secrets_that_the_example_has_and_nobody_but_bots_a_platform_s() -> None:
    example = {one["metadata"]["name"]: set(one["stringData"]) for one in objects("Secret")}
    for pod in OURS.values():
        role = container(pod)
        given = [source["secretRef"]["name"] for source in role["envFrom"] if "secretRef" in source]
        told = set().union(*(example[name] for name in given))
        assert unknown(sorted(told)) == []
        assert "REDIS_URL" in told
        opens_mailboxes = {"PAPERBOY_ENCRYPTION_KEYS"} if role["args"] == ["web"] else set()
        assert role["args"][0] == "bot" or told & platform_secrets() == opens_mailboxes


@pytest.mark.parametrize("file", ["settings.env", "mail.env"])
def test_the_settings_files_have_settings_that_there_are_and_no_secrets(file: str) -> None:
    told = dotenv_values(FOLDER / file)
    assert told
    assert unknown(list(told)) == []
    assert not set(told) & platform_secrets()


def test_the_server_is_configured_as_compose_s_is() -> None:
    (configuration,) = objects("ConfigMap")
    assert configuration["data"]["valkey.conf"] == (DEPLOY / "valkey/valkey.conf").read_text("utf-8")


def test_roles_reach_the_public_addresses_that_paperboy_itself_lets_feeds_reach() -> None:
    (world,) = [one for one in objects("NetworkPolicy") if one["metadata"]["name"] == "the-world"]
    (rule,) = world["spec"]["egress"]
    blocks = {to["ipBlock"]["cidr"]: to["ipBlock"]["except"] for to in rule["to"]}
    assert blocks == {
        "0.0.0.0/0": [str(block) for block, _ in REFUSED_V4],
        "2000::/3": [str(block) for block, _ in REFUSED_V6],
    }
    assert refusal("1fff::1")
    assert refusal("4000::1")
    assert [port["port"] for port in rule["ports"]] == [443, 80]


def test_what_is_not_named_is_denied_and_only_roles_reach_the_server() -> None:
    policies = {one["metadata"]["name"]: one["spec"] for one in objects("NetworkPolicy")}
    assert policies["deny-all"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    (rule,) = policies["valkey"]["ingress"]
    (source,) = rule["from"]
    assert {name for name, pod in ALL.items() if _selects(source["podSelector"], pod)} == set(OURS)
    assert {name for name, pod in ALL.items() if _selects(policies["valkey"]["podSelector"], pod)} == {"valkey"}


def test_the_disruption_budget_keeps_one_of_the_two_that_match() -> None:
    (budget,) = objects("PodDisruptionBudget")
    assert {name for name, pod in ALL.items() if _selects(budget["spec"]["selector"], pod)} == {"match"}
    (match,) = [one["spec"] for one in objects("Deployment") if one["metadata"]["name"] == "match"]
    assert match["replicas"] > budget["spec"]["minAvailable"]


def test_kustomize_finds_every_file_and_no_manifest_is_forgotten() -> None:
    text = (FOLDER / "kustomization.yaml").read_text("utf-8")
    listed = set(re.findall(r"^  (?:# )?- (\S+\.yaml)$", text, re.MULTILINE))
    optional = {"kustomization.yaml", "podmonitor.yaml", "secret.example.yaml"}
    assert listed == {file.name for file in FOLDER.glob("*.yaml")} - optional


def _selects(selector: Document, pod: Document) -> bool:
    labels = pod["metadata"]["labels"]
    return all(labels.get(name) == value for name, value in selector["matchLabels"].items())
