"""Parts of this bot, run alone where a part is what is measured."""
