"""The doors of what is being written."""
