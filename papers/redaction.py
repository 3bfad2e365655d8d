"""Takes out of log lines what must not stand there: tokens, passwords, addresses that are keys, e-mail addresses.

A line is looked at last, when exceptions are text already, so nothing that a library wrote gets by. Four nets, of which
the first is sure and the others catch what nobody told us of:

    this process's own secrets    whatever they look like, and as a URL spells them
    URLs                          scheme and host are kept; behind them stands a fingerprint, by which lines about one
                                  feed are found together, and which `paperboy stats` shows beside its address
    what looks like a secret      Slack's, Discord's and other services' tokens; `password=…`; keys in PEM
    e-mail addresses              of anybody

It also keeps a line one line: control characters are shown, not obeyed. It does not know what a name or a channel is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, MutableMapping
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote

GONE: Final = "[redacted]"
E_MAIL: Final = "[e-mail]"

SHORTEST: Final = 5
"""Characters of a secret that is looked for by itself; to take out shorter ones would make lines unreadable."""

LONGEST: Final = 16_000
"""Characters of a value: what is cut off is told."""

DEPTH: Final = 6
"""Levels of a value that are looked into; what is deeper is written as text."""

_URL = re.compile(r"\b([A-Za-z][A-Za-z0-9+.-]{0,20})://([^\s\"'<>]*)")
_HOST = re.compile(r"(?:[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_NAME = r"[A-Za-z_-]{0,40}(?:password|passwd|secret|token|api[_-]?key|signature|authorization|cookie)s?"
_EQUALS, _COLON = (rf"['\"]?\s{{0,3}}{sign}\s{{0,3}}['\"]?" for sign in "=:")
_NAMED = re.compile(rf"\b({_NAME})({_EQUALS})([^\s'\",;&}})]+)", re.IGNORECASE)
_TOLD = re.compile(rf"\b({_NAME})({_COLON})((?=[^\s'\",;]{{0,64}}[0-9])[^\s'\",;]{{12,}})", re.IGNORECASE)
_SECRET_NAME = re.compile(rf"(?:{_NAME})", re.IGNORECASE)
_SCHEME = r"(?:[A-Za-z]{1,12}\s+)?"
_AUTHORIZATION = re.compile(rf"\b(authorization(?:{_EQUALS}|{_COLON}){_SCHEME})[^\s'\",]+", re.IGNORECASE)
_OUR_PAGES = re.compile(r"(/(?:feeds|email/[a-z]{1,20})/)[^\s\"'/]+")
_TOKENS = (
    re.compile(r"\bx(?:ox[a-z]|app)[-.][A-Za-z0-9.-]{5,}"),  # Slack
    re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{22,36}\.[A-Za-z0-9_-]{5,8}\.[A-Za-z0-9_-]{24,}"),  # Discord
    re.compile(r"\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]+)*"),  # JSON Web Tokens
    re.compile(r"\b(?:hf_|sk-|gh[a-z]_|github_pat_|glpat-)[A-Za-z0-9_-]{8,}"),  # Hugging Face, OpenAI, GitHub, GitLab
    re.compile(r"(?<=\bbearer )[^\s'\",]{8,}", re.IGNORECASE),
    re.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|\Z)", re.DOTALL),
)
_E_MAIL = re.compile(r"[^\s@<>()\[\]\",:;'=]{1,64}@[^\s@<>()\[\]\",:;'/=]{1,250}\.[^\s@<>()\[\]\",:;'/=.]{2,63}")

_TIMESTAMP: Final = 32
"""Characters of a time in ISO 8601: they are our own, on every line, and not searched."""

_MULTILINE: Final = frozenset({"exception", "stack"})
"""Fields whose newlines are meant: tracebacks, which hold no local variables."""


def fingerprint(url: str) -> str:
    """Eight hex digits that stand for a URL: the same for the same, and of no use to whoever wants to read it."""
    return sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def shown_url(url: str) -> str:
    """A URL as logs show it: `https://example.org/…~1f2e3d4c`; what is only scheme and host stays as it is."""
    return _URL.sub(_shown, url)


def _shown(found: re.Match[str]) -> str:
    scheme, rest = found[1], found[2]
    end = next((at for at, one in enumerate(rest) if one in "/?#\\"), len(rest))
    authority, path = rest[:end], rest[end:]
    if scheme.casefold() not in {"http", "https"} and "@" in path:
        authority = ""  # a password with a slash in it: where the host begins, nobody can say
    credentials, _, host = authority.rpartition("@")
    kept = host if _HOST.fullmatch(host) else ""
    if kept and not credentials and path in {"", "/"}:
        return found[0]
    return f"{scheme}://{kept}/…~{fingerprint(found[0])}"


@lru_cache(maxsize=1_000)
def _names_a_secret(field: str) -> bool:
    return _SECRET_NAME.fullmatch(field) is not None


class Redactor:
    """A structlog processor. `secrets` are this process's own; those shorter than `SHORTEST` are passed over."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        spelt = {form for one in secrets for form in (one, quote(one, safe=""), quote(one)) if len(one) >= SHORTEST}
        self._own = sorted(spelt, key=len, reverse=True)  # one that holds another goes first

    def __call__(self, _: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """The line without what must not stand there. Numbers stay numbers; what is no JSON value becomes text."""
        return {str(name): self._value(value, str(name), DEPTH) for name, value in line.items()}

    def text(self, text: str) -> str:
        """A text without what must not stand there, of at most `LONGEST` characters and a few."""
        for secret in self._own:
            text = text.replace(secret, GONE)
        if len(text) > LONGEST:
            text = f"{text[:LONGEST]}… and {len(text) - LONGEST:,} characters more"
        if "/" in text:
            text = _OUR_PAGES.sub(r"\1…", _URL.sub(_shown, text))
        if "=" in text or ":" in text:
            text = _AUTHORIZATION.sub(rf"\1{GONE}", text)
        for token in _TOKENS:
            text = token.sub(GONE, text)
        for sign, named in (("=", _NAMED), (":", _TOLD)):
            if sign in text:
                text = named.sub(rf"\1\2{GONE}", text)
        return _E_MAIL.sub(E_MAIL, text) if "@" in text else text

    def _value(self, value: Any, name: str, depth: int) -> Any:
        if value is None or isinstance(value, bool | int | float):
            return value
        if _names_a_secret(name):
            return GONE
        if name == "timestamp" and isinstance(value, str):
            return one_line(value[:_TIMESTAMP])
        if isinstance(value, Mapping) and depth:
            return {self.text(str(key)): self._value(one, str(key), depth - 1) for key, one in value.items()}
        if isinstance(value, list | tuple | set | frozenset) and depth:
            return [self._value(one, "", depth - 1) for one in value]
        return one_line(self.text(str(value)), keep="\n\t" if name in _MULTILINE else "")


def one_line(text: str, keep: str = "") -> str:
    """A text in which what does not print is spelt as Python does, but for the characters in `keep`."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() or one in keep else ascii(one)[1:-1] for one in text)
