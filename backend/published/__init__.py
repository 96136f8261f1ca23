"""What ships with the program: prices, fabrics, settings, cases and examples, read from data/."""
