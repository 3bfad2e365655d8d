"""What Slack's refusals mean for a message: a table, and nothing else. Pure.

    it was not posted, and never will be ──► Refused, closing the whole channel if the channel is what refuses
    it was not posted, for now           ──► RetryAfter
    it may have been posted              ──► Unknown

Names and their meaning are those of https://docs.slack.dev/reference/methods/chat.postMessage, …/chat.update,
…/conversations.open, …/conversations.history and …/conversations.replies. A name that stands in none of the tables is a
refusal of that one message: Slack answered, and says that it did not do it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from papers.errors import DeliveryError, Rejected, RetryAfter, Unknown

_INVITE = "type `/invite @Paperboy` there"
_REINSTALL = "install the app again"
_ADMIN = "ask an administrator of the workspace"

CLOSED: Final[Mapping[str, str]] = {
    # the channel
    "channel_not_found": f"the channel does not exist, or is private and the app is not in it: {_INVITE}",
    "not_in_channel": f"the app is not in the channel: {_INVITE}",
    "is_archived": "the channel is archived: unarchive it, or subscribe in another one",
    "channel_type_not_supported": "the app cannot post to this kind of conversation: subscribe in a channel",
    "restricted_action": f"a setting of the workspace keeps the app from posting there: {_ADMIN}",
    "restricted_action_read_only_channel": f"the channel is read-only: allow the app to post there, or {_ADMIN}",
    "restricted_action_thread_only_channel": "the channel takes only replies to threads: subscribe in another one",
    # a user's direct messages
    "messages_tab_disabled": "direct messages with the app are off: switch on its Messages tab in the app's settings",
    "user_not_found": "the workspace has no such user",
    "user_disabled": "the user's account is deactivated",
    "user_not_visible": "the app is not allowed to see this user",
    "cannot_dm_bot": "this user is a bot, and bots cannot be written to",
    "method_not_supported_for_channel_type": "the app cannot write to this kind of conversation",
    # the app in this workspace
    "missing_scope": f"the app lacks the permission `{{needed}}`: {_REINSTALL} and grant it",
    "no_permission": f"the app lacks a permission, or is not in the channel: {_INVITE}, or {_REINSTALL}",
    "access_denied": f"the workspace denies the app access: {_ADMIN}",
    "team_access_not_granted": f"the app was not granted this workspace: {_ADMIN} or of the organisation",
    "ekm_access_denied": f"the organisation's key management has suspended posting: {_ADMIN}",
    "accesslimited": f"the workspace refuses the network that Paperboy runs in: {_ADMIN}",
    "two_factor_setup_required": f"the workspace asks for two-factor authentication: {_ADMIN}",
    "enterprise_is_restricted": f"the organisation does not allow this: {_ADMIN}",
    "not_allowed_token_type": "the app's token is of the wrong kind: SLACK_BOT_TOKEN begins with xoxb-",
    "account_inactive": f"the app was removed from the workspace: {_REINSTALL}",
    "token_revoked": f"the app was removed from the workspace: {_REINSTALL}",
    "invalid_auth": f"Slack does not accept the app's token: {_REINSTALL}",
    "not_authed": f"Paperboy has no token for this workspace: {_REINSTALL}",
}
"""The channel, or the whole workspace, is closed to us: nobody's post would pass. Why, and what to do about it."""

REFUSED: Final[Mapping[str, str]] = {
    "msg_too_long": "the message is too long",
    "msg_blocks_too_long": "the message's blocks are too long",
    "invalid_blocks": "the message's blocks are not valid",
    "invalid_blocks_format": "the message's blocks are not valid",
    "no_text": "the message has no text",
    "thread_not_found": "the headline that it answers was deleted",
    "message_not_found": "the message, or the headline that it answers, was deleted",
    "cant_update_message": "the app may not change the message",
    "edit_window_closed": "the workspace does not let messages be edited any more",
    "cannot_reply_to_message": "the message that it answers takes no replies",
    "restricted_action_thread_locked": "the thread is locked",
    "restricted_action_non_threadable_channel": "the channel has no threads: `/papers settings replies flat`",
}
"""Only this message is refused."""

LATER: Final[Mapping[str, float]] = {
    "ratelimited": 30.0,
    "rate_limited": 30.0,
    "message_limit_exceeded": 60.0,
    "token_expired": 30.0,  # the next client comes with a new one
    "team_added_to_org": 300.0,  # both: a workspace moves into an organisation, and is back when it has
    "org_login_required": 300.0,
}
"""Seconds to wait where Slack names none. All of it is about the workspace: limits are counted by method and there."""

UNSURE: Final = frozenset({"fatal_error", "internal_error", "service_unavailable", "request_timeout"})
"""By their documentation, "some aspect of the operation" may have succeeded."""

BLOCKS: Final = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
"""What is wrong is how the message looks, not that it comes."""

NO_THREAD: Final = frozenset({"thread_not_found", "message_not_found"})
"""Slack knows no message by this `ts`."""


@dataclass(frozen=True, slots=True)
class No:
    """A refusal, as Slack worded it.

    Attributes:
        status: of HTTP, 200 for most refusals.
        error: Slack's name for it, "" where the answer was not Slack's JSON.
        retry_after: seconds, if the header was there and a number.
        needed: scopes that are missing, for `missing_scope`.
        hints: what else Slack said, for the log: where in the blocks the trouble is.
    """

    status: int
    error: str = ""
    retry_after: float | None = None
    needed: str = ""
    hints: tuple[str, ...] = ()


class Refused(Rejected):
    """A `Rejected` that knows Slack's name for it. `hints` as in `No`."""

    def __init__(self, reason: str, no: No, *, suspends: bool = False) -> None:
        super().__init__(reason, suspends=suspends)
        self.name = no.error
        self.hints = no.hints


def meaning(no: No) -> DeliveryError:
    """What a refusal says about the message's fate."""
    if no.status == HTTPStatus.TOO_MANY_REQUESTS or no.error in LATER:
        wait = LATER.get(no.error, LATER["ratelimited"]) if no.retry_after is None else no.retry_after
        return RetryAfter(wait, "workspace")
    if not no.error or no.error in UNSURE or no.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unknown(f"Slack answered {no.status} {no.error}".rstrip())
    if no.error in CLOSED:
        return Refused(CLOSED[no.error].format(needed=no.needed or "chat:write"), no, suspends=True)
    return Refused(f"{REFUSED.get(no.error, 'Slack refused the message')} ({no.error})", no)
