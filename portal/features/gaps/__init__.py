"""Gaps: what several people searched in vain, and what becomes of it."""
