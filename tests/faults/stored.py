"""What lies in the database of an API that is not running, read without it."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import metric_store
from backend.database import open_database
from backend.settings import Settings
from backend.tables import AuditRow, ChunkRow, DraftRow, PilotRow, PriceRow, RunRow


class Stored:
    """One snapshot of a database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def check_whole(self) -> None:
        """The file of SQLite is sound; PostgreSQL sees to that itself."""
        if self._session.get_bind().dialect.name == "sqlite":
            connection = self._session.connection()
            told = connection.exec_driver_sql("PRAGMA integrity_check").all()
            assert [tuple(row) for row in told] == [("ok",)]
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []

    def pilots(self) -> dict[str, set[str]]:
        """Ids of pilots by name."""
        found = defaultdict(set)
        for pilot, pilot_id in self._session.execute(select(PilotRow.pilot, PilotRow.id)):
            found[str(pilot["name"])].add(pilot_id)
        return dict(found)

    def runs_of_pilots(self) -> Counter[str]:
        """Number of runs by pilot."""
        counted = select(RunRow.pilot_id, func.count()).group_by(RunRow.pilot_id)
        return Counter(dict(self._session.execute(counted).all()))

    def created(self) -> Counter[str]:
        """How often the audit trail tells of a pilot that it was created."""
        chosen = select(AuditRow.subject_id).where(AuditRow.action == "pilot.create")
        return Counter(self._session.scalars(chosen))

    def prices(self) -> Counter[str]:
        """Number of rows by id."""
        return Counter(self._session.scalars(select(PriceRow.id)))

    def draft(self, draft_id: str) -> dict[str, object]:
        """What a draft says; nothing if there is none."""
        row = self._session.get(DraftRow, draft_id)
        return {} if row is None else row.body

    def run(self, run_id: str) -> RunRow:
        row = self._session.get(RunRow, run_id)
        assert row is not None
        return row

    def series(self, run_id: str, group: str, column: str) -> tuple[list[int], list[float]]:
        """Every point of a column of the first attempt: steps and values, as stored."""
        chosen = (
            select(ChunkRow)
            .where(ChunkRow.run_id == run_id, ChunkRow.series_group == group, ChunkRow.attempt == 1)
            .order_by(ChunkRow.number)
        )
        steps: list[int] = []
        values: list[float] = []
        for row in self._session.scalars(chosen):
            block = metric_store.unpack(steps=row.steps, columns=row.columns, samples=row.samples)
            steps += block.steps.tolist()
            values += block.column(column).tolist()
        return steps, values


@contextmanager
def stored_by(settings: Settings) -> Iterator[Stored]:
    """The database of these settings; no API may have it open."""
    database = open_database(settings)
    try:
        with database.read() as session:
            yield Stored(session)
    finally:
        database.close()
