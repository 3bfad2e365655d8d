"""How long the crash test goes on; both options are known where pytest is pointed at this directory."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register them."""
    parser.addoption(
        "--chaos-minutes",
        type=float,
        help="minutes that each storm lasts, over every platform (default: 8 s, over one)",
    )
    parser.addoption("--model-steps", type=int, help="steps that the delivery model takes (default: 3,300)")
