"""`paperboy backfill` as a process: interrupted, it says how to go on; and it goes on."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.processes import Home, until
from tests.fakes.entries import item
from tests.fakes.upstream import Upstream

DAYS = ("2025-03-01", "2025-03-02", "2025-03-03")
WORDS = ("--since", DAYS[0], "--until", DAYS[-1])


def test_interrupted_it_says_how_to_go_on_and_goes_on(tmp_path: Path) -> None:
    with Upstream() as upstream, Home(tmp_path, upstream.url).cleared() as home:
        for number, day in enumerate(DAYS):
            upstream.day(day, [item(f"2503.0000{number}", f"Diffusion on {day}")])
        upstream.fail("slow", seconds=5)
        running = home.start("backfill", *WORDS)
        until(lambda: bool(upstream.requests), "the first day")
        running.interrupt()
        assert running.wait() == 1
        assert "Traceback" not in running.said
        assert f"stopped; what is stored stays. `paperboy backfill {' '.join(WORDS)}` goes on from here" in running.said
        ran = home.run("backfill", *WORDS)
        assert ran.status == 0, ran.out + ran.err
        assert "3 days stored, 0 of them without papers; 3 papers, 3 of them new" in ran.out
        stats = home.run("stats", "--json").json
        assert stats["papers"] == 3
        assert stats["archive"] == {
            "first": DAYS[0],
            "last": DAYS[-1],
            "days": 3,
            "backfilled": [
                {"source": "huggingface", "first": DAYS[0], "last": DAYS[-1], "days": 3}
                | {"days_missing": 0, "missing": []},
            ],
        }
