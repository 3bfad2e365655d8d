"""A channel's preferences as the words that set them: `format full`, `quiet off`, `language pt_BR`. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from types import MappingProxyType
from typing import Final

from papers import locales
from papers.errors import UsageError
from papers.model import Preferences

SWITCH: Final = ("on", "off")

CHOICES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "format": ("compact", "full"),
        "replies": ("thread", "flat"),
        "changes": ("members", "admins"),
        "quiet": SWITCH,
        "cards": SWITCH,
    }
)
"""What may be chosen, by the preference's name. `language` is a locale, of which there are a thousand."""

LANGUAGE: Final = "language"
LANGUAGES: Final = ("en", "de", "pt_BR", "zh_Hans")
"""What a locale looks like."""

NAMES: Final = tuple(asdict(Preferences()))
"""Every preference, in the order that they are shown in."""


def words(preferences: Preferences) -> dict[str, str]:
    """Each preference's name and the word that would set it so."""
    return {name: _word(value) for name, value in asdict(preferences).items()}


def chosen(preferences: Preferences) -> dict[str, str]:
    """The same, of those only that are not as they are in a new channel."""
    usual = words(Preferences())
    return {name: word for name, word in words(preferences).items() if word != usual[name]}


def _word(value: str | bool) -> str:  # noqa: FBT001 - a field's value, not a flag
    return SWITCH[not value] if isinstance(value, bool) else value


def checked(changes: Mapping[str, str]) -> dict[str, str]:
    """The same, each value in its one spelling. Raises UsageError for a name or a value that there is not."""
    return {name: _checked(name, value) for name, value in changes.items()}


def _checked(name: str, value: str) -> str:
    if name == LANGUAGE:
        known, wanted = locales.spelt(value), f"a locale of CLDR's: {', '.join(LANGUAGES)} and so on"
    elif name in CHOICES:
        known, wanted = value if value in CHOICES[name] else None, " or ".join(CHOICES[name])
    else:
        raise UsageError(f"there is no setting {name}", advice=f"there are {', '.join(NAMES)}")
    if known is None:
        raise UsageError(f"{name} cannot be {value}", advice=f"it is {wanted}")
    return known


def applied(preferences: Preferences, changes: Mapping[str, str]) -> Preferences:
    """The preferences after changes that were checked when they were made."""
    values = {name: value == SWITCH[0] if CHOICES.get(name) == SWITCH else value for name, value in changes.items()}
    return replace(preferences, **values)  # type: ignore[arg-type] # checked
