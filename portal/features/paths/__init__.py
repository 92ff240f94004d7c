"""Paths: ordered lists of items, such as a first week or a battle pack, with progress that only oneself sees."""
