"""Runs, their attempts, and what an attempt leaves behind."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.tables.base import Base
from planner.devices.throughput import Execution
from planner.exchange.work import SeriesGroup
from planner.pilots.run import AttemptCause, Purpose, RunStatus


class RunRow(Base):
    """A run and its place in the life cycle.

    ``number`` is the order within the pilot; ``wish`` is what somebody asked of a running run and
    the trainer has not done yet; ``lost_attempts`` counts since the last progress; ``store_url`` is
    where its checkpoints are, so that only a worker that reaches them takes it; ``device_count``
    is how many devices its next attempt wants.
    """

    __tablename__ = "runs"
    __table_args__ = (
        UniqueConstraint("pilot_id", "number"),
        Index("ix_runs_queue", "status", "priority", "queued_at", "number"),
        Index("ix_runs_created_at_pilot_id_number", "created_at", "pilot_id", "number"),
        CheckConstraint("wish IN ('cancel', 'pause', 'cap')", name="wish"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    pilot_id: Mapped[str] = mapped_column(ForeignKey("pilots.id"))
    number: Mapped[int]
    schedule: Mapped[str | None]
    rate_multiplier: Mapped[float]
    seed: Mapped[int]
    purpose: Mapped[Purpose]
    status: Mapped[RunStatus]
    wish: Mapped[str | None]
    priority: Mapped[int] = mapped_column(default=0)
    queued_at: Mapped[datetime]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    attempt: Mapped[int] = mapped_column(default=0)
    token: Mapped[int | None] = mapped_column(ForeignKey("claims.token"))
    worker_id: Mapped[str | None] = mapped_column(ForeignKey("workers.id"))
    store_url: Mapped[str | None]
    step: Mapped[int] = mapped_column(default=0)
    steps_planned: Mapped[int | None]
    lost_attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(default="")
    detail: Mapped[str] = mapped_column(default="")
    final_metrics: Mapped[dict[str, float]]
    device_count: Mapped[int] = mapped_column(default=1, server_default="1")


class AttemptRow(Base):
    """One execution of a run; ``from_step`` is None until its trainer said where it starts.

    ``bundle_size`` counts the runs that were trained together with it, itself included, by
    ``execution``; ``cause`` is why it began; ``rate_factor`` is what rollbacks left of the rate;
    ``follows`` names the schedule that it went on with instead of the run's own; ``meters_s`` is
    what reading meters took of ``wall_clock_s``; ``energy_j`` is what a meter of the device told
    last, None where there is none, and ``metered_s`` the wall clock at which it did;
    ``device_count`` devices trained it together, and were held for all of its wall clock.
    """

    __tablename__ = "attempts"

    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[int] = mapped_column(ForeignKey("claims.token"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    claimed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    from_step: Mapped[int | None]
    to_step: Mapped[int] = mapped_column(default=0)
    evaluations: Mapped[int] = mapped_column(default=0)
    wall_clock_s: Mapped[float | None]
    acked_seq: Mapped[int] = mapped_column(default=-1)
    bundle_size: Mapped[int] = mapped_column(default=1, server_default="1")
    execution: Mapped[Execution] = mapped_column(default="sequential", server_default="sequential")
    cause: Mapped[AttemptCause] = mapped_column(default="claim", server_default="claim")
    rate_factor: Mapped[float] = mapped_column(default=1.0, server_default="1.0")
    follows: Mapped[str | None]
    meters_s: Mapped[float] = mapped_column(default=0.0, server_default="0.0")
    energy_j: Mapped[float | None]
    metered_s: Mapped[float | None]
    device_count: Mapped[int] = mapped_column(default=1, server_default="1")


class CheckpointRow(Base):
    """A saved state in a worker's store."""

    __tablename__ = "checkpoints"
    __table_args__ = (
        ForeignKeyConstraint(["run_id", "attempt"], ["attempts.run_id", "attempts.number"]),
    )

    run_id: Mapped[str] = mapped_column(primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str]
    sha256: Mapped[str]
    size_bytes: Mapped[int]
    saved_at: Mapped[datetime]


class ChunkRow(Base):
    """Up to 1,000 consecutive points of one group of series, packed; the last one is open."""

    __tablename__ = "chunks"
    __table_args__ = (
        ForeignKeyConstraint(["run_id", "attempt"], ["attempts.run_id", "attempts.number"]),
    )

    run_id: Mapped[str] = mapped_column(primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True)
    series_group: Mapped[SeriesGroup] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    first_step: Mapped[int]
    last_step: Mapped[int]
    points: Mapped[int]
    columns: Mapped[list[str]]
    steps: Mapped[bytes]
    samples: Mapped[bytes]
    minima: Mapped[bytes]
    maxima: Mapped[bytes]


class LogRow(Base):
    """Consecutive lines that a trainer printed; an attempt keeps its newest."""

    __tablename__ = "log_chunks"
    __table_args__ = (
        ForeignKeyConstraint(["run_id", "attempt"], ["attempts.run_id", "attempts.number"]),
    )

    run_id: Mapped[str] = mapped_column(primary_key=True)
    attempt: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    first_line: Mapped[int]
    lines: Mapped[int]
    text: Mapped[str]
    written_at: Mapped[datetime]
