"""A real Valkey for the tests: one server a session, emptied before each test that asks for it."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import structlog
from hypothesis import HealthCheck
from hypothesis import settings as examples

from cli.embedded import EmbeddedValkey
from papers.embedding import load_embedder
from papers.model import Asker, Destination
from papers.ports import Embedder
from papers.settings import Settings, names
from papers.stores.server import Server
from papers.wiring import Core, Stores
from tests.repository import ROOT
from tests.shelves import Shelves

PATIENT = examples(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""How long things take is for the benchmarks to say, on whatever machine."""

examples.register_profile("paperboy", PATIENT, max_examples=40)
examples.register_profile("thorough", PATIENT, max_examples=2000)  # pytest --hypothesis-profile=thorough
examples.load_profile("paperboy")

NOW = datetime(2026, 3, 11, 8, 0, tzinfo=UTC)
"""A Wednesday morning."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take Discord's own API description, if somebody has it, and more time for what is tried at random."""
    parser.addoption("--malformed", type=int, default=1_000, help="how many malformed lines to try (with -o timeout=0)")
    parser.addoption("--discord-openapi", help="a file: hold everything that Discord is asked against it")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect without collecting garbage, and never look again at what stays: it takes a third of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mix files that wait for servers with files that compute, so that neither cores nor workers stand idle.

    What takes longest is begun in the first half: a file is one worker's.
    """
    folders: dict[str, list[Path]] = {}
    for path in dict.fromkeys(item.path for item in items):
        folders.setdefault(path.relative_to(ROOT / "tests").parts[0], []).append(path)
    turn = {
        path: number / len(files) / (2 if folder in {"chaos", "e2e"} else 1)
        for folder, files in folders.items()
        for number, path in enumerate(files)
    }
    items.sort(key=lambda item: turn[item.path])


@pytest.fixture(autouse=True)
def _plain_logs() -> None:
    """Every level, whatever a command set up before; tracebacks as the product writes them.

    structlog's own, with all local variables, take seconds to draw.
    """
    renderer = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.reset_defaults()
    structlog.configure(processors=[structlog.processors.add_log_level, renderer])


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the machine reaches a test, and no test reaches the machine's data."""
    for name in names():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PAPERBOY_DATA", str(tmp_path / "data"))


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedValkey]:
    """The embedded server, as `paperboy up` starts it, but for its fsyncs: nothing here kills it, and disks differ."""
    embedded = EmbeddedValkey(tmp_path_factory.mktemp("valkey"))
    embedded.start()
    with closing(Server(embedded.url)) as server:
        server.call("CONFIG", "SET", "appendfsync", "no")
    yield embedded
    embedded.stop()


@pytest.fixture
def server(valkey: EmbeddedValkey) -> Iterator[Server]:
    """A connection to an empty server."""
    server = Server(valkey.url)
    server.call("FLUSHALL")
    yield server
    server.close()


@pytest.fixture
def stores(server: Server) -> Stores:
    """Every store over the empty server."""
    return Stores(server)


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The real default embedding model."""
    return load_embedder("wordllama")


@pytest.fixture(scope="session")
def shelves(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelves]:
    """Makes indexes of papers at hand; in memory where that is possible, for each is synced several times."""
    memory = Path("/dev/shm")  # noqa: S108 - a directory of its own is made there
    home = memory if memory.is_dir() else tmp_path_factory.getbasetemp()
    with TemporaryDirectory(dir=home) as folder:
        yield Shelves(Path(folder), embedder)


@pytest.fixture
def core(server: Server) -> Iterator[Core]:
    """The core over the empty server, with default settings."""
    core = Core(Settings.load(), server)
    yield core
    core.library.close()


@pytest.fixture
def general() -> Destination:
    """A terminal channel."""
    return Destination("terminal", "local", "general")


@pytest.fixture
def asker(general: Destination) -> Asker:
    """Somebody who talks there."""
    return Asker(general, "ada")
