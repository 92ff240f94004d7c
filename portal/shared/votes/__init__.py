"""Votes: ▲ useful, a row per person and item, reversible, never for oneself."""
