"""Review: the queue by keys, and Monday, the one start of a manager's week."""
