"""The front page: search, not a dashboard."""
