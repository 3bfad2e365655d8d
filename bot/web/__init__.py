"""What is read outside of chats, by HTTP: a role of its own, which posts nothing."""
