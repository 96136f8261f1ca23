"""What is counted and measured for those who watch an installation."""

from backend.instruments.instruments import Instruments

__all__ = ["Instruments"]
