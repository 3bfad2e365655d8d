"""What platforms say of an invitation to papers by mail, in the same words: plain text, not escaped."""

from __future__ import annotations

from papers.mailbox import Invited
from papers.wording.dates import schedule_text
from papers.wording.numbers import count


def invited_news(answer: Invited) -> str:
    """Who was invited."""
    return f"Invited {answer.address}"


def invited_facts(answer: Invited) -> str:
    """To what, and that it is theirs to say."""
    what = f"{count(answer.subscriptions, 'subscription')} of this channel, as of now"
    return f"{what}, {schedule_text(answer.schedule)}; nothing is mailed unless they confirm"
