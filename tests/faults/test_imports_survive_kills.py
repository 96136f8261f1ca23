"""An import that is killed while it is stored leaves a whole pilot or none, and begins anew."""

import random
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.database import open_database
from backend.settings import Settings
from backend.tables import AttemptRow, AuditRow, ChunkRow, ClaimRow, ImportRow, PilotRow, RunRow
from tests.faults.conftest import EVERY_DATABASE, Often, PromiseOf
from tests.faults.importing import bring_in, go_on
from tests.faults.moments import NEVER, Order, ended, was_struck
from tests.support.databases import DATABASES

IMPORTING = "tests.faults.importing"

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Stored:
    """What is there of an import.

    Attributes:
        phase: Of the import.
        pilots: Name and phase of those that somebody sees.
        runs: Of those pilots, each with its attempt.
        series: Packed parts of those runs.
        hidden: Pilots of which only a part may be there.
        claims: Stand-ins for whoever trained the runs.
        told: How often the audit trail says that a pilot was imported.
        files: Files that were brought and lie on the disk.
    """

    phase: str
    pilots: Rows
    runs: Rows
    series: Rows
    hidden: int
    claims: int
    told: int
    files: int


def look(folder: Path, url: str | None) -> Stored:
    """Without an API."""
    settings = Settings(data_dir=folder / "data", database_url=url)
    database = open_database(settings)
    try:
        with database.read() as session:
            return Stored(
                phase=session.scalars(select(ImportRow.phase)).one(),
                pilots=rows(session, select(PilotRow.pilot, PilotRow.phase)),
                runs=rows(
                    session,
                    select(RunRow.number, RunRow.schedule, RunRow.seed, RunRow.step, RunRow.status)
                    .add_columns(AttemptRow.number, AttemptRow.to_step, AttemptRow.evaluations)
                    .select_from(RunRow)
                    .join(PilotRow, RunRow.pilot_id == PilotRow.id)
                    .join(AttemptRow, AttemptRow.run_id == RunRow.id)
                    .order_by(RunRow.number),
                ),
                series=rows(
                    session,
                    select(RunRow.number, ChunkRow.series_group, ChunkRow.number)
                    .add_columns(ChunkRow.columns, ChunkRow.steps, ChunkRow.samples)
                    .select_from(RunRow)
                    .join(PilotRow, RunRow.pilot_id == PilotRow.id)
                    .join(ChunkRow, ChunkRow.run_id == RunRow.id)
                    .order_by(RunRow.number, ChunkRow.series_group, ChunkRow.number),
                ),
                hidden=len(session.scalars(select(PilotRow.id).where(PilotRow.hidden)).all()),
                claims=len(session.scalars(select(ClaimRow.token)).all()),
                told=len(
                    session.scalars(
                        select(AuditRow.number).where(AuditRow.action == "pilot.import")
                    ).all()
                ),
                files=len(list((settings.data_dir / "imports").glob("*/file"))),
            )
    finally:
        database.close()


def rows(session: Session, asked: Any) -> Rows:
    """Rows that belong to pilots which are seen."""
    seen = asked.where(PilotRow.hidden.is_(False))
    return [tuple(row) for row in session.execute(seen)]


@pytest.mark.faults
@pytest.mark.parametrize("kind", EVERY_DATABASE)
def test_an_import_killed_at_any_moment_leaves_all_or_nothing_and_ends_the_same(
    tmp_path: Path, kind: str, rng: random.Random, often: Often, promise: PromiseOf
) -> None:
    figures = promise("P1")
    server = DATABASES.server() if kind == "postgresql" else None
    original = tmp_path / "original"
    first = server.create("paybatch_template", name="brought") if server else None
    bring_in(original, first)

    def another(place: int) -> Order:
        copy = Path(shutil.copytree(original, tmp_path / str(place)))
        return copy, place, server.create("brought") if server else None

    undisturbed = another(NEVER)
    ((status, moments),) = ended(IMPORTING, [undisturbed])
    assert (status, moments > 20) == (0, True)
    whole = look(undisturbed[0], undisturbed[2])
    assert (whole.phase, len(whole.pilots), len(whole.runs)) == ("done", 1, 6)
    assert (whole.hidden, whole.claims, whole.told, whole.files) == (0, 1, 1, 0)

    places = rng.sample(range(1, moments + 1), often(whole=10, short=2))
    orders = [another(place) for place in places]
    for (folder, place, url), told in zip(orders, ended(IMPORTING, orders), strict=True):
        assert was_struck(told, place), place
        found = look(folder, url)
        is_there = found.phase == "done"
        nothing: Rows = []
        assert (found.pilots, found.runs, found.series) == (
            (whole.pilots, whole.runs, whole.series) if is_there else (nothing, nothing, nothing)
        ), place
        assert (found.told, found.hidden <= 1) == (int(is_there), True), place
        assert go_on(folder, url).phase == "done", place
        after = look(folder, url)
        assert after == whole, place
        figures.add(
            kills=int(told[0] != 0),
            found_whole=int(is_there),
            found_nothing=int(not is_there),
            half=0,
        )
