"""A connection that breaks off is told of while it lasts, and each loss of it in one line of the log."""

from __future__ import annotations

from structlog.testing import capture_logs

from papers.connections import Connections


def test_a_connection_has_to_be_made_before_it_can_be_lost() -> None:
    connections = Connections()
    connection = connections.expect("slack")
    assert connections.troubles() == {"slack": "not connected to Slack yet"}
    with capture_logs() as logs:
        connection.down("the token is refused")
        assert connections.troubles() == {"slack": "the token is refused"}
        connection.up()
    assert connections.troubles() == {"slack": ""}
    assert logs == []


def test_one_that_is_lost_says_why_and_one_that_is_back_for_how_long_it_was() -> None:
    now = [100.0]
    connections = Connections(lambda: now[0])
    connection = connections.expect("discord")
    connection.up()
    with capture_logs() as logs:
        connection.down("shard 1")
        now[0] += 2.0
        connection.down("shard 0, 1")
        assert connections.troubles() == {"discord": "shard 0, 1"}
        now[0] += 0.5
        connection.up()
        connection.up()
    assert connections.troubles() == {"discord": ""}
    lost = {"event": "connection lost", "log_level": "info", "platform": "discord", "reason": "shard 1"}
    assert logs == [
        lost,
        {"event": "connected again", "log_level": "info", "platform": "discord", "after": 2.5},
    ]


def test_a_role_that_hears_from_nobody_has_no_connection_to_lose() -> None:
    assert Connections().troubles() == {}
