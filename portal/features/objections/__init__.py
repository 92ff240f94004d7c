"""Objections and questions, and the answers that peers give to them."""
