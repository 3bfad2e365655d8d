"""How long the crash test goes on; both options are known where pytest is pointed at this directory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from papers.stores.server import Server


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register them."""
    parser.addoption(
        "--chaos-minutes",
        type=float,
        help="minutes that each storm lasts, over every platform (default: 8 s, over one)",
    )
    parser.addoption("--model-steps", type=int, help="steps that the delivery model takes (default: 3,300)")


@pytest.fixture
def hasty(server: Server) -> Iterator[Server]:
    """The server without its fsyncs: nothing in the model kills it, and a third of the time is left."""
    server.call("CONFIG", "SET", "appendfsync", "no")
    yield server
    server.call("CONFIG", "SET", "appendfsync", "always")
