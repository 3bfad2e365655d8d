"""How this Discord misbehaves, as `tests.fakes.weather` tells.

A fault can also be any of `calls.ERRORS`' codes ("50001"). Closed channels answer 50001, Missing Access; a payload that
contains the poison is answered 50035.
"""

from __future__ import annotations

from typing import Final

MESSAGES: Final = frozenset(
    {"create_message", "list_messages", "get_message", "create_thread", "create_thread_from_message"}
)
"""The routes that weather strikes: posts, and look-ups of what may have been posted."""
