"""Bots: where Paperboy talks, and the sender that posts what was planned."""
