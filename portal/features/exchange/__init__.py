"""Exchange: everything that a manager may see, to take away as files."""
