"""Email as a platform: a day's papers in one mail, to who confirmed that they want it."""
