"""Preview: what is being written, as readers will see it."""
