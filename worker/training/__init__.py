"""The trainer: trains a run or a bundle step by step, and goes on where it was stopped."""
