"""Learning rate, batch size and momentum over a run, and what a schedule means step by step."""
