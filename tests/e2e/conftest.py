"""A home for each test, and for a file of tests one that they share; Hugging Face is the sample, on loopback."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from papers.sample.server import serving
from tests.e2e.processes import Home

CLOSED = timedelta(days=4)
"""So old is a day whose ranking is final, even where it is moved to the Friday before."""


signal.signal(signal.SIGINT, signal.default_int_handler)
"""A shell's background jobs ignore Ctrl-C, and whatever they start does too, unless somebody listens for it."""


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    with serving(datetime.now(UTC).date() - CLOSED) as url:
        yield url


@pytest.fixture
def home(tmp_path: Path, endpoint: str) -> Iterator[Home]:
    with Home(tmp_path, endpoint).cleared() as home:
        yield home


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, endpoint: str) -> Iterator[Home]:
    """The same home for all tests of a file: it has a subscription, and was polled."""
    with Home(tmp_path_factory.mktemp("home"), endpoint).cleared() as home:
        assert home.say("subscribe diffusion").status == 0
        assert home.run("poll").status == 0
        yield home
