"""The strict Discord as a process of its own, for the crash test.

    python -m tests.fakes.discord LEDGER [--port N] [--channels 8]      serves until it is killed

It prints one line of JSON: {"api", "gateway", "token", "guild", "channels": [ids]}. Each message that it takes is a
line of LEDGER before anything is answered, so what became of a post is known whoever dies: {"id", "channel", "guild",
"parent", "nonce", "text", "custom_ids", "flags", "at"}. PUT /weather and GET /counts are as in `server`.
"""

from __future__ import annotations

import argparse
import json
import threading
import time
from pathlib import Path
from typing import TextIO

from tests.fakes.discord.house import StrictDiscord
from tests.fakes.discord.world import Message, World


def line(world: World, message: Message, at: float) -> str:
    """A message as the ledger has it; `parent` is the channel that a thread belongs to."""
    channel = world.channels[message.channel]
    about = {
        "id": message.id,
        "channel": channel.id,
        "guild": channel.guild,
        "parent": channel.parent,
        "nonce": message.nonce,
        "text": message.text,
        "custom_ids": message.custom_ids,
        "flags": message.flags,
        "at": at,
    }
    return json.dumps(about) + "\n"


def keep(ledger: TextIO, world: World, message: Message) -> None:
    """Write it down, so that it outlives this process."""
    ledger.write(line(world, message, time.time()))
    ledger.flush()


def main() -> None:
    """Serve for ever."""
    parser = argparse.ArgumentParser(description="A strict Discord on loopback.")
    parser.add_argument("ledger", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--channels", type=int, default=8)
    given = parser.parse_args()
    with given.ledger.open("a", encoding="utf-8") as ledger:
        discord = StrictDiscord()
        discord.world.listeners.append(lambda message: keep(ledger, discord.world, message))
        guild = discord.guild()
        channels = [discord.channel(guild, f"papers-{number}").id for number in range(given.channels)]
        discord.server.start(given.port)
        addresses = {"api": discord.api_url, "gateway": discord.gateway_url, "token": discord.token}
        said = json.dumps({**addresses, "guild": guild.id, "channels": channels})
        print(said, flush=True)  # noqa: T201 - for whoever started it
        threading.Event().wait()


if __name__ == "__main__":
    main()
