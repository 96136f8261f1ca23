"""The laboratory: the only program that knows torch."""
