"""Competitors: the companies that we meet; for now their names, which objections point to."""
