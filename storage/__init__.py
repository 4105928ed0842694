"""What the bot remembers: the only place with SQL. Plain functions that take a session first and never commit."""
