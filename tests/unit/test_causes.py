"""What is advised when a server is there and cannot be used, by what redis-py says of it."""

from __future__ import annotations

import pytest

from papers.errors import SettingsError
from papers.settings import Settings
from papers.stores.causes import advice

VERIFY = "Error 1 connecting to h:1. [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: "
HELLO = "HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH"
SELECT = "User ada has no permissions to run the 'select' command"


@pytest.mark.parametrize(
    ("url", "said", "expected"),
    [
        ("rediss://h", VERIFY + "unable to get local issuer certificate", "?ssl_ca_certs=FILE"),
        ("rediss://h", VERIFY + "IP address mismatch, certificate is not valid for '10.0.0.1'.", "for another host"),
        ("rediss://h?ssl_ca_certs=/no.pem", "Error 2 connecting to h:1. No such file or directory.", "/no.pem"),
        ("rediss://h?ssl_ca_certs=/x.pem", "[X509: NO_CERTIFICATE_OR_CRL_FOUND] no certificate or crl", "/x.pem"),
        ("rediss://h", "[SSL: WRONG_VERSION_NUMBER] wrong version number", "begins with redis://"),
        ("rediss://h", "Timeout connecting to server", "begins with redis://"),
        ("redis://h", "Error while reading from h:1 : (104, 'Connection reset by peer')", "begins with rediss://"),
        ("redis://h", "Connection closed by server.", "begins with rediss://"),
        ("redis://ada:s3cret@h/1", SELECT, "only database 0"),
        ("unix:///run/valkey.sock", "DB index is out of range", "/0"),
        ("redis://h", HELLO, "redis://USER:PASSWORD@HOST"),
        ("rediss://h", "Authentication required.", "rediss://USER:PASSWORD@HOST"),
        ("sentinel://h:1/mymaster", HELLO, "REDIS_USERNAME, REDIS_PASSWORD"),
    ],
)
def test_each_cause_has_an_advice_of_its_own(url: str, said: str, expected: str) -> None:
    told = advice(url, said)
    assert told is not None
    assert expected in told
    assert "s3cret" not in told


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("rediss://h", "Error 111 connecting to h:1. Connection refused."),
        ("redis://h", "Timeout connecting to server"),
        ("unix:///run/valkey.sock", "Error 2 connecting to unix socket: /run/valkey.sock. No such file or directory."),
        ("sentinel://h:1/mymaster", "No master found for 'mymaster'"),
    ],
)
def test_nothing_is_advised_of_a_server_that_is_away(url: str, said: str) -> None:
    assert advice(url, said) is None


def test_options_of_tls_without_tls_say_which_scheme_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://:s3cret@h?ssl_ca_certs=/ca.pem")
    with pytest.raises(SettingsError, match="use rediss://") as caught:
        Settings.load()
    assert "s3cret" not in str(caught.value)
