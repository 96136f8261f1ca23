"""How charts are drawn for one reader."""

from dataclasses import dataclass

from wording.charts.palette import Palette
from wording.language import Language

TEXT_PX = 13
SMALL_PX = 11
WIDE_LETTERS = frozenset("MWmw@%&")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Colours, language and size of a drawing.

    Attributes:
        main: Name of the candidate that the report is about; it has the accent colour.
        mark: What stands beside the break-even mark; empty for nothing.
        font: Family of all text; None for that of the page around it.
        currency: Code of the amounts beside the bars of a tornado; empty for none.
    """

    palette: Palette
    language: Language
    main: str
    width_px: float = 660
    height_px: float = 330
    mark: str = ""
    font: str | None = None
    currency: str = ""


def text_width_px(shown: str, size_px: float = TEXT_PX) -> float:
    """Width of a line of text, about and never much too little."""
    return size_px * sum(_width_em(character) for character in shown)


def _width_em(character: str) -> float:
    if character in WIDE_LETTERS:
        return 0.95
    return 0.58 if character.isascii() else 1.0
