"""Keyword and topic matching of a batch of papers against many subscriptions: decisions, no I/O."""
