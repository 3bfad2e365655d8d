"""Somebody who subscribes one new channel after another, and notes which of them was acknowledged, and when.

    python -m tests.machines.subscriber_role SERVER LEDGER NAME

A line of LEDGER for each that was: `channel seconds-since-1970`. What was not acknowledged may be there or not.
"""

from __future__ import annotations

import sys
import time
from itertools import count
from pathlib import Path

from papers.errors import StoreError
from papers.model import Subscription, Want
from papers.stores.channels import ChannelStore
from papers.wiring import clock
from tests.chaos.sender_role import server_at, where

PAUSE = 0.1
"""Seconds between two: a person behind it would be very fast."""

NOTHING = "zanzibar"
"""What they want: no paper has it."""


def subscribe(server: str, ledger: Path, name: str) -> None:
    """For ever. Whoever is started again goes on with other channels."""
    channels, life = ChannelStore(server_at(server)), int(time.time() * 1000)
    with ledger.open("a", encoding="utf-8") as acknowledged:
        for number in count():
            channel = f"{name}-{life}-{number}"
            try:
                channels.add(Subscription("", 0, where(channel), Want(query=NOTHING), created_at=clock()))
            except StoreError:
                time.sleep(PAUSE)
                continue
            acknowledged.write(f"{channel} {time.time()}\n")
            acknowledged.flush()
            time.sleep(PAUSE)


if __name__ == "__main__":
    subscribe(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
