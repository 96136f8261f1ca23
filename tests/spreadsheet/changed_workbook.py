"""A workbook with some inputs changed, as LibreOffice calculates it again."""

import subprocess
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook, load_workbook

from tests.spreadsheet.libreoffice import PATIENCE_S, find_libreoffice

Changes = Mapping[str, float | str]
"""New values of inputs by the names of their cells."""


def changed(book: bytes, changes: Changes) -> Workbook:
    """The workbook with other inputs; its formulas have no values, so all are calculated."""
    opened = load_workbook(BytesIO(book))
    for name, value in changes.items():
        place, cell = place_of(opened, name)
        opened[place][cell] = value
    return opened


def place_of(book: Workbook, name: str) -> tuple[str, str]:
    """Sheet and cell of a named cell."""
    [(sheet, cell)] = book.defined_names[name].destinations
    return sheet, cell.replace("$", "")


def recalculated(books: Sequence[Workbook], folder: Path) -> list[Workbook]:
    """What LibreOffice makes of each; one start of the program for all of them."""
    asked, answered = folder / "asked", folder / "answered"
    asked.mkdir(parents=True)
    paths = [asked / f"{place}.xlsx" for place in range(len(books))]
    for path, book in zip(paths, books, strict=True):
        book.save(path)
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [
            *(find_libreoffice(), f"-env:UserInstallation={profile}", "--headless"),
            *("--convert-to", "xlsx", "--outdir", answered, *paths),
        ],
        check=True,
        capture_output=True,
        timeout=PATIENCE_S,
    )
    return [load_workbook(answered / path.name, data_only=True) for path in paths]
