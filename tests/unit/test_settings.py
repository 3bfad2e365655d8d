"""The environment, read once."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest
from pydantic import SecretStr

from papers.errors import SettingsError
from papers.settings import Settings, default_data_directory, inherited, names

SECRETS = [name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)]

HIDDEN = dict.fromkeys(SECRETS, "hunter2") | {
    "redis_url": "redis://:hunter2@h",
    "paperboy_encryption_keys": "hunter2" + "A" * 36 + "=",
    "slack_bot_token": "xoxb-hunter2",
    "slack_app_token": "xapp-hunter2",
}
"""A secret of each kind that is accepted."""

WRONG = {
    "DISCORD_SHARD_IDS": "first,second",
    "PAPERBOY_ENCRYPTION_KEYS": "c2hvcnQ=",
    "PAPERBOY_SOURCES": "gopher://old.example",
    "REDIS_URL": "http://localhost",
    "REDIS_SENTINELS": "sentinel.example",
    "HF_ENDPOINT": "huggingface.co",
    "SLACK_MODE": "pigeon",
    "SLACK_API_BASE_URL": "https://slack.com/api",
    "HTTP_PORT": "70000",
    "WEB_PORT": "web",
    "PAPERBOY_PUBLIC_URL": "http://papers.example.org",
    "LOG_LEVEL": "loud",
}


def set_all(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def refused() -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        Settings.load()
    return caught.value


def told(error: SettingsError) -> str:
    """Everything that a log or a terminal could show of it: the whole chain of its causes."""
    assert error.__cause__
    return "".join(traceback.format_exception(error))


def named(error: SettingsError) -> list[str]:
    return [problem.partition(":")[0] for problem in error.problems]


def test_a_password_of_the_server_goes_with_sentinels_as_a_url_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, {"REDIS_URL": "redis://ten.example", "REDIS_USERNAME": "paperboy"})
    assert named(refused()) == ["REDIS_PASSWORD"]
    monkeypatch.setenv("REDIS_PASSWORD", "hunter2")
    assert named(refused()) == ["REDIS_PASSWORD"]
    assert "hunter2" not in str(refused())
    monkeypatch.delenv("REDIS_URL")
    monkeypatch.setenv("REDIS_SENTINELS", "ten.example:26379")
    assert Settings.load().redis_password == SecretStr("hunter2")


def test_nothing_needs_to_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PAPERBOY_DATA")
    settings = Settings.load()
    assert settings.paperboy_sources == ("huggingface",)
    assert settings.paperboy_data == default_data_directory()
    assert settings.redis_url is None


def test_all_wrong_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, WRONG | {"PAPERBOY_DTA": "/tmp"})  # noqa: S108 - nothing is written
    error = refused()
    assert sorted(named(error)) == sorted([*WRONG, "PAPERBOY_DTA"])
    assert all(problem in str(error) for problem in error.problems)


@pytest.mark.parametrize(("name", "value"), WRONG.items())
def test_each_wrong_setting_is_refused_by_name(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    assert named(refused()) == [name]


def test_a_misspelt_name_of_ours_is_refused_with_the_nearest_right_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERBOY_SORCES", "huggingface")
    assert refused().problems == ("PAPERBOY_SORCES: no such setting, did you mean PAPERBOY_SOURCES?",)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("SLACK_BOT_TOKN", "SLACK_BOT_TOKEN"),
        ("SLACKBOT_TOKEN", "SLACK_BOT_TOKEN"),
        ("SLACK_SIGNING_SECERT", "SLACK_SIGNING_SECRET"),
        ("slack_mod", "SLACK_MODE"),
        ("DISCORD_BOTTOKEN", "DISCORD_BOT_TOKEN"),
        ("DISCORD_SHARDS_COUNT", "DISCORD_SHARD_COUNT"),
        ("REDIS_ULR", "REDIS_URL"),
        ("SMTP_HOTS", "SMTP_HOST"),
        ("MAIL_FORM", "MAIL_FROM"),
    ],
)
def test_a_slip_in_a_platforms_name_is_refused_with_the_right_one(
    monkeypatch: pytest.MonkeyPatch, name: str, meant: str
) -> None:
    monkeypatch.setenv(name, "x")
    assert refused().problems == (f"{name}: no such setting, did you mean {meant}?",)


@pytest.mark.parametrize("name", ["SLACK_API_TOKEN", "SLACK_WEBHOOK_URL", "DISCORD_TOKEN", "DISCORD_BOT_TOKEN_2"])
def test_a_platforms_name_that_another_program_may_have_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("DISCORD_BOT_TOKEN", "x")  # what is set was not meant by another name
    monkeypatch.setenv(name, "x")
    assert Settings.load().log_level == "info"


def test_a_misspelt_name_in_the_file_is_refused_too() -> None:
    Path(".env").write_text("PAPERBOY_SORCES=huggingface\nSOMEBODY_ELSES=1\n")
    assert named(refused()) == ["PAPERBOY_SORCES"]


def test_a_misspelt_name_is_refused_in_lower_case_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("paperboy_sorces", "huggingface")
    Path(".env").write_text("Paperboy_Dta=/tmp\n")
    assert sorted(named(refused())) == ["Paperboy_Dta", "paperboy_sorces"]


def test_a_name_may_be_spelt_in_lower_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("paperboy_sources", "https://lab.example/feed.xml")
    assert Settings.load().paperboy_sources == ("https://lab.example/feed.xml",)


def test_names_that_are_not_ours_are_none_of_our_business(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_SIGNATURE", "x")
    Path(".env").write_text("POSTGRES_PASSWORD=x\n")
    assert Settings.load().log_level == "info"


def test_a_blank_value_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PAPERBOY_DATA")
    plain = Settings.load()
    set_all(monkeypatch, dict.fromkeys(names(), ""))
    assert Settings.load() == plain


def test_a_blank_value_in_the_file_means_the_default() -> None:
    plain = Settings.load()
    Path(".env").write_text("".join(f"{name}=\n" for name in names()))
    assert Settings.load() == plain


def test_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("HF_ENDPOINT=http://file.example\nLOG_LEVEL=debug\n")
    monkeypatch.setenv("HF_ENDPOINT", "http://environment.example")
    settings = Settings.load()
    assert (settings.hf_endpoint, settings.log_level) == ("http://environment.example", "debug")


def test_lists_are_split_at_commas_and_blanks_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERBOY_SOURCES", "huggingface, https://lab.example/feed.xml,")
    assert Settings.load().paperboy_sources == ("huggingface", "https://lab.example/feed.xml")


def test_a_list_of_no_sources_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERBOY_SOURCES", " , ")
    assert named(refused()) == ["PAPERBOY_SOURCES"]


def test_choices_are_read_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, {"LOG_LEVEL": "WARNING", "LOG_FORMAT": "Json", "SLACK_MODE": "HTTP"})
    settings = Settings.load()
    assert (settings.log_level, settings.log_format, settings.slack_mode) == ("warning", "json", "http")


@pytest.mark.parametrize("url", ["redis://h:6379/0", "rediss://u:p@h", "unix:///run/valkey.sock"])
def test_every_kind_of_redis_address_is_taken(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", url)
    given = Settings.load().redis_url
    assert given is not None
    assert given.get_secret_value() == url


@pytest.mark.parametrize(
    "url", ["redis://:hunter2/more@h", "redis://:hunter2@[::1", "redis://:hunter2@h:0", "http://:hunter2@h", "hunter2"]
)
def test_an_address_that_is_none_is_refused_without_its_password(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", url)
    assert named(refused()) == ["REDIS_URL"]
    assert "hunter2" not in told(refused())


def test_no_secret_stands_in_the_traceback_of_settings_that_are_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, {name.upper(): "hunter2" for name in SECRETS} | {"HTTP_PORT": "70000", "LOG_LEVEL": "loud"})
    Path(".env").write_text("SLACK_BOT_TOKEN=hunter2\n")
    error = refused()
    wrong = ["HTTP_PORT", "LOG_LEVEL", "PAPERBOY_ENCRYPTION_KEYS", "REDIS_URL", "SLACK_APP_TOKEN", "SLACK_BOT_TOKEN"]
    assert sorted(named(error)) == wrong
    assert "hunter2" not in told(error)


@pytest.mark.parametrize(
    "sentinel", ["h", "h:", ":26379", "h:port", "h:0", "h:99999", "u:p@h:26379", "h:26379/0", "[::1"]
)
def test_a_sentinel_is_a_host_and_a_port(sentinel: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_SENTINELS", f"one.example:26379,{sentinel}")
    assert named(refused()) == ["REDIS_SENTINELS"]


def test_sentinels_name_the_server_instead_of_a_url(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not Settings.load().has_server
    monkeypatch.setenv("REDIS_SENTINELS", "one.example:26379, [::1]:26380")
    assert Settings.load().redis_sentinels == ("one.example:26379", "[::1]:26380")
    assert Settings.load().has_server
    monkeypatch.setenv("REDIS_URL", "redis://h")
    (problem,) = refused().problems
    assert problem.startswith("REDIS_SENTINELS: REDIS_URL ")


def test_tokens_passwords_and_keys_are_secrets() -> None:
    telling = ("token", "secret", "key", "redis_url")
    plain = [name for name in Settings.model_fields if name.endswith(telling) and name not in SECRETS]
    assert not plain


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_never_printed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = HIDDEN[name]
    monkeypatch.setenv(name.upper(), hidden)
    settings = Settings()  # whether others are missing is another question
    kept = getattr(settings, name)
    assert isinstance(kept, SecretStr)
    assert kept.get_secret_value() == hidden
    assert "hunter2" not in f"{settings!r} {settings!s} {settings.model_dump()} {settings.model_dump_json()}"


def test_settings_are_not_changed_once_read() -> None:
    settings = Settings.load()
    with pytest.raises(ValueError, match="frozen"):
        settings.log_level = "debug"


def test_a_child_inherits_the_environment_with_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://mirror.example")
    child = inherited({"REDIS_URL": "unix:///s"})
    assert (child["HF_ENDPOINT"], child["REDIS_URL"]) == ("http://mirror.example", "unix:///s")


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://papers.example.org", "https://papers.example.org"),
        ("https://example.org:8443/papers/", "https://example.org:8443/papers"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_the_public_url_is_https_but_on_this_machine(url: str, kept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, {"PAPERBOY_PUBLIC_URL": url, "HTTP_PORT": "8080"})
    assert Settings.load().paperboy_public_url == kept


@pytest.mark.parametrize("rest", ["ada:secret@host", "host?key=1", "host#part", "", ":443"])
def test_a_public_url_with_more_or_less_than_a_place_is_refused(rest: str, monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, {"PAPERBOY_PUBLIC_URL": f"https://{rest}", "HTTP_PORT": "8080"})
    assert named(refused()) == ["PAPERBOY_PUBLIC_URL"]


def test_the_web_role_needs_an_address_and_a_port_that_others_know(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.load().need_web()
    assert named(caught.value) == ["PAPERBOY_PUBLIC_URL", "HTTP_PORT"]
    set_all(monkeypatch, {"PAPERBOY_PUBLIC_URL": "https://papers.example.org", "WEB_PORT": "8081"})
    Settings.load().need_web()
    assert Settings.load().web_listens == 8081


@pytest.mark.parametrize("port", ["", "8080"])
def test_on_one_machine_pages_and_slack_have_ports_of_their_own(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    slack = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_MODE": "http", "SLACK_SIGNING_SECRET": "s", "HTTP_PORT": "8080"}
    set_all(monkeypatch, slack | {"PAPERBOY_PUBLIC_URL": "https://papers.example.org", "WEB_PORT": port})
    Settings.load().need_web()  # on a machine of its own
    with pytest.raises(SettingsError, match="WEB_PORT: missing, or HTTP_PORT's"):
        Settings.load().need_web(beside_slack=True)
    set_all(monkeypatch, {"WEB_PORT": "8081"})
    Settings.load().need_web(beside_slack=True)
