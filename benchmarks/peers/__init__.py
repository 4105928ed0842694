"""Other ways to do the same work, written as their own documentation teaches."""
