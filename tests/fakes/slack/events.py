"""What happens in a workspace, and how the app is told of it by the Events API."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.slack import payloads
from tests.fakes.slack.act import Act
from tests.fakes.slack.chat import unfurl_id
from tests.fakes.slack.deliveries import Delivery, What, http_body, signed
from tests.fakes.slack.modals import Modals
from tests.fakes.slack.parts import TEAM
from tests.fakes.slack.world import SIGNING_SECRET, Channel, Json


class Events(Modals):
    """Each happens first, and is told then; it returns when the app has acknowledged it, or has not in time."""

    def event(self, kind: str, workspace: str = TEAM, **fields: Any) -> Act:
        """Any event at all."""
        inner = {"type": kind, "event_ts": self.world.stamp(), **fields}
        payload = payloads.event(self.workspace(workspace), inner, self.world.name("Ev"), self.world.now())
        return Act(self.server.do(self.courier.bring("events_api", payload)))

    def repeat(self, act: Act) -> Act:
        """Bring the very same once more: the same event_id; over HTTP the same bytes, signature and time."""
        return Act(self.server.do(self.courier.repeat(act.delivery)), act.url, act.trigger)

    def open_home(self, user: str, *, workspace: str = TEAM, tab: str = "home") -> Act:
        """Somebody opens the app's Home tab."""
        team = self._person(workspace, user)
        view = self.home(user, workspace)
        channel = self.world.direct(team, user).id
        return self.event(
            "app_home_opened", workspace, user=user, channel=channel, tab=tab, **({"view": view} if view else {})
        )

    def share_link(
        self, user: str, channel: str, *urls: str, workspace: str = TEAM, source: str = "conversations_history"
    ) -> Act:
        """Somebody writes links. With `source` "composer" the message is still being written, and has no ts to name."""
        team, where = self._in(workspace, channel, user)
        message = self.say(user, channel, " ".join(f"<{url}>" for url in urls), workspace=workspace)
        message.links = urls
        is_sent = source != "composer"
        return self.event(
            "link_shared",
            workspace,
            channel=channel if is_sent else "COMPOSER",
            is_bot_user_member=team.bot_user in where.members,
            user=user,
            message_ts=message.ts if is_sent else unfurl_id(message),
            unfurl_id=unfurl_id(message),
            source=source,
            links=[{"domain": urlsplit(url).hostname, "url": url} for url in urls],
        )

    def uninstall(self, workspace: str = TEAM) -> tuple[Act, Act]:
        """The app is removed: its tokens die, then tokens_revoked and app_uninstalled are told."""
        for install in self.world.installs.values():
            if install.workspace == workspace:
                install.trouble = "account_inactive"
        return self.tokens_revoked(workspace), self.event("app_uninstalled", workspace)

    def tokens_revoked(self, workspace: str = TEAM) -> Act:
        """The bot's tokens are revoked, which they are already if the app is removed."""
        for install in self.world.installs.values():
            if install.workspace == workspace:
                install.trouble = install.trouble or "token_revoked"
        tokens = {"oauth": [], "bot": [self.workspace(workspace).bot_user]}
        return self.event("tokens_revoked", workspace, tokens=tokens)

    def archive(self, channel: str, *, workspace: str = TEAM, by: str = "U1") -> Act:
        """channel_archive, or group_archive of a private one."""
        where = self._of(channel, workspace)
        where.is_archived = True
        return self.event(f"{_kind(where)}_archive", workspace, channel=channel, user=by)

    def unarchive(self, channel: str, *, workspace: str = TEAM, by: str = "U1") -> Act:
        """channel_unarchive, or group_unarchive."""
        where = self._of(channel, workspace)
        where.is_archived = False
        return self.event(f"{_kind(where)}_unarchive", workspace, channel=channel, user=by)

    def delete_channel(self, channel: str, *, workspace: str = TEAM) -> Act:
        """channel_deleted, or group_deleted."""
        where = self.workspace(workspace).channels.pop(channel)
        return self.event(f"{_kind(where)}_deleted", workspace, channel=channel)

    def rename(self, channel: str, called: str, *, workspace: str = TEAM) -> Act:
        """channel_rename, or group_rename."""
        where = self._of(channel, workspace)
        where.name = called
        about = {"id": channel, "name": called, "created": 1}
        return self.event(f"{_kind(where)}_rename", workspace, channel=about)

    def join(self, channel: str, user: str | None = None, *, workspace: str = TEAM, inviter: str = "U1") -> Act:
        """member_joined_channel: of the bot, if nobody is named."""
        where, who = self._of(channel, workspace), user or self.workspace(workspace).bot_user
        where.members.add(who)
        about = {"user": who, "channel": channel, "channel_type": _kind(where)[0].upper(), "team": workspace}
        return self.event("member_joined_channel", workspace, inviter=inviter, **about)

    def leave(self, channel: str, user: str | None = None, *, workspace: str = TEAM) -> Act:
        """member_left_channel; of the bot, if nobody is named: channel_left or group_left."""
        where, who = self._of(channel, workspace), user or self.workspace(workspace).bot_user
        where.members.discard(who)
        if user is None:
            return self.event(f"{_kind(where)}_left", workspace, channel=channel, actor_id="U1")
        about = {"user": who, "channel": channel, "channel_type": _kind(where)[0].upper(), "team": workspace}
        return self.event("member_left_channel", workspace, **about)

    def verify_url(self, challenge: str = "challenge") -> Act:
        """url_verification, signed like everything else; the app answers with the challenge."""
        return self.forge({"type": "url_verification", "token": payloads.TOKEN, "challenge": challenge})

    def forge(self, payload: Json, *, secret: str = SIGNING_SECRET, age: float = 0.0, what: What = "events_api") -> Act:
        """A POST to the app as anybody could make it: with another secret, or signed `age` seconds ago."""
        made = Delivery(what, payload)
        kind, body = http_body(what, payload)
        headers = {"Content-Type": kind, **signed(body, secret, time.time() - age)}
        self.server.do(self.courier.post(made, body, headers))
        return Act(made)

    def _of(self, channel: str, workspace: str) -> Channel:
        return self.workspace(workspace).channels[channel]


def _kind(channel: Channel) -> str:
    return "group" if channel.kind == "private" else "channel"
