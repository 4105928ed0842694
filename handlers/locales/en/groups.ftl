## In groups, and after a block.

groups-private-only = I only work in a private chat, so I am leaving this group now.
groups-back = You are back. Shall I go on writing to you at your times?
groups-not-now = Not now
