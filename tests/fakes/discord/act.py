"""Something that a user did, and what the app made of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fakes.discord.world import Interaction, Json, Message, World


class Impossible(Exception):  # noqa: N818 - what a person meets, not what went wrong here
    """A user cannot do this: Discord would not show it to them, or not let them send it."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act. It goes on being told what comes of it: look again, or wait with `until`."""

    interaction: Interaction
    world: World

    @property
    def type(self) -> int | None:
        """The type of the first answer: 4 … 9; None if the app did not answer in time."""
        return self.interaction.first

    @property
    def after(self) -> float | None:
        """Seconds until the first answer."""
        return self.interaction.after

    @property
    def message(self) -> Message:
        """The message that the first answer made or changed, as it is now. Raises AssertionError without one."""
        found = self.world.messages.get(self.interaction.original)
        assert found is not None, f"no message in answer: {self}"
        return found

    @property
    def is_ephemeral(self) -> bool:
        """Whether the first answer's message is seen by the user alone."""
        return self.message.is_ephemeral

    @property
    def is_loading(self) -> bool:
        """Whether "is thinking …" is still shown."""
        return self.interaction.is_loading

    @property
    def followups(self) -> list[Message]:
        """Messages that came after the first answer, oldest first."""
        return [self.world.messages[one] for one in self.interaction.followups if one in self.world.messages]

    @property
    def modal(self) -> Json:
        """The form that was opened. Raises AssertionError if none was."""
        assert self.interaction.modal is not None, f"no modal: {self}"
        return self.interaction.modal

    @property
    def choices(self) -> list[Json]:
        """What autocomplete offered. Raises AssertionError if it was not answered."""
        assert self.interaction.choices is not None, f"no choices: {self}"
        return self.interaction.choices

    @property
    def text(self) -> str:
        """All that the message says."""
        return self.message.text

    def until(self, condition: Callable[[Act], Any], seconds: float = 5.0) -> Act:
        """Wait for something to hold of it. Raises AssertionError if it does not."""
        with self.world.lock:
            if not self.world.changed.wait_for(lambda: condition(self), seconds):
                raise AssertionError(f"did not happen within {seconds:g} s: {self}")
        return self
