"""A Discord message as a value: what every renderer makes and every sender of ours sends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

Component = dict[str, Any]
"""One component, as JSON (https://discord.com/developers/docs/components/reference)."""

EPHEMERAL: Final = 1 << 6
IS_COMPONENTS_V2: Final = 1 << 15
"""https://discord.com/developers/docs/resources/message#message-object-message-flags."""

CONTAINER: Final = 17
ACCENT: Final = 0x4F7CAC
"""The colour of the container's edge: seen on light and on dark."""


@dataclass(frozen=True, slots=True)
class Message:
    """Components, shown one below the other in one container. At least one."""

    components: tuple[Component, ...]

    def payload(self, *, ephemeral: bool = False) -> dict[str, Any]:
        """The message as JSON. Nobody is notified by anything in it, and nothing unfolds below it.

        `ephemeral`: for the asker's eyes only, which goes with a new answer to an interaction and with nothing else.
        """
        container = {"type": CONTAINER, "accent_color": ACCENT, "components": list(self.components)}
        return {
            "flags": IS_COMPONENTS_V2 | (EPHEMERAL if ephemeral else 0),
            "components": [container],
            "allowed_mentions": {"parse": []},
        }
