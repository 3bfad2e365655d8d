"""Redis: what is kept, under which key, and the scripts that change several keys at once."""
