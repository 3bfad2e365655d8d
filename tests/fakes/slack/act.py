"""Something that a user did or that happened, and what the app made of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack.deliveries import Delivery
from tests.fakes.slack.responses import Url
from tests.fakes.slack.views import Trigger
from tests.fakes.slack.world import Json, Message


@dataclass(slots=True)
class Act:
    """One act. It goes on being told what comes of it: look again, or wait with `until`.

    Attributes:
        delivery: how it was brought to the app, and answered.
        errors: what a form's fields were said to be wrong with, by block_id.
    """

    delivery: Delivery
    url: Url | None = None
    trigger: Trigger | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def acknowledged(self) -> float | None:
        """Seconds until the app acknowledged it; None if it did not, or not yet."""
        return self.delivery.acknowledged

    @property
    def status(self) -> int:
        """The HTTP status that the app answered; 0 over Socket Mode."""
        return self.delivery.status

    @property
    def answer(self) -> Any:
        """What came with the acknowledgement."""
        return self.delivery.answer

    @property
    def responses(self) -> list[Json]:
        """What was sent to its response_url, and what a command's acknowledgement said."""
        return self.url.responses if self.url else []

    @property
    def messages(self) -> list[Message]:
        """The messages that those made, or changed."""
        return self.url.messages if self.url else []

    @property
    def views(self) -> list[Json]:
        """Views that were opened or pushed with its trigger, as they were then."""
        return self.trigger.views if self.trigger else []

    def until(self, condition: Callable[[Act], Any], seconds: float = 5.0) -> Act:
        """Wait for something to hold of it. Raises AssertionError if it does not."""
        end = time.monotonic() + seconds
        while not condition(self):
            if time.monotonic() > end:
                raise AssertionError(f"did not happen within {seconds:g} s: {self}")
            time.sleep(0.01)
        return self

    def answered(self, count: int = 1, seconds: float = 5.0) -> Message:
        """Wait for so many messages; the last of them."""
        return self.until(lambda act: len(act.messages) >= count, seconds).messages[count - 1]
