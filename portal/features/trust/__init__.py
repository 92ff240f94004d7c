"""Saying who keeps an item true: its owner, its verifier, and how often it is looked at again."""
