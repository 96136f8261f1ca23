"""Report files as commands write them: asked of a running Paybatch, or drawn right here."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from backend.cli.client import Client
from backend.cli.files import read_text
from backend.reports.file_name import BEGINNING, file_name
from backend.reports.formats import FORMATS, rendered
from backend.reports.report_source import ReportSource
from backend.wire.codec import decode
from backend.wire.problems import InputError, Problem
from planner.exchange.report_files import ReportOrder, ReportRecord
from wording.catalogue import LANGUAGES

REPORTS = "reports"
"""Folder of reports below the results of a pilot."""


def emptied(folder: Path) -> Path:
    """A folder without the reports of an earlier pilot."""
    for left_over in folder.glob(f"{BEGINNING}*"):
        left_over.unlink()
    return folder


def read_record(path: Path) -> ReportRecord:
    """A report in JSON.

    Raises:
        InputError: It is no such report.
    """
    try:
        data = json.loads(read_text(path))
    except ValueError as error:
        raise InputError((Problem(field=str(path), code="not_json"),)) from error
    return decode(ReportRecord, data)


def every_order() -> tuple[ReportOrder, ...]:
    """Every kind of file in every language; one without words once."""
    return tuple(
        ReportOrder(format=form, language=language)
        for form, chosen in FORMATS.items()
        for language in (LANGUAGES if chosen.in_language else LANGUAGES[:1])
    )


def made_by_api(
    client: Client, pilot_id: str, orders: Iterable[ReportOrder], folder: Path
) -> Iterator[Path]:
    """Has a running Paybatch make and keep reports, and writes each into a folder.

    Raises:
        InputError: The API refuses one, or nothing can be written there.
    """
    for order in orders:
        made = client.make_report(pilot_id, order)
        yield _written(folder / Path(made.file_name).name, client.report_file(made.number))


def drawn_here(source: ReportSource, orders: Iterable[ReportOrder], folder: Path) -> Iterator[Path]:
    """Draws reports of measurements at hand, and writes each into a folder.

    Raises:
        InputError: Nothing can be written there.
    """
    for order in orders:
        name = file_name(source.facts, order.format, order.language)
        yield _written(folder / name, rendered(source, order.format, order.language))


def orders_of(formats: Iterable[str], order: ReportOrder) -> tuple[ReportOrder, ...]:
    """The same order for several kinds of files."""
    return tuple(replace(order, format=form) for form in formats)  # type: ignore[arg-type]


def _written(path: Path, content: bytes) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise InputError((Problem(field=str(path), code="folder_not_writable"),)) from error
    return path
