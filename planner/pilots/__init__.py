"""What is fixed before the first run: workload, target, seeds, policies; and what a run is."""
