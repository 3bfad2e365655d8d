"""What a setting's value may look like: checks that look at nothing but the value. `papers.settings` has the names."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

LOOPBACK = {"localhost", "127.0.0.1", "::1"}

REDIS_SCHEMES = {"redis", "rediss", "unix"}


def http_url(value: str) -> str:
    """The value. Raises ValueError unless it is an http(s) URL with a host."""
    if urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname:
        raise ValueError(f"{value!r} is not an http(s) URL")
    return value


def public_url(value: str) -> str:
    """The value, without a slash at its end. Raises ValueError unless it is https, a host, and at most a path.

    On this machine plain http will do: nobody listens in.
    """
    parts = urlsplit(http_url(value))
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ValueError("not an https URL; what is read there is private")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("more than a host and a path, as in https://papers.example.org")
    return value.rstrip("/")


def halves(**settings: str | None) -> list[str]:
    """A problem for each of these that is missing though another is set: they are of no use alone."""
    missing = [name for name, value in settings.items() if value is None]
    given = " and ".join(name for name in settings if name not in missing)
    return [f"{name}: missing, though {given} is set" for name in missing] if given else []


def is_redis_url(url: str) -> bool:
    """Whether redis-py could connect to it."""
    try:
        return urlsplit(url).scheme in REDIS_SCHEMES and urlsplit(url).port != 0
    except ValueError:  # a port that is none, or a bracket that is not closed
        return False


def has_stray_tls(url: str) -> bool:
    """Whether options of TLS (`?ssl_ca_certs=FILE`) stand in a Redis URL that is of none."""
    parts = urlsplit(url)
    return parts.scheme == "redis" and any(name.startswith("ssl_") for name in parse_qs(parts.query))


def is_host_and_port(text: str) -> bool:
    """Whether it is `host:port` and nothing else."""
    try:
        parts = urlsplit(f"//{text}")
        return bool(parts.hostname and parts.port) and not parts.path and "@" not in text
    except ValueError:
        return False
