"""Every table of the database, as typed classes; constraints have names so that they can change."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    String,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from planner.pilot import PilotPhase
from planner.run import Purpose, RunStatus
from planner.work import SeriesGroup

Json = dict[str, object]


class UtcDateTime(TypeDecorator[datetime]):
    """Times in UTC, aware in Python; SQLite itself keeps no zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """UTC without its zone."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The stored time with its zone."""
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Names constraints by rule, and stores every text, time and JSON value alike."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  # the shape that SQLAlchemy asks for
        str: String,
        datetime: UtcDateTime,
        Json: JSON(none_as_null=True),
        dict[str, float]: JSON(none_as_null=True),
        list[str]: JSON(none_as_null=True),
        bytes: LargeBinary,
        PilotPhase: String(16),
        RunStatus: String(16),
        Purpose: String(16),
        SeriesGroup: String(16),
    }


class PilotRow(Base):
    """A pilot, as it was fixed before its first run, and its progress.

    ``verdict`` and ``payback_months`` are for lists only: what its own assumptions say, kept when
    it was ``judged_at``; a review is always computed anew.
    """

    __tablename__ = "pilots"

    id: Mapped[str] = mapped_column(primary_key=True)
    pilot: Mapped[Json]
    workload: Mapped[str]
    phase: Mapped[PilotPhase] = mapped_column(index=True)
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    measured_on: Mapped[str | None]
    throughput: Mapped[Json | None]
    micro_batch_plan: Mapped[Json | None]
    selected: Mapped[dict[str, float]]
    finalists: Mapped[list[str]]
    looks_used: Mapped[int] = mapped_column(default=0)
    cap_device_h: Mapped[float | None]
    expected_device_h: Mapped[float | None]
    judged_at: Mapped[datetime | None]
    verdict: Mapped[str | None] = mapped_column(String(16))
    payback_months: Mapped[float | None]


class WorkerRow(Base):
    """One registration of a supervisor."""

    __tablename__ = "workers"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    device: Mapped[Json]
    device_name: Mapped[str]
    workloads: Mapped[list[str]]
    store_url: Mapped[str]
    versions: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    registered_at: Mapped[datetime]


class ClaimRow(Base):
    """One lease of one or more runs; its number is the token that fences the supervisor."""

    __tablename__ = "claims"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  # a token is never used twice

    token: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    worker_id: Mapped[str] = mapped_column(ForeignKey("workers.id"))
    claimed_at: Mapped[datetime]


class RunRow(Base):
    """A run and its place in the life cycle.

    ``number`` is the order within the pilot; ``wish`` is what somebody asked of a running run and
    the trainer has not done yet; ``lost_attempts`` counts since the last progress; ``store_url`` is
    where its checkpoints are, so that only a worker that reaches them takes it.
    """

    __tablename__ = "runs"
    __table_args__ = (
        UniqueConstraint("pilot_id", "number"),
        Index("ix_runs_queue", "status", "priority", "queued_at", "number"),
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


class AttemptRow(Base):
    """One execution of a run; ``from_step`` is None until its trainer said where it starts."""

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


class ThroughputRow(Base):
    """A measured throughput curve; the latest of a workload and device is used."""

    __tablename__ = "throughput_curves"
    __table_args__ = (Index("ix_throughput_curves_latest", "workload", "device", "number"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    workload: Mapped[str]
    device: Mapped[str]
    curve: Mapped[Json]
    measured_at: Mapped[datetime]
    run_id: Mapped[str | None] = mapped_column(ForeignKey("runs.id"), unique=True)


class TokenRow(Base):
    """A credential of a person or program; only its hash is kept."""

    __tablename__ = "tokens"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    scope: Mapped[str] = mapped_column(String(16))
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SignInRow(Base):
    """A single-use link, and the session that it became; only the hash of its code is kept."""

    __tablename__ = "sign_ins"

    code_hash: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    scope: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    token_id: Mapped[str | None] = mapped_column(ForeignKey("tokens.id"), unique=True)


class DraftRow(Base):
    """A plan that somebody left unfinished, as its page keeps it."""

    __tablename__ = "drafts"

    id: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    body: Mapped[Json]
    saved_at: Mapped[datetime]


class IdempotencyRow(Base):
    """The answer to a create, kept so that a repeated request gets it again."""

    __tablename__ = "idempotency_keys"

    principal: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    body_sha256: Mapped[str]
    answer: Mapped[Json]
    created_at: Mapped[datetime]


class AuditRow(Base):
    """Who changed what; triggers refuse every later change of a row."""

    __tablename__ = "audit_entries"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    principal: Mapped[str]
    action: Mapped[str]
    subject_id: Mapped[str] = mapped_column(index=True)
    before: Mapped[Json | None]
    after: Mapped[Json | None]
