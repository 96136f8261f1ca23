"""Files that are part of every page."""

from functools import cache
from pathlib import Path

ASSETS = Path(__file__).parents[1] / "assets"


@cache
def asset(name: str) -> str:
    """The text of one file."""
    return (ASSETS / name).read_text(encoding="utf-8")
