"""Workers, what they can train, and what they measured."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.tables.base import Base, Json


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
    revoked_at: Mapped[datetime | None]
    device_count: Mapped[int] = mapped_column(default=1, server_default="1")


class ClaimRow(Base):
    """One lease of one or more runs; its number is the token that fences the supervisor."""

    __tablename__ = "claims"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012  # a token is never used twice

    token: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    worker_id: Mapped[str] = mapped_column(ForeignKey("workers.id"))
    claimed_at: Mapped[datetime]


class ThroughputRow(Base):
    """A measured throughput curve; the latest of its kind that nobody retired is used."""

    __tablename__ = "throughput_curves"
    __table_args__ = (Index("ix_throughput_curves_latest", "workload", "device", "number"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    workload: Mapped[str]
    device: Mapped[str]
    curve: Mapped[Json]
    dtype: Mapped[str] = mapped_column(default="", server_default="")
    versions: Mapped[str] = mapped_column(default="", server_default="")
    measured_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    run_id: Mapped[str | None] = mapped_column(ForeignKey("runs.id"), unique=True)


class ScalingRow(Base):
    """Steps that were measured on several devices of one worker; the latest of its kind is used."""

    __tablename__ = "scaling_curves"
    __table_args__ = (Index("ix_scaling_curves_latest", "workload", "device", "number"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    workload: Mapped[str]
    device: Mapped[str]
    dtype: Mapped[str]
    versions: Mapped[str]
    curve: Mapped[Json]
    measured_at: Mapped[datetime]
    run_id: Mapped[str] = mapped_column(ForeignKey("runs.id"), unique=True)


class WorkloadRow(Base):
    """A workload that a worker brought; it stays known when the worker is gone."""

    __tablename__ = "workloads"

    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str]
    facts: Mapped[Json]
    reported_at: Mapped[datetime]
    worker_id: Mapped[str] = mapped_column(ForeignKey("workers.id"))
