"""Files of runs that were measured elsewhere, on their way to a pilot."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.tables.base import Base, Json


class ImportRow(Base):
    """One file that somebody brought; it lies in a folder of its own until it is stored."""

    __tablename__ = "imports"

    id: Mapped[str] = mapped_column(primary_key=True)
    file_name: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(index=True)
    phase: Mapped[str] = mapped_column(String(16), index=True)
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    found: Mapped[Json | None]
    mapping: Mapped[Json | None]
    read: Mapped[Json | None]
    terms: Mapped[Json | None]
    refusal: Mapped[Json | None]
    pilot_id: Mapped[str | None] = mapped_column(ForeignKey("pilots.id"))
