"""LibreOffice as a second opinion: one sheet of live formulas in, its values out.

``python -m tests.spreadsheet.libreoffice`` prints its path, or says what to install.
"""

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

VARIABLE = "PAYBATCH_SOFFICE"
NAMES = ("soffice", "libreoffice")

INSTALL = (
    "The tests against a spreadsheet need {missing}. On Debian: "
    "apt-get install --no-install-recommends libreoffice-calc. "
    f"Another LibreOffice: set {VARIABLE} to the path of its soffice."
)

PATIENCE_S = 180

FULL_PRECISION_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false"
"""Comma, double quote, UTF-8, from the first line; cells as they are, not as they are shown."""

Cell = float | str
"""A number, a text, or a formula in OpenFormula's form, such as ``=[.A1]+1``."""


class LibreOfficeMissing(Exception):
    """What to install before anything can be compared with a spreadsheet."""


def find_libreoffice() -> Path:
    """The program.

    Raises:
        LibreOfficeMissing: There is none.
    """
    named = os.environ.get(VARIABLE)
    found = named or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None or not Path(found).is_file():
        missing = f"LibreOffice ({named} does not exist)" if named else "LibreOffice"
        raise LibreOfficeMissing(INSTALL.format(missing=missing))
    return Path(found)


def calculated(rows: Sequence[Sequence[Cell]], folder: Path) -> list[list[str]]:
    """What LibreOffice makes of a sheet, cell by cell; one start of the program."""
    sheet = folder / "sheet.fods"
    sheet.write_text(_flat_document(rows), encoding="utf-8")
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [
            *(find_libreoffice(), f"-env:UserInstallation={profile}", "--headless"),
            *("--convert-to", FULL_PRECISION_CSV, "--outdir", folder, sheet),
        ],
        check=True,
        capture_output=True,
        timeout=PATIENCE_S,
    )
    with (folder / "sheet.csv").open(encoding="utf-8", newline="") as read:
        return list(csv.reader(read))


def column(place: int) -> str:
    """Letters of a column, from 0: A, B, ... Z, AA."""
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _flat_document(rows: Sequence[Sequence[Cell]]) -> str:
    lines = "".join(
        f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in rows
    )
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {names} '
        'xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2" office:version="1.3" '
        'office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:body>'
        f'<office:spreadsheet><table:table table:name="Cases">{lines}</table:table>'
        "</office:spreadsheet></office:body></office:document>"
    )


def _cell(cell: Cell) -> str:
    if isinstance(cell, str) and cell.startswith("="):
        return f"<table:table-cell table:formula={quoteattr('of:' + cell)}/>"
    if isinstance(cell, str):
        text = escape(cell)
        return (
            f'<table:table-cell office:value-type="string"><text:p>{text}</text:p>'
            "</table:table-cell>"
        )
    return f'<table:table-cell office:value-type="float" office:value="{cell!r}"/>'


def main() -> None:
    """Prints the path, or says what to install."""
    try:
        sys.stdout.write(f"Spreadsheet of the tests: {find_libreoffice()}\n")
    except LibreOfficeMissing as missing:
        sys.exit(str(missing))


if __name__ == "__main__":
    main()
