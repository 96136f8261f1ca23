"""How many devices one worker has, and so how many can train one run."""

from planner.bounds import check_at_least, check_at_most

MOST_DEVICES = 64
"""Devices of one computer."""


def check_device_count(count: int, field: str = "device_count") -> None:
    """Refuses what no worker can have."""
    check_at_least(count, 1, field)
    check_at_most(count, MOST_DEVICES, field)
