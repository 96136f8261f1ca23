"""What a run measures while it trains, and what its meters say."""
