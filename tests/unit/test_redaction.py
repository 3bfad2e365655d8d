"""No secret gets into a log line, wherever in the line it came from, and lines are still of use."""

from __future__ import annotations

import string
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.redaction import E_MAIL, GONE, LONGEST, Redactor, fingerprint, one_line, shown_url

TOKEN = string.ascii_letters + string.digits + "_-"
opaque = st.text(TOKEN, min_size=24, max_size=60).filter(lambda one: one[0].isalnum() and one[-1].isalnum())
secrets = st.text(min_size=5, max_size=40).filter(lambda one: len(one.strip()) >= 5)
prose = st.text(string.ascii_letters + " .,:;()[]{}\"'<>", max_size=30)
hosts = st.from_regex(r"[a-z]{1,10}(\.[a-z]{2,8}){1,2}(:[0-9]{2,4})?", fullmatch=True)


def redacted(text: str, *own: str) -> str:
    return Redactor(own).text(text)


@given(secrets, prose, prose)
def test_a_secret_of_ours_is_taken_out_whatever_it_looks_like(secret: str, before: str, after: str) -> None:
    line = Redactor([secret])(None, "info", {"event": before + secret + after, "deep": [{"a": (secret,)}]})
    assert secret not in line["event"] or secret in GONE
    assert line["deep"] in ([{"a": [GONE]}], [{"a": [one_line(GONE)]}])


@given(opaque, prose)
def test_platforms_tokens_are_known_by_their_looks(opaque: str, before: str) -> None:
    tail = opaque.replace("_", "1")
    tokens = [f"xoxb-{tail}", f"xapp-1-{tail}", f"xoxe.xoxp-1-{tail}", f"hf_{opaque}", f"sk-{opaque}", f"ghp_{opaque}"]
    tokens += [f"Bearer {opaque}", f"Authorization: Basic {opaque}==", f"MTAx{opaque[:22]}.GabcDe.{opaque[:24]}-xyz"]
    for token in tokens:
        said = redacted(f"{before} {token}")
        assert opaque not in said, token
        assert tail not in said, token


@given(hosts, opaque, opaque)
def test_of_a_url_only_scheme_and_host_are_left(host: str, secret: str, other: str) -> None:
    for url in (
        f"https://{host}/feeds/{secret}.atom",
        f"https://{host}/?token={secret}",
        f"https://{host}?{secret}",
        f"https://{host}/a#{secret}",
        f"https://{secret}:{other}@{host}/",
        f"https://{host}\\{secret}",
        f"redis://:{secret}@{host}/0",
        f"rediss://paperboy:{secret}/{other}@{host}/0",
        f"redis://:{secret}?{other}@{host}/0",
        f"unix:///run/{secret}.sock?password={other}",
        f"sentinel://{host}/{secret}",
    ):
        said = redacted(f"cannot read {url}: refused")
        assert secret not in said, url
        assert other not in said, url
        assert said.startswith("cannot read ")
        assert said.endswith(" refused")
        if url.startswith("https") and "\\" not in url:
            assert f"https://{host}/…~" in said


def test_a_plain_address_stays_and_lines_about_one_feed_are_found_together() -> None:
    assert redacted("https://slack.com/ http://127.0.0.1:9000") == "https://slack.com/ http://127.0.0.1:9000"
    feed = "https://example.org/private/abc.xml"
    assert shown_url(feed) == redacted(feed) == f"https://example.org/…~{fingerprint(feed)}"
    assert fingerprint(feed) != fingerprint(feed + "?")


@given(st.from_regex(r"[A-Za-z0-9._%+-]{1,30}@[a-z0-9-]{1,20}(\.[a-z]{2,6}){1,2}", fullmatch=True), prose)
def test_e_mail_addresses_are_taken_out(address: str, before: str) -> None:
    said = redacted(f"{before} {address} wrote")
    assert E_MAIL in said
    assert address.rpartition("@")[2] not in said


@pytest.mark.parametrize(
    "said",
    [
        "password=hunter2 and on",
        "{'client_secret': 'abc1234567890'}",
        '{"SLACK_APP_TOKEN": "abc1234567890"}',
        "GET /feeds/hunter2abc1234567890.atom",
        "api_key = hunter2",
        "Authorization: Bot hunter2",
        "-----BEGIN RSA PRIVATE KEY-----\nhunter2\nabc1234567890\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nhunter2",
    ],
)
def test_what_is_named_a_secret_is_taken_out(said: str) -> None:
    assert "hunter2" not in redacted(said)
    assert "abc1234567890" not in redacted(said)


@pytest.mark.parametrize(
    "said",
    [
        "SLACK_APP_TOKEN: missing; Socket Mode connects with it (or set SLACK_MODE=http)",
        "DISCORD_BOT_TOKEN: Discord takes it no more; was it reset?",
        "slack:T012AB3CD:C012AB3CD",
        "2503.00001v2 was posted as 1700000000.123456",
        "the bearer of news is a bot discord knows",
        "lease of 4f2a8c1d9e3b is over at 2026-11-21T11:35:57.913972Z",
    ],
)
def test_what_is_no_secret_is_left(said: str) -> None:
    assert redacted(said) == said


def test_numbers_stay_numbers_and_a_line_stays_one_line() -> None:
    line: dict[str, Any] = {"event": "a\nb\x1b[31m\u202e", "n": 3, "f": 0.5, "no": None, "yes": True, "token": "short"}
    said = Redactor()(None, "info", {**line, "exception": "Traceback\n  at\tx\x1b"})
    assert said["event"] == r"a\nb\x1b[31m\u202e"
    assert (said["n"], said["f"], said["no"], said["yes"]) == (3, 0.5, None, True)
    assert said["token"] == GONE
    assert said["exception"] == "Traceback\n  at\tx\\x1b"


@given(st.text(max_size=200))
def test_any_text_can_be_written(text: str) -> None:
    said = Redactor()(None, "info", {"event": text, "of": {text: text}})
    assert said["event"].isprintable()
    said["event"].encode()


@pytest.mark.parametrize(
    "part", ["a.", "a-", "x@", "/feeds/", "token", "eyJ", "://", "a://", "authorization:", "xoxb-"]
)
def test_a_long_line_of_a_strangers_making_costs_little(part: str) -> None:
    began = time.process_time()
    said = redacted(part * 100_000)
    assert time.process_time() - began < 2
    assert len(said) < 2 * LONGEST
