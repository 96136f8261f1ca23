"""A guide of docs/guide as a page shows it: its title, and its passages between the pictures."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from wording.language import Language

GUIDES = Path(__file__).parents[1] / "docs" / "guide"

Reader = Literal["managers", "engineers"]

_PICTURE = re.compile(r"^!\[(?P<alt>[^\]]+)\]\((?P<path>[^)]+)\)$", re.MULTILINE)
_OTHER_FILE = re.compile(r"(?<!!)\[(?P<words>[^\]]+)\]\((?!https?:)[^)]+\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A part of a guide.

    Attributes:
        text: Markdown up to the next picture, without links to files that no page shows.
        picture: What follows it; None at the end of the guide.
        alt: What the picture shows, in words.
    """

    text: str
    picture: Path | None = None
    alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """A whole guide; its title is not part of the passages."""

    title: str
    passages: tuple[Passage, ...]


@cache
def guide(reader: Reader, language: Language) -> Guide:
    """The guide for a kind of reader, in a language."""
    title, _, rest = (
        (GUIDES / f"{reader}.{language}.md").read_text(encoding="utf-8").partition("\n")
    )
    return Guide(title=title.removeprefix("# "), passages=passages(rest))


def passages(markdown: str) -> tuple[Passage, ...]:
    """The parts of a text that has pictures on lines of their own."""
    found = []
    begin = 0
    for picture in _PICTURE.finditer(markdown):
        found.append(
            Passage(
                text=_readable(markdown[begin : picture.start()]),
                picture=GUIDES / picture["path"],
                alt=picture["alt"],
            )
        )
        begin = picture.end()
    return (*found, Passage(text=_readable(markdown[begin:])))


def _readable(markdown: str) -> str:
    return _OTHER_FILE.sub(lambda link: link["words"], markdown).strip()
