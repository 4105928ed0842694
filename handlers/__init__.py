"""What the bot says, and how it reads what Telegram brings: one file a topic."""
