"""Rows of the tables, as people read them and as files."""
