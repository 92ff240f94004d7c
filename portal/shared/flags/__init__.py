"""Flags: readers say that something is not right, managers decide, and who said it hears what became of it."""
