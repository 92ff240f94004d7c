"""Handouts: print view, single file, Markdown and PDF of an item or a path."""
