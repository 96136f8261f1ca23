"""A deck of slides for the meeting: native charts, both typefaces, notes for the speaker."""

from backend.reports.pptx.deck import deck_bytes

__all__ = ["deck_bytes"]
