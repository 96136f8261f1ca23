"""The disk: room in reserve, and the lock on the data folder."""
