"""What a mail server's refusals mean. Pure: a stage, a code and its words in, a `papers.errors.DeliveryError` out.

    before any mail, or of whom it is from     ours to mend: nothing is lost, all mails wait, the log says it
    of whom it is to      4xx: later           5xx: the address is closed to us, or only this mail to it
    of the mail itself    4xx: later           5xx: this mail is dead

Codes are RFC 5321's (4.2.1), enhanced ones (`5.1.1`, where a text begins so) RFC 3463's.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final, Literal

from papers.addresses import masked
from papers.errors import DeliveryError, Rejected, RetryAfter, Unknown
from papers.text import clean, shorten

Stage = Literal["connection", "sender", "recipient", "mail"]

NOT_REACHED: Final = 15.0
"""Seconds before a server that was not reached is tried again, for all mails."""

TO_MEND: Final = 300.0
"""The same for one that does not take our password, or whom mails are from: an account is soon locked by trying."""

SOONEST: Final = 60.0
LATEST: Final = 1_800.0
"""Seconds before a mail that was put off is tried again: as long as it has waited so far, within these. Greylisting
wants a few minutes; RFC 5321 (4.5.4.1) half an hour at least once it takes longer."""

GIVE_UP: Final = timedelta(days=5)
"""How long a mail that is put off is tried (as above: four to five days)."""

WORDS: Final = 200
"""Characters of a server's words that are kept."""

NO_SERVICE: Final = 421
TOO_BIG: Final = 552
NO_MAILBOX: Final = frozenset({550, 551, 553})
"""What a server without enhanced codes says of an address that there is not."""

CLOSED: Final = ("5.1.", "5.2.1")
"""Enhanced codes of an address that is none, and of a mailbox that takes no mail any more."""


def meaning(stage: Stage, code: int, words: str, age: timedelta, address: str = "") -> DeliveryError:
    """What a refusal means for a mail that is `age` old and goes to `address`, which its reason does not show."""
    reason = told(code, words, address)
    refused = f"the mail server refuses us: {reason}"
    if code == NO_SERVICE:
        return RetryAfter(NOT_REACHED, "platform", refused)
    if stage == "connection" or (stage == "sender" and code != TOO_BIG):
        return RetryAfter(TO_MEND if code >= 500 else SOONEST, "platform", refused)  # noqa: PLR2004 - RFC 5321's classes
    if 400 <= code < 500:  # noqa: PLR2004 - as above
        gone = Rejected(f"put off for {GIVE_UP.days} days: {reason}", suspends=True)
        return gone if age > GIVE_UP else RetryAfter(_patience(age), "message", f"put off: {reason}")
    if 500 <= code < 600:  # noqa: PLR2004 - as above
        return Rejected(reason, suspends=_is_closed(stage, code, words))
    return Unknown(reason) if stage == "mail" else RetryAfter(NOT_REACHED, "platform", refused)


def told(code: int, words: str, address: str = "") -> str:
    """A server's words on one line, the address in them masked: servers like to repeat it, and logs shall not."""
    said, sought = clean(words), address.lower()
    while sought and (at := said.lower().find(sought)) >= 0:
        said = said[:at] + masked(address) + said[at + len(sought) :]
    return shorten(f"{code} {said}", WORDS)


def _patience(age: timedelta) -> float:
    return min(max(age.total_seconds(), SOONEST), LATEST)


def _is_closed(stage: Stage, code: int, words: str) -> bool:
    enhanced = words.partition(" ")[0]
    if enhanced.count(".") == 2 and enhanced.replace(".", "").isdigit():  # noqa: PLR2004 - class.subject.detail
        return enhanced.startswith(CLOSED)
    return stage == "recipient" and code in NO_MAILBOX
