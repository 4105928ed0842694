"""What the bot decides about a person: pure rules, no input or output, no clock."""
