"""A loop that hangs is noticed when it has been still for longer than it may."""

from __future__ import annotations

from papers.pulse import Pulse


def test_a_loop_is_silent_for_longer_than_it_may_only_if_it_hangs() -> None:
    now = [100.0]
    pulse = Pulse(lambda: now[0])
    beat = pulse.expect("sender", 60.0)
    pulse.expect("worker", 400.0)
    now[0] += 60
    assert (pulse.ages(), pulse.hung()) == ({"sender": 60.0, "worker": 60.0}, {})
    now[0] += 1
    assert pulse.hung() == {"sender": 61.0}
    beat()
    assert pulse.hung() == {}


def test_a_role_without_loops_never_hangs() -> None:
    assert Pulse().hung() == {}
