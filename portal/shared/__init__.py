"""Floor 1: what every feature uses."""
