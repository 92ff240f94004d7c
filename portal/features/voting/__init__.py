"""Voting: the door behind every ▲."""
