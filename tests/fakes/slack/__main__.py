"""The strict Slack as a process of its own, for the crash test.

    python -m tests.fakes.slack LEDGER [--port N] [--world JSON]      prints its API's base URL, serves until killed

Each message that it takes is a line of LEDGER before anything is answered, so what became of a post is known whoever
dies: {"channel", "workspace", "id", "thread", "text", "blocks", "at", "metadata"}, and beside them what stands in the
metadata's event_payload. PUT /weather, PUT /world and GET /counts are as in `server`; `--world`: as PUT /world.
"""

from __future__ import annotations

import argparse
import json
import threading
import time
from pathlib import Path
from typing import TextIO

from tests.fakes.slack.slack import StrictSlack
from tests.fakes.slack.world import Message


def line(message: Message, at: float) -> str:
    """A message as the ledger has it."""
    metadata = message.metadata or {}
    about = {
        "channel": message.channel,
        "workspace": message.workspace,
        "id": message.ts,
        "thread": message.thread_ts,
        "text": message.text,
        "blocks": message.blocks,
        "at": at,
        "metadata": metadata,
    }
    return json.dumps({**metadata.get("event_payload", {}), **about}) + "\n"


def keep(ledger: TextIO, message: Message) -> None:
    """Write it down, so that it outlives this process."""
    ledger.write(line(message, time.time()))
    ledger.flush()


def main() -> None:
    """Serve for ever."""
    parser = argparse.ArgumentParser(description="A strict Slack on loopback.")
    parser.add_argument("ledger", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--world", type=json.loads, default={})
    given = parser.parse_args()
    with given.ledger.open("a", encoding="utf-8") as ledger:
        slack = StrictSlack()
        slack.world.listeners.append(lambda message: keep(ledger, message))
        slack.build(given.world)
        slack.server.start(given.port)
        print(slack.api_url, flush=True)  # noqa: T201 - for whoever started it
        threading.Event().wait()


if __name__ == "__main__":
    main()
