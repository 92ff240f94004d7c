"""What is being written: texts that nobody has saved yet, and who has which form open."""
