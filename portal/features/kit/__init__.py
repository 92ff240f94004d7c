"""The own kit: what one has starred, opened lately, searched and saved; own data, shown to nobody else."""
