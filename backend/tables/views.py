"""Views of pages that somebody keeps under a name."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from backend.tables.base import Base, Json


class ViewRow(Base):
    """What the link of a page says, under a name; its page alone reads it."""

    __tablename__ = "views"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    owner: Mapped[str]
    query: Mapped[Json]
    saved_at: Mapped[datetime] = mapped_column(index=True)
