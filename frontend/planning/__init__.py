"""A plan while it is written."""
