"""What was decided about a pilot, on what, and what production made of it."""
