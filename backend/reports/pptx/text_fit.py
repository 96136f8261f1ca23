"""Text that fits its box: widths measured with a real font, smaller sizes tried, then cut."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources.abc import Traversable

import noto_cjk_sans_jp_bold
import noto_cjk_sans_jp_regular
from PIL import ImageFont

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
LINE_HEIGHT = 1.3
"""Distance of two lines over the size of the text; the deck states it, so it holds everywhere."""

SPARE = 1.02
LATIN_SPARE = 1.17
"""Factors on measured widths: the reader's typefaces are not the ones measured with. Kanji and
kana are one square each anywhere; the widest common stand-in for Latin is a sixth wider [ours]."""

GAP_EM = 0.25
"""Put between Latin and Japanese by programs that lay out text in the Japanese way."""

_MEASURED_AT = 100
_CLOSING = "、。，．・：；？！）」』】〕〉》ー々〜…,.:;?!)]}%％"
_OPENING = "（「『【〔〈《([{"
_WIDE = r"[\u3000-\u9fff\uff00-\uffef]"
_CHANGE = re.compile(f"(?<=[!-~])(?={_WIDE})|(?<={_WIDE})(?=[!-~])")
_PIECE = re.compile(r"[\x21-\x7e\u00a0-\u024f\u2010-\u2027\u2212]+ ?|\s|.", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A text as it is shown.

    Attributes:
        text: The whole, or its beginning with an ellipsis.
        size_pt: Of its letters.
        lines: How many it takes.
        cut: Whether some of it is missing.
    """

    text: str
    size_pt: float
    lines: int
    cut: bool


def fitted(
    text: str, *, width_pt: float, height_pt: float, sizes_pt: Sequence[float], bold: bool = False
) -> Fitted:
    """The text in the largest of falling sizes that fits; else cut at the smallest."""
    for size in sizes_pt:
        lines = line_count(text, width_pt=width_pt, size_pt=size, bold=bold)
        if lines * size * LINE_HEIGHT <= height_pt:
            return Fitted(text=text, size_pt=size, lines=lines, cut=False)
    smallest = sizes_pt[-1]
    allowed = max(1, int(height_pt / (smallest * LINE_HEIGHT)))
    short = shortened(text, width_pt=width_pt, size_pt=smallest, lines=allowed, bold=bold)
    return Fitted(text=short, size_pt=smallest, lines=allowed, cut=True)


def shortened(
    text: str, *, width_pt: float, size_pt: float, lines: int = 1, bold: bool = False
) -> str:
    """The longest beginning that takes so many lines, with an ellipsis; the whole if it fits."""

    def fits(candidate: str) -> bool:
        return line_count(candidate, width_pt=width_pt, size_pt=size_pt, bold=bold) <= lines

    if fits(text):
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(text[:middle].rstrip() + ELLIPSIS):
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + ELLIPSIS


def line_count(text: str, *, width_pt: float, size_pt: float, bold: bool = False) -> int:
    """How many lines a text takes; words stay whole unless one is wider than the line."""
    allowed = width_pt / (size_pt * SPARE)
    lines, used, before = 1, 0.0, ""
    for piece in _unbreakable(text):
        if _CHANGE.search(before + piece[0]):
            used += GAP_EM
        before = piece[-1]
        width = width_em(piece.rstrip(), bold=bold)
        if used + width <= allowed:
            used += width_em(piece, bold=bold)
            continue
        lines += bool(used)
        whole_lines = int(width / allowed) if width > allowed else 0
        lines += whole_lines
        used = width_em(piece, bold=bold) - whole_lines * allowed
    return lines


def width_pt(text: str, *, size_pt: float, bold: bool = False) -> float:
    """Width of a text on one line, with what is spared for another typeface."""
    return width_em(text, bold=bold) * size_pt * SPARE


@lru_cache(maxsize=4096)
def width_em(text: str, *, bold: bool = False) -> float:
    """Width over size."""
    font = _font(bold)
    latin = "".join(sign for sign in text if sign < "\u2e80")
    spared = (LATIN_SPARE - 1) * font.getlength(latin) if latin else 0.0
    gaps = 0.0 if text.isascii() else GAP_EM * len(_CHANGE.findall(text))
    return (font.getlength(text) + spared) / _MEASURED_AT + gaps


def _unbreakable(text: str) -> Iterator[str]:
    """Words, and single signs of Japanese with the punctuation that may not leave them."""
    held = ""
    for piece in _PIECE.findall(text):
        if held and (piece[0] in _CLOSING or held[-1] in _OPENING):
            held += piece
            continue
        if held:
            yield held
        held = piece
    if held:
        yield held


@lru_cache(maxsize=2)
def _font(bold: bool) -> ImageFont.FreeTypeFont:
    found: Traversable = (
        noto_cjk_sans_jp_bold.FONT_PATH if bold else noto_cjk_sans_jp_regular.FONT_PATH
    )
    return ImageFont.truetype(str(found), _MEASURED_AT, layout_engine=ImageFont.Layout.BASIC)
