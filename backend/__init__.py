"""The HTTP API: the only program that opens the database."""
