"""Takes a workspace's data away, beside whatever runs.

    note it ──► its tokens ──► each channel: subscriptions, one by one, then the rest ──► what else bears its name
            ──► drafts ──► only then: strike the note

Workers learn by the change log that the subscriptions are gone. A step is one small script, or a thousand key names
looked at; a process that dies between two leaves the note, and whoever goes on finds less to do. Where the note is
struck meanwhile, because the workspace came back, no further step is made.

What is not touched: papers, which are everybody's, and what goes away by itself within days and names a channel at
most (which messages show a paper, the change log).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from papers.errors import NotFoundError
from papers.model import Destination
from papers.stores import keys
from papers.stores.channels import CHANGES_KEPT, ChannelStore
from papers.stores.departures import Departures
from papers.stores.drafts import DraftStore
from papers.stores.server import Server
from papers.workspace import Workspace

PASSES = 5
"""Times that all key names are looked through: again for as long as something was found, as others may be writing."""


@dataclass(frozen=True, slots=True)
class Removed:
    """What went; `whole` is False where the workspace came back in the midst of it."""

    channels: int
    keys: int
    whole: bool = True


class Removal:
    """Removes workspaces."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._channels = ChannelStore(server)
        self._departures = Departures(server)
        self._drafts = DraftStore(server)

    def run(self, workspace: Workspace) -> Removed:
        """Remove one that is noted among those that left."""
        channels = gone = 0
        self._server.call("HDEL", keys.vault(workspace.platform), workspace.name)
        for destination in self._channels.of_workspace(workspace.platform, workspace.name):
            if not self._departures.knows(workspace):
                return Removed(channels, gone, whole=False)
            self._forget(destination)
            channels += 1
        for _ in range(PASSES):
            found = 0
            for batch in self._server.scan(keys.of_workspace(str(workspace))):
                if not self._departures.knows(workspace):
                    return Removed(channels, gone, whole=False)
                found += self._take(batch)
            gone += found
            if not found:
                break
        self._drafts.drop(lambda draft: Workspace.of(draft.subscription.destination) == workspace)
        self._departures.forget(workspace)
        return Removed(channels, gone)

    def finds(self, workspace: Workspace) -> bool:
        """Whether there is anything to remove: its tokens, or a key with its name."""
        if self._server.call("HEXISTS", keys.vault(workspace.platform), workspace.name):
            return True
        return any(self._server.scan(keys.of_workspace(str(workspace))))

    def _take(self, batch: list[str]) -> int:
        """Remove keys of channels; how many there were."""
        for name in {keys.tagged(key)[0] for key in batch}:
            self._forget(Destination.parse(name))
        return int(self._server.call("UNLINK", *batch)) if batch else 0

    def _forget(self, where: Destination) -> None:
        """Forget one channel; somebody may go on subscribing in it, so until nobody was faster."""
        names = [keys.subscriptions(where), keys.outlet(where), keys.OUTLETS, keys.DUE, keys.platform(where.platform)]
        names += [keys.CHANNELS, keys.CHANGES, keys.channel(where), keys.inbox(where), keys.outbox(where)]
        is_forgotten = False
        while not is_forgotten:
            for subscription in self._channels.subscriptions(where):
                with suppress(NotFoundError):  # somebody else removed it
                    self._channels.remove(subscription)
            is_forgotten = bool(self._server.run("forget_channel", names, [str(where), CHANGES_KEPT]))
        self._server.call("HDEL", keys.vault(where.platform), where.channel)  # an address, where channels have one
