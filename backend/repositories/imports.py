"""Imports in the database, and the pilots of which only a part is stored."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session, defer

from backend.tables import AttemptRow, ChunkRow, ClaimRow, ImportRow, PilotRow, RunRow
from planner.exchange.imports import AT_WORK

LONG_PARTS = (ImportRow.found, ImportRow.mapping, ImportRow.read, ImportRow.terms)
"""What grows with the file, or with what was said of it."""

CHUNKS_AT_ONCE = 200
"""In one transaction: at most some megabytes, so that nobody waits for long."""


def add(session: Session, row: ImportRow) -> None:
    """Stores a new one."""
    session.add(row)
    session.flush()


def find(session: Session, import_id: str) -> ImportRow | None:
    """One import, or None."""
    return session.get(ImportRow, import_id)


def find_brief(session: Session, import_id: str) -> ImportRow | None:
    """The same without loading what was found and read, which may be thousands of runs."""
    unread = [defer(part, raiseload=True) for part in LONG_PARTS]
    return session.get(ImportRow, import_id, options=unread)


def remove(session: Session, row: ImportRow) -> None:
    """Forgets one."""
    session.delete(row)


def at_work(session: Session) -> Sequence[str]:
    """Imports that the API has something to do for, oldest first."""
    chosen = select(ImportRow.id).where(ImportRow.phase.in_(AT_WORK))
    return session.scalars(chosen.order_by(ImportRow.created_at, ImportRow.id)).all()


def asked(session: Session) -> Sequence[str]:
    """Imports that wait for somebody, or that nobody can read."""
    waits = ImportRow.phase.not_in((*AT_WORK, "done"))
    return session.scalars(select(ImportRow.id).where(waits)).all()


def known(session: Session) -> set[str]:
    """Imports whose file is still wanted."""
    return set(session.scalars(select(ImportRow.id).where(ImportRow.phase != "done")))


def done(session: Session) -> set[str]:
    """Imports whose runs are stored."""
    return set(session.scalars(select(ImportRow.id).where(ImportRow.phase == "done")))


def pilot_of_file(session: Session, sha256: str) -> str | None:
    """Newest pilot that an import of the same file became."""
    chosen = (
        select(ImportRow.pilot_id)
        .where(ImportRow.sha256 == sha256, ImportRow.phase == "done")
        .order_by(ImportRow.created_at.desc())
        .limit(1)
    )
    return session.scalar(chosen)


def add_rows(
    session: Session,
    runs: Sequence[Mapping[str, object]],
    attempts: Sequence[Mapping[str, object]],
) -> None:
    """Stores the runs of an import, each with its one attempt."""
    session.flush()
    session.execute(insert(RunRow), list(runs))
    session.execute(insert(AttemptRow), list(attempts))


def add_chunks(session: Session, chunks: Sequence[Mapping[str, object]]) -> None:
    """Stores a portion of its series."""
    session.execute(insert(ChunkRow), list(chunks))


def hidden(session: Session) -> Sequence[str]:
    """Pilots of which only a part was stored."""
    return session.scalars(select(PilotRow.id).where(PilotRow.hidden)).all()


def sweep(session: Session, pilot_id: str) -> bool:
    """Removes a portion of a hidden pilot; says whether more of it is left."""
    runs = select(RunRow.id).where(RunRow.pilot_id == pilot_id).scalar_subquery()
    key = (ChunkRow.run_id, ChunkRow.attempt, ChunkRow.series_group, ChunkRow.number)
    some = session.execute(
        select(*key).where(ChunkRow.run_id.in_(runs)).limit(CHUNKS_AT_ONCE)
    ).all()
    for run_id, attempt, group, number in some:
        session.execute(
            delete(ChunkRow).where(
                ChunkRow.run_id == run_id,
                ChunkRow.attempt == attempt,
                ChunkRow.series_group == group,
                ChunkRow.number == number,
            )
        )
    if some:
        return True
    tokens = session.scalars(select(AttemptRow.token).where(AttemptRow.run_id.in_(runs))).all()
    session.execute(delete(AttemptRow).where(AttemptRow.run_id.in_(runs)))
    session.execute(delete(ClaimRow).where(ClaimRow.token.in_(set(tokens))))
    session.execute(delete(RunRow).where(RunRow.pilot_id == pilot_id))
    session.execute(delete(PilotRow).where(PilotRow.id == pilot_id, PilotRow.hidden))
    return False
