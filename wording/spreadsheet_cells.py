"""Cells as spreadsheets of both languages take them."""

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A text that begins so may be run; spreadsheets set up for Japanese may read the wide signs as the
narrow ones (OWASP)."""
