"""What Discord's refusals mean for a message: tables, and nothing else. Pure.

    it was not posted, and never will be ──► Refused, closing the whole channel if the channel is what refuses
    it was not posted, for now           ──► RetryAfter
    it may have been posted              ──► Unknown

Codes and their meaning are those of https://discord.com/developers/docs/topics/opcodes-and-status-codes#json. A code
that stands in none of the tables is a refusal of that one message: Discord answered, and says that it did not do it.

A token that Discord does not accept closes nothing. It is the operator's to mend, and is every channel's at once: if
each were suspended for it, somebody would have to resume them one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from papers.errors import DeliveryError, Rejected, RetryAfter, Unknown

UNKNOWN_CHANNEL: Final = 10003
UNKNOWN_MESSAGE: Final = 10008
THREAD_EXISTS: Final = 160004

_ACCESS = "give it View Channel and Send Messages there"
_ADMIN = "ask who runs the server"

CLOSED: Final[Mapping[int, str]] = {
    # the channel
    10003: "the channel was deleted",
    50001: f"the app does not see the channel: {_ACCESS}",
    50013: f"the app may not write in the channel: {_ACCESS}",
    50008: "nothing can be posted to this kind of channel: subscribe in another one",
    50024: "nothing can be posted to this kind of channel: subscribe in another one",
    40058: "nothing can be posted to this kind of channel: subscribe in another one",
    50009: f"the server's verification level keeps the app out: {_ADMIN}",
    50083: "the thread is locked: unlock it, or subscribe in another channel",
    160005: "the thread is locked: unlock it, or subscribe in another channel",
    40066: "the forum asks for a tag that only moderators may set: allow posts without one",
    40067: "the forum asks for a tag with each post: allow posts without one",
    # the server
    10004: "the app was removed from the server: add it again",
    40007: f"the app is banned from the server: {_ADMIN}",
    50055: "the app was removed from the server: add it again",
    50095: "the server is not available where Paperboy runs",
    20024: f"the server's age limit keeps the app out: {_ADMIN}",
    # a user's direct messages
    10013: "there is no such user",
    50007: "the user takes no direct messages from the app",
    50033: "this user cannot be written to",
}
"""The channel is closed to us: no post of ours would pass. Why, and what to do about it."""

REFUSED: Final[Mapping[int, str]] = {
    10008: "the message, or the headline that it answers, was deleted",
    20009: "Discord takes it for explicit content",
    40005: "the message is too large",
    50006: "the message is empty",
    50035: "the message is not valid",
    160002: "the app may not answer here without permission to read the history",
    200000: "the server's automatic moderation blocked it",
    200001: "the server's automatic moderation blocked its title",
    240000: "a link in it is blocked as harmful",
}
"""Only this message is refused."""

THREAD: Final[Mapping[int, str]] = {
    10003: "the thread that it belongs to was deleted",
    50083: "the thread that it belongs to is locked",
    160005: "the thread that it belongs to is locked",
}
"""What a code means that comes from a headline's thread. Somebody wanted no more of it there, or in the channel."""

NO_THREADS: Final[Mapping[int, str]] = {
    50013: (
        "the app may not open threads or write in them: give it Create Public Threads and Send Messages in Threads, "
        "or `/papers settings replies flat`"
    ),
}
"""As `THREAD`, but of every thread in the channel."""

LATER: Final[Mapping[int, float]] = {
    20016: 30.0,  # slow mode
    20028: 10.0,
    20029: 10.0,
    40003: 60.0,
    40004: 60.0,
    40006: 60.0,
    40062: 10.0,
    40333: 600.0,  # Cloudflare, not Discord
    160006: 900.0,  # as many active threads as a server may have, until some are archived
    160007: 900.0,
}
"""Seconds to wait where Discord names none."""

PLATFORM: Final = frozenset({40004, 40006, 40333})
"""Those of `LATER` that are about all of Discord."""

TOKEN: Final = frozenset({40001, 40002, 50014})
"""The app itself is not accepted."""

LOOKS: Final = frozenset({40005, 50006, 50035})
"""What is wrong is how the message looks, not that it comes."""

LIMITED: Final = 5.0
"""Seconds to wait after a 429 that names none."""

