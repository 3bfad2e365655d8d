"""Every error that Paperboy raises on purpose, as one tree.

Foreign exceptions are translated into these once, at the edge that met them, and chained. Each carries `advice`:
what the reader can change so that it does not happen again.

    PaperboyError
    ├── UsageError              a command's words are wrong; `suggestion` is the nearest right form
    │   ├── QueryError          a QUERY does not parse; `position` is the offending character
    │   ├── TwinError           the channel has a subscription like that: `number`
    │   ├── ChoiceError         it could mean several things: `lines`
    │   └── FloodError          a subscription would post more than anybody reads: `per_day`
    ├── NotFoundError           no such subscription, paper or day
    ├── QuotaError              a stated limit is reached
    ├── NotAllowedError         the asker may not do that here
    ├── SettingsError           the environment is wrong; `problems` names every setting at once
    ├── BackupError             a backup cannot be written, or cannot be restored as it is
    ├── SourceError             a fetch failed: the cursor stays, the source backs off
    │   ├── SourceUnreachable   no connection, no answer in time, a body that ended early
    │   ├── SourceLimited       429, or 503 until a named hour: `retry_after` seconds
    │   ├── SourceStatus        any other status that is not a success: `status`
    │   ├── SourceTooLarge      more bytes or entries than we are willing to read
    │   ├── SourceMalformed     an answer that is not what the source promises
    │   │   └── SourcePage      a web page in place of a feed: `feeds` that it names
    │   └── SourceForbidden     an address that Paperboy does not connect to
    ├── StoreError              Redis
    │   ├── StoreUnavailable    it does not answer
    │   ├── StoreUnsafe         it answers, but would lose what it is told
    │   └── StoreNewer          what is in it was written by a newer Paperboy
    ├── SearchUnavailable       the archive's index cannot be asked
    └── DeliveryError           what a platform said to a post, unless it took it
        ├── RetryAfter          not now: `seconds`
        ├── Rejected            never: `reason`; `suspends` if the whole destination is closed to us
        ├── Unknown             it may have been posted, or not
        └── Unverifiable        whether it was posted can never be found out
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal


class PaperboyError(Exception):
    """The root. `str(error)` is one sentence for a person; `advice` says what to change."""

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice


class UsageError(PaperboyError):
    """A command's words are wrong; nothing was changed."""

    def __init__(self, message: str, *, advice: str = "", suggestion: str | None = None) -> None:
        super().__init__(message, advice=advice)
        self.suggestion = suggestion


class QueryError(UsageError):
    """A QUERY does not parse.

    Attributes:
        query: what was typed.
        position: index into `query`, 0 … len(query), of the character that cannot stand there.
        suggestion: the nearest form that parses, or None.
    """

    def __init__(
        self, message: str, *, query: str, position: int, advice: str = "", suggestion: str | None = None
    ) -> None:
        super().__init__(message, advice=advice, suggestion=suggestion)
        self.query = query
        self.position = position


class TwinError(UsageError):
    """Another subscription of the channel, `number`, wants the same."""

    def __init__(self, number: int) -> None:
        super().__init__(f"that is subscription {number} already", advice=f"`edit {number} …` changes it")
        self.number = number


class ChoiceError(UsageError):
    """What was typed could mean several things; `lines` are the whole lines to choose from."""

    def __init__(self, message: str, *, advice: str, lines: Sequence[str]) -> None:
        super().__init__(message, advice=advice)
        self.lines = tuple(lines)


class FloodError(UsageError):
    """A subscription would post about `per_day` papers a day, and nobody confirmed that it shall."""

    def __init__(self, per_day: float, *, advice: str = "more words would tame it, “save anyway” keeps it") -> None:
        super().__init__(f"that would post about {per_day:,.0f} papers a day", advice=advice)
        self.per_day = per_day


class NotFoundError(PaperboyError):
    """No such subscription, paper or day."""


class QuotaError(PaperboyError):
    """A stated limit is reached; nothing was changed."""


class NotAllowedError(PaperboyError):
    """The asker may not do that here; the advice says who may, or what is missing."""


class SettingsError(PaperboyError):
    """The environment is wrong. `problems` holds one line a setting, each beginning with its name."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("settings are wrong: " + "; ".join(problems), advice="mend them in .env or the environment")
        self.problems = tuple(problems)


class BackupError(PaperboyError):
    """A backup cannot be written, or cannot be restored: cut, not ours, or at odds with what the server has."""


class SourceError(PaperboyError):
    """A fetch failed. The source's cursor is not moved; other sources are not affected."""


class SourceUnreachable(SourceError):  # noqa: N818 - named for what happened
    """No connection, no answer in time, or a body that ended before its length."""


class SourceLimited(SourceError):  # noqa: N818 - as above
    """The source answered 429, or 503 and until when; `retry_after` is in seconds."""

    def __init__(self, message: str, *, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SourceStatus(SourceError):  # noqa: N818 - as above
    """The source answered with a status that is neither success nor that."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status


class SourceTooLarge(SourceError):  # noqa: N818 - as above
    """More bytes, compressed or not, or more entries, than we are willing to read."""


class SourceMalformed(SourceError):  # noqa: N818 - as above
    """The answer is not what the source promises: HTML for JSON, a feed that is none."""


class SourcePage(SourceMalformed):
    """A web page in place of a feed. `feeds` are those that it names: address, fit to be fetched, and name."""

    def __init__(self, message: str, *, advice: str, feeds: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(message, advice=advice)
        self.feeds = tuple(feeds)


class SourceForbidden(SourceError):  # noqa: N818 - as above
    """A URL that Paperboy does not connect to: a private address, another scheme or port.

    `setting` is the one by which an operator can open it, if there is one that the advice does not name.
    """

    def __init__(self, message: str, *, advice: str = "", setting: str = "") -> None:
        super().__init__(message, advice=advice)
        self.setting = setting


class StoreError(PaperboyError):
    """Redis or Valkey."""


class StoreUnavailable(StoreError):  # noqa: N818 - as above
    """The server does not answer. What was not acknowledged may be tried again."""


class StoreUnsafe(StoreError):  # noqa: N818 - as above
    """The server answers but would lose what it is told: no persistence, or eviction."""


class StoreNewer(StoreError):  # noqa: N818 - as above
    """The data is of a format that this Paperboy does not know; it keeps its hands off."""


class SearchUnavailable(PaperboyError):  # noqa: N818 - as above
    """The archive's index cannot be asked at present; nothing else is affected."""


class DeliveryError(PaperboyError):
    """What a platform said to a post, unless it took it."""


class RetryAfter(DeliveryError):  # noqa: N818 - as above
    """Not now. `seconds` is how long to wait, `scope` for what: "message" is this one alone.

    `reason` says why, to people; without one the platform asked for it.
    """

    def __init__(
        self,
        seconds: float,
        scope: Literal["message", "channel", "workspace", "platform"] = "channel",
        reason: str = "",
    ) -> None:
        super().__init__(reason or f"asked to wait {seconds:g} s")
        self.seconds = seconds
        self.scope = scope


class Rejected(DeliveryError):  # noqa: N818 - as above
    """Never. `suspends`: the destination itself is closed to us, not just this message."""

    def __init__(self, reason: str, *, suspends: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.suspends = suspends


class Unknown(DeliveryError):  # noqa: N818 - as above
    """The message may have been posted, or not."""


class Unverifiable(DeliveryError):  # noqa: N818 - as above
    """Whether the message was posted can never be found out: the platform lets us read nothing back."""
