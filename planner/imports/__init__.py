"""Runs that were measured elsewhere: as they were logged, and what is read from that."""
