"""What was decided about pilots, the reviews that were signed, and what production gave."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.tables.base import Base, Json


class SnapshotRow(Base):
    """A signed review as canonical JSON with its hash; triggers refuse every later change."""

    __tablename__ = "snapshots"

    id: Mapped[str] = mapped_column(primary_key=True)
    pilot_id: Mapped[str] = mapped_column(ForeignKey("pilots.id"), index=True)
    sha256: Mapped[str]
    body: Mapped[str]
    taken_at: Mapped[datetime]


class DecisionRow(Base):
    """One decision; triggers refuse every later change.

    ``facts`` holds the criteria that were fixed, or those that were looked at with what was found.
    """

    __tablename__ = "decisions"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    pilot_id: Mapped[str] = mapped_column(ForeignKey("pilots.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    gate: Mapped[str | None] = mapped_column(String(16))
    schedule: Mapped[str]
    at: Mapped[datetime]
    principal: Mapped[str]
    name: Mapped[str]
    reason: Mapped[str]
    override: Mapped[bool]
    before_results: Mapped[bool]
    facts: Mapped[Json]
    snapshot_id: Mapped[str | None] = mapped_column(ForeignKey("snapshots.id"))


class ProductionResultRow(Base):
    """A production training that somebody entered; one that was withdrawn no longer counts."""

    __tablename__ = "production_results"

    id: Mapped[str] = mapped_column(primary_key=True)
    pilot_id: Mapped[str] = mapped_column(ForeignKey("pilots.id"), index=True)
    result: Mapped[Json]
    day: Mapped[str] = mapped_column(String(10))
    entered_at: Mapped[datetime]
    entered_by: Mapped[str]
    withdrawn_at: Mapped[datetime | None]


class MonthCapRow(Base):
    """What the whole installation may use in a calendar month; one row, or none."""

    __tablename__ = "month_caps"

    number: Mapped[int] = mapped_column(primary_key=True)
    limits: Mapped[Json]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
