"""Exchange: everything as a ZIP of Markdown files with front matter, written, and read back without loss."""
