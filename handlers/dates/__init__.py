"""The parts of a typed date: plain words, the clock in them, and the day."""
