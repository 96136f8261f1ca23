"""What worker, API and page say to each other."""
