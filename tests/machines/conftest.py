"""Several machines need root and network namespaces, so these tests are collected only where they are asked for."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Known where pytest is pointed at this directory."""
    parser.addoption("--machines", action="store_true", help="several machines on this one; needs root and iproute2")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the tests alone unless they are asked for; None leaves it to others."""
    is_test = collection_path.name.startswith("test_")
    return True if is_test and not config.getoption("--machines", default=False) else None
