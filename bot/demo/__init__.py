"""The demo: a stand-in for Telegram's Bot API, a page with two phones, and a clock that can be moved."""
