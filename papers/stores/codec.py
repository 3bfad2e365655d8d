"""Values to JSON and back, as they lie in Redis. Fields at their defaults are left out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

Value = TypeVar("Value")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def dump(value: Any) -> str:
    """JSON of a dataclass of `papers.model`."""
    kind: Any = type(value)
    return _adapter(kind).dump_json(value, exclude_defaults=True).decode()


def load(kind: type[Value], text: str | bytes) -> Value:
    """The inverse of `dump`. Raises pydantic.ValidationError, a ValueError, for anything else."""
    return cast("Value", _adapter(cast("Any", kind)).validate_json(text))


def dump_all(values: Sequence[Any]) -> str:
    """JSON array of dataclasses."""
    return "[" + ",".join(map(dump, values)) + "]"


def load_all(kind: type[Value], text: str | bytes) -> list[Value]:
    """The inverse of `dump_all`."""
    return cast("list[Value]", _list_adapter(cast("Any", kind)).validate_json(text))


@cache
def _list_adapter(kind: Any) -> TypeAdapter[list[Any]]:
    return TypeAdapter(list[kind])
