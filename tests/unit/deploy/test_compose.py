"""compose.yaml keeps what it says; its form is checked against the Compose specification in .ci/run."""

from __future__ import annotations

import re

import pytest

from tests.unit.deploy.files import (
    DIGEST,
    PORT,
    VERSION,
    Document,
    dockerfile,
    parse,
    platform_secrets,
    roles,
    services,
    unknown,
)

ALL, OURS = services(), roles()


@pytest.mark.parametrize("service", OURS.values(), ids=OURS)
def test_every_role_is_a_command_that_there_is(service: Document) -> None:
    parse(service["command"])


def test_all_that_up_runs_is_there() -> None:
    started = {" ".join(service["command"]) for service in OURS.values()}
    assert {"worker fetch", "worker match", "bot slack", "bot discord", "bot email", "web"} <= started


def test_pages_know_of_mails_and_workers_would_not_send_any() -> None:
    told = {name: service["environment"].get("SMTP_HOST") for name, service in OURS.items()}
    assert {name for name, host in told.items() if host == ""} == {"fetch", "match", "match-shard-2"}
    assert {name for name, host in told.items() if host is None} == {"slack", "discord", "email", "web"}


def test_two_workers_match_and_one_of_each_bot_talks() -> None:
    replicas = {name: service["deploy"].get("replicas", 1) for name, service in OURS.items()}
    assert {name for name, number in replicas.items() if number > 1} == {"match"}


@pytest.mark.parametrize("service", ALL.values(), ids=ALL)
def test_every_variable_is_a_setting(service: Document) -> None:
    assert unknown(list(service["environment"])) == []


@pytest.mark.parametrize("service", ALL.values(), ids=ALL)
def test_every_container_is_shut_in(service: Document) -> None:
    user, _, group = service["user"].partition(":")
    assert int(user) > 0
    assert int(group) > 0
    assert service["read_only"] is True
    assert all("noexec" in mount and "size=" in mount for mount in service["tmpfs"])
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == "unless-stopped"
    assert {"cpus", "memory", "pids"} <= service["deploy"]["resources"]["limits"].keys()
    assert {"max-size", "max-file"} <= service["logging"]["options"].keys()
    assert "privileged" not in service


def test_a_role_runs_as_the_image_s_user_and_answers_at_its_port() -> None:
    assert {service["user"] for service in OURS.values()} == {"10001:10001"}
    for service in OURS.values():
        port = "WEB_PORT" if service["command"] == ["web"] else "HTTP_PORT"
        assert service["environment"][port] == str(PORT)
        assert (
            service["environment"]["WEB_PORT"] != service["environment"]["HTTP_PORT"]
        )  # else Slack's would be in the way
    assert f"'127.0.0.1', {PORT}" in dockerfile()


def test_every_role_waits_until_the_server_is_well() -> None:
    assert all(service["depends_on"]["valkey"]["condition"] == "service_healthy" for service in OURS.values())
    assert ALL["valkey"]["healthcheck"]


def test_images_are_pinned() -> None:
    assert {service["image"] for service in OURS.values()} == {f"paperboy:{VERSION}"}
    assert all(re.fullmatch(r"[a-z]+/[a-z]+:v?\d+\.\d+\.\d+", ALL[name]["image"]) for name in ("prometheus", "grafana"))
    assert re.fullmatch(rf"valkey/valkey:\d+\.\d+\.\d+-\w+{DIGEST}", ALL["valkey"]["image"])


def test_nothing_is_published_beyond_the_machine_and_the_server_not_at_all() -> None:
    published = [port for service in ALL.values() for port in service.get("ports", [])]
    assert published
    assert all(re.fullmatch(rf"127\.0\.0\.1:\d+:{PORT}", port) for port in published)
    assert "ports" not in ALL["valkey"]
    assert ALL["valkey"]["networks"] == ["store"]


def test_the_server_s_password_has_to_be_set() -> None:
    needed = [
        ALL["valkey"]["environment"]["REDISCLI_AUTH"],
        *(one["environment"]["REDIS_URL"] for one in OURS.values()),
    ]
    assert all("${VALKEY_PASSWORD:?" in value for value in needed)


def test_whoever_is_no_bot_is_told_no_platform_s_secrets() -> None:
    others = [service for service in OURS.values() if service["command"][0] != "bot"]
    assert others
    for service in others:
        told = [name for name in platform_secrets() if service["environment"].get(name) != ""]
        opens_mailboxes = ["PAPERBOY_ENCRYPTION_KEYS"] * (service["command"] == ["web"])
        assert told == opens_mailboxes