BLOCKED: Final = 600.0
"""Seconds to wait where Cloudflare keeps us from Discord: as long as it takes to forget a ban's cause
(https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans)."""

MENDING: Final = 60.0
"""Seconds before a token that Discord does not accept is tried again."""

LONGEST: Final = 3600.0
"""Seconds that a 429 is obeyed without asking again."""


@dataclass(frozen=True, slots=True)
class No:
    """A refusal.

    Attributes:
        status: of HTTP.
        code: Discord's; None where the answer is not Discord's JSON, but a proxy's or Cloudflare's.
        retry_after: seconds, if that was told.
        everywhere: whether a limit is all of Discord's, not the route's.
        hints: what else Discord said, for the log: where in the message the trouble is.
    """

    status: int
    code: int | None = None
    retry_after: float | None = None
    everywhere: bool = False
    hints: tuple[str, ...] = ()


class Refused(Rejected):
    """A `Rejected` that knows what Discord said."""

    def __init__(self, reason: str, no: No, *, suspends: bool = False) -> None:
        super().__init__(reason, suspends=suspends)
        self.no = no

    @property
    def code(self) -> int:
        """Discord's."""
        return self.no.code or 0


class Unaccepted(RetryAfter):
    """Not before the token is another one."""


def no(status: int, headers: Mapping[str, str], body: Any) -> No:
    """A refusal, from its answer; `body` as JSON, None for what is not. `headers` have names in any case."""
    if not isinstance(body, dict):
        return No(status, retry_after=seconds(headers.get("Retry-After")))
    wait = seconds(body.get("retry_after"))
    code = body.get("code")
    return No(
        status,
        code=code if isinstance(code, int) else 0,
        retry_after=seconds(headers.get("Retry-After")) if wait is None else wait,
        everywhere=body.get("global") is True or headers.get("X-RateLimit-Scope") == "global",
        hints=tuple(_hints(body.get("errors"), "")),
    )


def meaning(no: No) -> DeliveryError:
    """What a refusal says about the message's fate."""
    if not HTTPStatus.BAD_REQUEST <= no.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unknown(f"Discord answered {no.status}")
    if (wait := _wait(no)) is not None:
        return wait
    if no.code is None:
        return Unknown(f"something before Discord answered {no.status}")
    if no.code in CLOSED:
        return Refused(CLOSED[no.code], no, suspends=True)
    return Refused(f"{REFUSED.get(no.code, 'Discord refused the message')} ({no.code})", no)


def _wait(no: No) -> RetryAfter | None:
    """What is asked to wait, where that is all there is to it."""
    if no.code is None:
        blocked = no.status in {HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}
        return RetryAfter(BLOCKED if no.retry_after is None else no.retry_after, "platform") if blocked else None
    if no.status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = LIMITED if no.retry_after is None else no.retry_after
        return RetryAfter(wait, "platform" if no.everywhere else "channel")
    if no.status == HTTPStatus.UNAUTHORIZED or no.code in TOKEN:
        return Unaccepted(MENDING, "platform")
    if no.code in LATER:
        return RetryAfter(LATER[no.code], "platform" if no.code in PLATFORM else "channel")
    return None


def in_thread(error: Refused) -> Refused:
    """What a refusal means that comes from a headline's thread, or from opening it."""
    if error.code in NO_THREADS:
        return Refused(NO_THREADS[error.code], error.no, suspends=True)
    if error.code in THREAD:
        return Refused(THREAD[error.code], error.no)
    return error


def seconds(value: object) -> float | None:
    """Of a header or of JSON; None for what is no number of them."""
    try:
        return min(LONGEST, max(0.0, float(str(value))))
    except ValueError:
        return None


def _hints(errors: Any, at: str) -> Iterator[str]:
    """The leaves of a 50035's errors (https://discord.com/developers/docs/reference#error-messages)."""
    if not isinstance(errors, dict):
        return
    for key, inner in errors.items():
        if key == "_errors" and isinstance(inner, list):
            yield from (f"{at or '.'}: {one.get('message', one)}" for one in inner if isinstance(one, dict))
        else:
            yield from _hints(inner, f"{at}.{key}" if at else str(key))
