"""How long a source asks us to wait, read from an answer's headers. Pure: the time is passed in.

It does not decide how long we do wait; who polls clamps and adds its own back-off.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

UNSAID = 60.0
"""Seconds to wait after a 429 that does not say: the shortest that is not rude."""
LONGEST = 86_400.0
"""No source may silence itself for longer than a day, be it by mistake or not."""


def retry_after(headers: Mapping[str, str], now: datetime) -> float:
    """Seconds, 0 … LONGEST, that a 429 asks for.

    `Retry-After` as seconds or as an HTTP date (RFC 9110, 10.2.3) goes before `RateLimit` (the `t` parameter of
    draft-ietf-httpapi-ratelimit-headers, which Hugging Face sends). Neither, or neither legible: UNSAID.
    """
    for wait in (_delay(headers.get("retry-after", ""), now), _reset(headers.get("ratelimit", ""))):
        if wait is not None:
            return min(wait, LONGEST)
    return UNSAID


def max_age(headers: Mapping[str, str]) -> float:
    """Seconds, 0 … LONGEST, for which `Cache-Control` calls the answer fresh (RFC 9111, 5.2.2.1); 0 if it does not."""
    for part in headers.get("cache-control", "").split(","):
        name, _, value = part.strip().partition("=")
        if name.lower() == "max-age":
            return min(_seconds(value.strip('"')) or 0.0, LONGEST)
    return 0.0


def asked(headers: Mapping[str, str], now: datetime) -> float:
    """Seconds, 0 … LONGEST, that an answer which is no error asks to be left alone for: by `max-age`, `Retry-After`."""
    wait = _delay(headers.get("retry-after", ""), now) or 0.0
    return max(min(wait, LONGEST), max_age(headers))


def _delay(value: str, now: datetime) -> float | None:
    seconds = _seconds(value)
    if seconds is not None:
        return seconds
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def _reset(value: str) -> float | None:
    for parameter in value.replace(",", ";").split(";"):
        name, _, number = parameter.strip().partition("=")
        if name == "t":
            return _seconds(number)
    return None


def _seconds(value: str) -> float | None:
    """Digits only; so many of them that the figure is absurd count as LONGEST."""
    digits = value.strip()
    if not (digits.isascii() and digits.isdigit()):
        return None
    most_digits = 9
    return float(digits) if len(digits) <= most_digits else LONGEST
