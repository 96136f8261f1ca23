"""Ranks of one run on other computers: the programs that hold them, and what they are told."""
