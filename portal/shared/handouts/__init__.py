"""Handouts: an item or a whole path as something to print, to send, and to keep where there is no network."""
