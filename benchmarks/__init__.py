"""How fast the bot is beside its peers: all of them in one run, in turns, against the same stand-in."""
