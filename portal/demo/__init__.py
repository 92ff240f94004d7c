"""The demo company: data files and the loader that plays them through the real operations."""
