"""What a JSON value may look like, as small rules that are put together: each names what is wrong, and where.

A rule is given a value and its JSON pointer, and yields one sentence for each thing wrong with it. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

Rule = Callable[[Any, str], Iterator[str]]


def string(most: int, least: int = 1) -> Rule:
    """A string of `least` to `most` characters; one of blanks only counts as empty."""

    def rule(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{at}: must be a string"
        elif least and not value.strip():
            yield f"{at}: must be more than 0 characters"
        elif not least <= len(value) <= most:
            yield f"{at}: must be {least} to {most} characters, is {len(value)}"

    return rule


def url(most: int = 3000) -> Rule:
    """An absolute http or https URL."""
    length = string(most)

    def rule(value: Any, at: str) -> Iterator[str]:
        yield from length(value, at)
        if isinstance(value, str):
            parts = urlsplit(value)
            if parts.scheme not in {"http", "https"} or not parts.netloc or any(c.isspace() for c in value):
                yield f"{at}: must be an http or https URL"

    return rule


def boolean(value: Any, at: str) -> Iterator[str]:
    """True or False."""
    if not isinstance(value, bool):
        yield f"{at}: must be a boolean"


def integer(least: int, most: int) -> Rule:
    """A whole number between two others, inclusively."""

    def rule(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            yield f"{at}: must be a whole number from {least} to {most}"

    return rule


def choice(*values: str) -> Rule:
    """One of some strings."""

    def rule(value: Any, at: str) -> Iterator[str]:
        if value not in values:
            yield f"{at}: must be one of {', '.join(values)}"

    return rule


def anything(_value: Any, _at: str) -> Iterator[str]:
    """No demand."""
    yield from ()


def items(rule: Rule, most: int, least: int = 1) -> Rule:
    """A list, each of whose items follows a rule."""

    def each(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{at}: must be an array"
            return
        if not least <= len(value) <= most:
            yield f"{at}: must have {least} to {most} items, has {len(value)}"
        for number, item in enumerate(value):
            yield from rule(item, f"{at}/{number}")

    return each


def record(required: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    """An object with these keys and no others."""
    known = {**required, **(optional or {})}

    def rule(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{at}: must be an object"
            return
        yield from (
            f"{at}: no more than these keys: {', '.join(sorted(known))}; not {key}" for key in value.keys() - known
        )
        yield from (f"{at}: missing required field: {key}" for key in required.keys() - value)
        for key in sorted(value.keys() & known.keys()):
            yield from known[key](value[key], f"{at}/{key}")

    return rule


def tagged(rules: Mapping[str, Rule]) -> Rule:
    """An object whose `type` says which rule it follows; the rules do not mention `type`'s value."""

    def rule(value: Any, at: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in rules:
            yield f"{at}: unsupported type: {kind}; allowed here: {', '.join(sorted(rules))}"
        else:
            yield from rules[kind](value, at)

    return rule


def both(*rules: Rule) -> Rule:
    """All of some rules."""

    def rule(value: Any, at: str) -> Iterator[str]:
        for one in rules:
            yield from one(value, at)

    return rule


def one_of(*keys: str) -> Rule:
    """An object that has exactly one of these keys."""

    def rule(value: Any, at: str) -> Iterator[str]:
        if isinstance(value, dict) and len(value.keys() & set(keys)) != 1:
            yield f"{at}: must have exactly one of {', '.join(keys)}"

    return rule
