"""Several machines: network namespaces of this one, with servers that fail over while papers are posted.

    sudo python -m benchmarks.machines [--minutes 2] [--cut] [--senders]

--cut also cuts the site in two, with the old primary and clients on either side; --senders measures posts a second by
the number of senders over a platform that takes seconds to answer, so that waiting and not this CPU is what is shared.
See `tests.machines.gale` for what is done to whom, docs/delivery.md for what it shows. Needs root and iproute2.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import structlog
from rich.console import Console
from rich.table import Table

from tests.chaos.ledger import percentile
from tests.machines.gale import DISASTERS, LASTS, Outcome, blow
from tests.machines.network import is_possible
from tests.machines.pace import paces
from tests.machines.site import HOSTS

SILENCE = 10.0
"""Seconds without an acknowledged write, at most."""


def _table(outcome: Outcome) -> Table:
    table = Table("", "measured", "goal", title=f"{len(HOSTS)} machines")
    report, (median, longest) = outcome.report, outcome.gap
    table.add_row("storm", f"{report.seconds:.0f} s, then {report.calm:.0f} s to come to rest", "")
    for disaster, times in sorted(outcome.disasters.items()):
        table.add_row(f"  {disaster}" + ("" if "kill" in disaster else f" for {LASTS:g} s"), str(times), "")
    table.add_row("roles killed", str(report.kills), "")
    table.add_row("roles that ended by themselves", str(outcome.deaths.total()), "")
    table.add_row("deliveries", str(report.tally.deliveries), "")
    table.add_row("(channel, paper) pairs", str(report.tally.pairs), "")
    table.add_row("lost", str(len(report.tally.lost)), "0")
    table.add_row("doubled", str(len(report.tally.doubled)), "0")
    table.add_row("subscriptions acknowledged", str(outcome.acknowledged), "")
    table.add_row("of them taken back", str(outcome.forgotten), "0")
    table.add_row("no write acknowledged for, median", f"{median:.1f} s", "")
    table.add_row("no write acknowledged for, longest", f"{longest:.1f} s", f"<= {SILENCE:g} s")
    table.add_row("kill to next delivery, p99", f"{percentile(report.recoveries, 0.99):.1f} s", "")
    return table


def main() -> int:
    """Print the tables; 1 if a goal is missed, 2 if there can be no machines here."""
    parser = argparse.ArgumentParser(description="A storm over several machines.")
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--cut", action="store_true", help="cut the site in two as well")
    parser.add_argument("--senders", action="store_true", help="measure posts a second by the number of senders")
    given = parser.parse_args()
    problem = is_possible()
    if problem:
        Console(stderr=True).print(f"no machines can be made here: {problem}")
        return 2
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    plan = [one for one in DISASTERS if given.cut or one != "split"] * max(1, round(given.minutes))
    with tempfile.TemporaryDirectory(prefix="paperboy-machines-") as folder:
        if given.senders:
            Console().print(_by_senders(Path(folder)))
            return 0
        outcome = blow(Path(folder), given.minutes * 60, plan=plan)
    Console().print(_table(outcome))
    return int(not outcome.is_exact or outcome.gap[1] > SILENCE)


def _by_senders(folder: Path) -> Table:
    table = Table("senders", "on machines", "posts/s", title="a platform that answers after 3 s")
    for pace in paces(folder):
        table.add_row(str(pace.senders), str(pace.machines), f"{pace.rate:.0f}")
    return table


if __name__ == "__main__":
    sys.exit(main())
