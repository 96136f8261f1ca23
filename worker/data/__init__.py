"""Data sets: what they are, where they lie on this computer, and how they come here; no torch."""
