"""Reports that were made, and their files, each kept once."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.tables.base import Base


class ReportFileRow(Base):
    """The bytes of a file by their hash; triggers refuse every later change."""

    __tablename__ = "report_files"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes]


class ReportRow(Base):
    """One export; triggers refuse every later change.

    Two exports that gave the same bytes share the file, and two of one review its snapshot.
    """

    __tablename__ = "reports"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    pilot_id: Mapped[str] = mapped_column(ForeignKey("pilots.id"), index=True)
    snapshot_id: Mapped[str] = mapped_column(ForeignKey("snapshots.id"))
    sha256: Mapped[str] = mapped_column(ForeignKey("report_files.sha256"))
    format: Mapped[str] = mapped_column(String(8))
    language: Mapped[str] = mapped_column(String(8))
    schedule: Mapped[str]
    file_name: Mapped[str]
    size_bytes: Mapped[int]
    data_sha256: Mapped[str] = mapped_column(String(64))
    assumptions_sha256: Mapped[str] = mapped_column(String(64))
    code_version: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
