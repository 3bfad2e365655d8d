"""What a JSON value may look like, as small rules that are put together: each names what is wrong, and where.

A rule is given a value and the path to it, and yields a `Problem` for each thing wrong with it. Pure. The codes and
sentences are Discord's own (https://discord.com/developers/docs/reference#error-messages), so that what a rule finds
can be sent as the `errors` of a 50035; `UNKNOWN_KEY` is ours, for what Discord would silently ignore.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a payload."""

    at: Path
    code: str
    message: str

    def __str__(self) -> str:
        where = ".".join(map(str, self.at)) or "the whole"
        return f"{where}: {self.message} ({self.code})"


Rule = Callable[[Any, Path], Iterator[Problem]]

UNKNOWN: Final = "UNKNOWN_KEY"


def form(problems: Iterable[Problem]) -> dict[str, Any]:
    """Problems as the `errors` of Discord's "Invalid Form Body"."""
    tree: dict[str, Any] = {}
    for problem in problems:
        node = tree
        for step in problem.at:
            node = node.setdefault(str(step), {})
        node.setdefault("_errors", []).append({"code": problem.code, "message": problem.message})
    return tree


def length(size: int, at: Path, least: int, most: int) -> Iterator[Problem]:
    """A length between two others, inclusively."""
    if least <= size <= most:
        return
    if least and most < 2**31 - 1:
        yield Problem(at, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
    elif size > most:
        yield Problem(at, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
    else:
        yield Problem(at, "BASE_TYPE_MIN_LENGTH", f"Must be {least} or more in length.")


def string(most: int, least: int = 1) -> Rule:
    """A string of `least` to `most` characters, as Python counts them."""

    def rule(value: Any, at: Path) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem(at, "BASE_TYPE_STRING", "Could not interpret this as a string.")
        elif least and not value.strip():
            yield Problem(at, "BASE_TYPE_REQUIRED", "This field is required")
        else:
            yield from length(len(value), at, least, most)

    return rule


def url(most: int = 2048, schemes: Collection[str] = ("http", "https")) -> Rule:
    """An absolute URL."""
    size = string(most)

    def rule(value: Any, at: Path) -> Iterator[Problem]:
        yield from size(value, at)
        if isinstance(value, str):
            parts = urlsplit(value)
            if parts.scheme not in schemes:
                said = "', '".join(sorted(schemes))
                yield Problem(at, "URL_TYPE_INVALID_SCHEME", f"Scheme \"{parts.scheme}\" must be one of ('{said}').")
            elif not parts.netloc or any(c.isspace() for c in value):
                yield Problem(at, "URL_TYPE_INVALID_URL", "Not a well formed URL.")

    return rule


def boolean(value: Any, at: Path) -> Iterator[Problem]:
    """True or False."""
    if not isinstance(value, bool):
        yield Problem(at, "BOOLEAN_TYPE_PARSE", "Must be a boolean.")


def integer(least: int, most: int) -> Rule:
    """A whole number between two others, inclusively."""

    def rule(value: Any, at: Path) -> Iterator[Problem]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Problem(at, "NUMBER_TYPE_COERCE", "Value is not int.")
        elif not least <= value <= most:
            said = f"int value should be between {least} and {most}."
            yield Problem(at, "NUMBER_TYPE_MAX" if value > most else "NUMBER_TYPE_MIN", said)

    return rule


def number(value: Any, at: Path) -> Iterator[Problem]:
    """A number that JSON keeps exactly."""
    if not isinstance(value, int | float) or isinstance(value, bool) or abs(value) > 2**53:
        yield Problem(at, "NUMBER_TYPE_COERCE", "Value is not a number between -2^53 and 2^53.")


def snowflake(value: Any, at: Path) -> Iterator[Problem]:
    """An id: digits, as a string or, as discord.py sends some, as a number."""
    if isinstance(value, bool) or not (isinstance(value, int) or (isinstance(value, str) and value.isdecimal())):
        yield Problem(at, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')


def choice(*values: str | int) -> Rule:
    """One of some values."""

    def rule(value: Any, at: Path) -> Iterator[Problem]:
        if isinstance(value, bool) or value not in values:
            said = ", ".join(map(str, values))
            yield Problem(at, "BASE_TYPE_CHOICES", f"Value must be one of ({said}).")

    return rule


def moment(value: Any, at: Path) -> Iterator[Problem]:
    """A time as ISO 8601 writes it."""
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        yield Problem(at, "DATE_TIME_TYPE_PARSE", f'Could not parse "{value}". Should be ISO8601.')


def anything(_value: Any, _at: Path) -> Iterator[Problem]:
    """No demand."""
    yield from ()


def items(rule: Rule, most: int, least: int = 0) -> Rule:
    """A list, each of whose items follows a rule."""

    def each(value: Any, at: Path) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem(at, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return
        yield from length(len(value), at, least, most)
        for place, item in enumerate(value):
            yield from rule(item, (*at, place))

    return each


def record(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    """An object with these keys and no others; the optional ones may be null."""
    known = {**required, **(optional or {})}

    def rule(value: Any, at: Path) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem(at, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
            return
        for key in value.keys() - known:
            yield Problem((*at, key), UNKNOWN, "There is no such key here.")
        for key in required:
            if value.get(key) is None:
                yield Problem((*at, key), "BASE_TYPE_REQUIRED", "This field is required")
        for key, one in known.items():
            if value.get(key) is not None:
                yield from one(value[key], (*at, key))

    return rule


def nullable(rule: Rule) -> Rule:
    """What the rule takes, or null."""

    def lenient(value: Any, at: Path) -> Iterator[Problem]:
        if value is not None:
            yield from rule(value, at)

    return lenient


def tagged(rules: Mapping[int, Rule]) -> Rule:
    """An object whose `type` says which rule it follows."""

    def rule(value: Any, at: Path) -> Iterator[Problem]:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, int) or kind not in rules:
            said = ", ".join(map(str, sorted(rules)))
            yield Problem((*at, "type"), "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({said}).')
        else:
            yield from rules[kind](value, at)

    return rule


def both(*rules: Rule) -> Rule:
    """All of some rules."""

    def rule(value: Any, at: Path) -> Iterator[Problem]:
        for one in rules:
            yield from one(value, at)

    return rule
