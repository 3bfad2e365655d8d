"""Discord: the bot, what it shows, and how it posts."""
