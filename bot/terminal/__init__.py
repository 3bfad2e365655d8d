"""The terminal as a platform: channels, posts and `/papers …`, without a token."""
