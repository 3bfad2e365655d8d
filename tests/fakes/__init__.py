"""The far side of the network, played on loopback."""
