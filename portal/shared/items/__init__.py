"""Items: everything that can be found, voted on, discussed and flagged has one parent here."""
