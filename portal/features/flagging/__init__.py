"""Flagging: "Is this right?" under each item, and what became of one's reports."""
