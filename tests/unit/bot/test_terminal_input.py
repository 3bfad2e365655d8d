"""Who is told that what they feed the terminal bot is not read."""

from __future__ import annotations

import os
import pty
from pathlib import Path

from bot.terminal.app import is_fed


def test_lines_come_by_pipes_and_files_and_not_by_terminals_and_dev_null(tmp_path: Path) -> None:
    (tmp_path / "lines").write_text("/papers list\n")
    ours, terminal = pty.openpty()
    opened = [os.open(tmp_path / "lines", os.O_RDONLY), *os.pipe(), os.open(os.devnull, os.O_RDONLY), ours, terminal]
    try:
        lines, pipe, _, nothing, _, terminal = opened
        assert [is_fed(one) for one in (lines, pipe)] == [True, True]
        assert [is_fed(one) for one in (nothing, terminal)] == [False, False]
    finally:
        for one in opened:
            os.close(one)
    assert not is_fed(lines)
