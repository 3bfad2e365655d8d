"""What to change when a server is there and still cannot be used: TLS, passwords, databases. Pure.

What is wrong is read from the words of OpenSSL, of the kernel and of the server, as redis-py hands them on. Where no
line of the table fits, the caller's own advice holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs, urlsplit

_ENCRYPTED: Final = "rediss"
_PLAIN: Final = "redis"
_SENTINEL: Final = "sentinel"
_CA_FILE: Final = "ssl_ca_certs"

_NOT_TLS: Final = "is that a port without TLS? then REDIS_URL begins with redis://"
_TLS: Final = (
    "is that a port of TLS? then REDIS_URL begins with rediss://; else see the server's log and its maxclients"
)
_HOST: Final = "the certificate is for another host: name in REDIS_URL the one that it is for"
_AUTHORITY: Final = "if a private authority signed its certificate, end REDIS_URL with ?ssl_ca_certs=FILE, that one's"
_FILE: Final = "look at the FILE of ?ssl_ca_certs=FILE in REDIS_URL: {file}"
_ONE_DATABASE: Final = "only database 0 is open to it: end REDIS_URL with /0"
_NO_DATABASE: Final = "it has no such database: end REDIS_URL with /0"
_CREDENTIALS: Final = "the server wants a user and a password: write REDIS_URL as {scheme}://USER:PASSWORD@HOST:PORT"
_SENTINEL_CREDENTIALS: Final = "the server wants a user and a password: REDIS_USERNAME, REDIS_PASSWORD"
_ANY: Final = ""

_ADVICE: Final[Mapping[tuple[str, str], str]] = {
    (_ENCRYPTED, "certificate is not valid for"): _HOST,
    (_ENCRYPTED, "hostname mismatch"): _HOST,
    (_ENCRYPTED, "certificate_verify_failed"): _AUTHORITY,
    (_ENCRYPTED, "no such file"): _FILE,
    (_ENCRYPTED, "permission denied"): _FILE,
    (_ENCRYPTED, "is a directory"): _FILE,
    (_ENCRYPTED, "x509"): _FILE,
    (_ENCRYPTED, "pem lib"): _FILE,
    (_ENCRYPTED, "wrong_version_number"): _NOT_TLS,
    (_ENCRYPTED, "record layer failure"): _NOT_TLS,
    (_ENCRYPTED, "unexpected_eof"): _NOT_TLS,
    (_ENCRYPTED, "connection reset by peer"): _NOT_TLS,
    (_ENCRYPTED, "timeout connecting"): f"is it up? {_NOT_TLS}",
    (_PLAIN, "connection reset by peer"): _TLS,
    (_PLAIN, "connection closed by server"): _TLS,
    (_SENTINEL, "already authenticated"): _SENTINEL_CREDENTIALS,
    (_SENTINEL, "authentication required"): _SENTINEL_CREDENTIALS,
    (_ANY, "already authenticated"): _CREDENTIALS,
    (_ANY, "authentication required"): _CREDENTIALS,
    (_ANY, "'select' command"): _ONE_DATABASE,
    (_ANY, "select is not allowed"): _ONE_DATABASE,
    (_ANY, "db index is out of range"): _NO_DATABASE,
}
"""(scheme, part of what was said, in lower case) -> advice; the first that fits."""


def advice(url: str, said: str) -> str | None:
    """What to change, if it can be told from what was said of the server at `url`. No password stands in it."""
    scheme, spoken = url.partition(":")[0], said.casefold()
    for (where, part), what in _ADVICE.items():
        if where in {_ANY, scheme} and part in spoken:
            return what.format(file=_ca_file(url), scheme=scheme)
    return None


def _ca_file(url: str) -> str:
    return ", ".join(parse_qs(urlsplit(url).query).get(_CA_FILE, ["none is named there"]))
