"""Review: the one queue in which managers and verifiers keep the words true, in the order of a published risk."""
