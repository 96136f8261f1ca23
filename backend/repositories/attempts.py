"""Attempts and their checkpoints in the database."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.tables import AttemptRow, CheckpointRow, RunRow


def add(session: Session, attempt: AttemptRow) -> None:
    """Stores a new attempt."""
    session.add(attempt)
    session.flush()


def find(session: Session, run_id: str, number: int) -> AttemptRow | None:
    """One attempt, or None."""
    return session.get(AttemptRow, (run_id, number))


def by_token_hash(session: Session, token_hash: str) -> AttemptRow | None:
    """The attempt whose token has this hash, or None."""
    return session.scalars(
        select(AttemptRow).where(AttemptRow.token_hash == token_hash)
    ).one_or_none()


def started(session: Session, run_ids: Sequence[str]) -> dict[str, list[AttemptRow]]:
    """Attempts that began to train, oldest first, for each of several runs."""
    found: dict[str, list[AttemptRow]] = {run_id: [] for run_id in run_ids}
    chosen = (
        select(AttemptRow)
        .where(AttemptRow.run_id.in_(run_ids), AttemptRow.from_step.is_not(None))
        .order_by(AttemptRow.run_id, AttemptRow.number)
    )
    for attempt in session.scalars(chosen):
        found[attempt.run_id].append(attempt)
    return found


def bundle_sizes(session: Session, run_ids: Sequence[str]) -> dict[str, int]:
    """Number of runs that each run's newest attempt is trained together with, itself included."""
    chosen = (
        select(AttemptRow.run_id, AttemptRow.bundle_size)
        .join(RunRow, (RunRow.id == AttemptRow.run_id) & (RunRow.attempt == AttemptRow.number))
        .where(RunRow.id.in_(run_ids))
    )
    return dict(session.execute(chosen).all())


def fell_at(session: Session, run_ids: Sequence[str]) -> dict[str, int]:
    """Step from which a run follows another schedule than its own, for those of several that do."""
    if not run_ids:
        return {}
    chosen = select(AttemptRow.run_id, AttemptRow.from_step).where(
        AttemptRow.run_id.in_(run_ids), AttemptRow.cause == "fall_back"
    )
    return {run_id: step for run_id, step in session.execute(chosen) if step is not None}


def farthest_step_before(session: Session, run_id: str, number: int) -> int:
    """Largest step that any earlier attempt reached since the last rollback; 0 without one."""
    rollback = select(func.coalesce(func.max(AttemptRow.number), 0)).where(
        AttemptRow.run_id == run_id, AttemptRow.number <= number, AttemptRow.cause != "claim"
    )
    farthest = select(func.max(AttemptRow.to_step)).where(
        AttemptRow.run_id == run_id,
        AttemptRow.number < number,
        AttemptRow.number >= rollback.scalar_subquery(),
    )
    return session.scalar(farthest) or 0


def save_checkpoint(session: Session, checkpoint: CheckpointRow) -> None:
    """Stores a checkpoint; a repeated one replaces itself."""
    session.merge(checkpoint)
    session.flush()


def checkpoints(session: Session, run_id: str) -> Sequence[CheckpointRow]:
    """A run's checkpoints: of the newest attempt first, its farthest first."""
    chosen = (
        select(CheckpointRow)
        .where(CheckpointRow.run_id == run_id)
        .order_by(CheckpointRow.attempt.desc(), CheckpointRow.step.desc())
    )
    return session.scalars(chosen).all()
