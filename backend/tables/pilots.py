"""Pilots, and the plans that are not pilots yet."""

from datetime import datetime

from sqlalchemy import String, false
from sqlalchemy.orm import Mapped, mapped_column

from backend.tables.base import Base, Json
from planner.pilots.pilot import PilotPhase


class PilotRow(Base):
    """A pilot, as it was fixed before its first run, and its progress.

    ``verdict`` and ``payback_months`` are for lists only: what its own assumptions say, kept when
    it was ``judged_at``; a review is always computed anew. ``workload_facts`` are those of a
    workload that a worker brought, as they were when the pilot was started. ``cap_terms`` are its
    caps after raises, with what they are counted at. ``imported`` says where runs come from that
    were measured elsewhere; such a pilot is ``hidden`` until all of it is stored.
    """

    __tablename__ = "pilots"

    id: Mapped[str] = mapped_column(primary_key=True)
    pilot: Mapped[Json]
    workload: Mapped[str]
    workload_facts: Mapped[Json | None]
    phase: Mapped[PilotPhase] = mapped_column(index=True)
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    measured_on: Mapped[str | None]
    throughput: Mapped[Json | None]
    micro_batch_plan: Mapped[Json | None]
    selected: Mapped[dict[str, float]]
    finalists: Mapped[list[str]]
    looks_used: Mapped[int] = mapped_column(default=0)
    cap_terms: Mapped[Json]
    expected_device_h: Mapped[float | None]
    judged_at: Mapped[datetime | None]
    verdict: Mapped[str | None] = mapped_column(String(16))
    payback_months: Mapped[float | None]
    imported: Mapped[Json | None]
    hidden: Mapped[bool] = mapped_column(default=False, server_default=false())


class DraftRow(Base):
    """A plan that somebody left unfinished, as its page keeps it."""

    __tablename__ = "drafts"

    id: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    body: Mapped[Json]
    saved_at: Mapped[datetime]
