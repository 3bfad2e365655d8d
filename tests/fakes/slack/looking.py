"""What can be seen of the house: as its users see it, and what it noted about the app."""

from __future__ import annotations

from collections import Counter

from tests.fakes.slack.api import Request
from tests.fakes.slack.deliveries import Delivery
from tests.fakes.slack.form import values
from tests.fakes.slack.parts import TEAM, Parts
from tests.fakes.slack.world import Json, Message


class Looking(Parts):
    """Looks change nothing."""

    @property
    def violations(self) -> list[str]:
        """What only mistakes of the app's makers can cause, in sentences; [] if it did well."""
        return self.world.violations

    @property
    def requests(self) -> list[Request]:
        """Calls of the Web API, in order."""
        return self.api.requests

    @property
    def deliveries(self) -> list[Delivery]:
        """What was brought to the app, in order."""
        return self.courier.deliveries

    @property
    def counts(self) -> Counter[str]:
        """Messages `taken`, calls by method, answers by name (`ok`, errors, faults), `429`, events `redelivered`."""
        return self.world.counts

    def called(self, method: str) -> list[Request]:
        """Calls of one method, in order."""
        return [one for one in self.requests if one.method == method]

    def messages(self, channel: str, workspace: str = TEAM) -> list[Message]:
        """A channel's messages, oldest first, replies among them."""
        return list(self.world.workspaces[workspace].channels[channel].messages)

    def thread(self, channel: str, ts: str, workspace: str = TEAM) -> list[Message]:
        """A thread's replies, oldest first, without its parent."""
        return self.world.workspaces[workspace].channels[channel].replies(ts)

    def direct(self, user: str, workspace: str = TEAM) -> list[Message]:
        """What the bot and somebody wrote to each other."""
        channels = self.world.channels(workspace, "im")
        return [message for one in channels if one.user == user for message in one.messages]

    def ephemerals(self, user: str, channel: str, workspace: str = TEAM) -> list[Message]:
        """What only that user sees in a channel, oldest first."""
        return [one for one in self.world.workspaces[workspace].channels[channel].ephemerals if one.to == user]

    def home(self, user: str, workspace: str = TEAM) -> Json | None:
        """Somebody's Home tab."""
        return self.stage.homes.get((workspace, user))

    def modal(self, user: str, workspace: str = TEAM) -> Json | None:
        """The view on top of somebody's screen, with what its fields hold; None if there is none."""
        stack = self.stage.stacks.get((workspace, user))
        if not stack:
            return None
        top = stack[-1]
        return {**top.body, "state": {"values": values(top.body, top.typed, top.channel)}}

    def modals(self, user: str, workspace: str = TEAM) -> int:
        """How many views lie on top of each other."""
        return len(self.stage.stacks.get((workspace, user), ()))

    @property
    def unfurls(self) -> dict[str, Json]:
        """Every link's card, by URL."""
        everywhere = [one for workspace in self.world.workspaces.values() for one in workspace.channels.values()]
        return {url: card for one in everywhere for message in one.messages for url, card in message.unfurls.items()}
