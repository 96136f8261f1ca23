"""The languages that Paybatch speaks."""

from typing import Literal

Language = Literal["en", "ja"]
