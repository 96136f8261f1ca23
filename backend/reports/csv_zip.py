"""A report as tables: every CSV file of a pilot in one archive, which is the same byte by byte."""

import io
import zipfile
from collections.abc import Iterable

from backend.reports.csv_table import Table, table_bytes, table_of
from backend.reports.pilot_tables import pilot_tables
from backend.reports.report_source import ReportSource
from planner.exchange.report_files import evidence_in

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The day that an archive begins to count from; a clock would make every archive another one."""

_UNIX, _READABLE = 3, 0o100644 << 16


def csv_zip(source: ReportSource) -> bytes:
    """UTF-8 tables with their mark, full precision, and nothing that a spreadsheet would run."""
    tables = pilot_tables(evidence_in(source.given), source.facts.review)
    return _archive((about_table(source), *tables))


def about_table(source: ReportSource) -> Table:
    """What the tables are of, and the hashes of what they were computed from."""
    facts = source.facts
    rows = {
        "pilot": facts.review.pilot,
        "pilot_id": facts.pilot_id,
        "schedule": facts.schedule,
        "reported_on": facts.reported_on,
        "data_sha256": facts.data_sha256,
        "assumptions_sha256": facts.assumptions_sha256,
        "code_version": facts.code_version,
    }
    return table_of(
        "about", ("name", "value"), ({"name": name, "value": rows[name]} for name in rows)
    )


def _archive(tables: Iterable[Table]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for table in tables:
            entry = zipfile.ZipInfo(f"{table.name}.csv", date_time=_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = _UNIX, _READABLE
            archive.writestr(entry, table_bytes(table))
    return stream.getvalue()
