"""Uploads: files come in through one door, and go out to those who may see them."""
