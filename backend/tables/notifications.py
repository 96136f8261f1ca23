"""What people are told without asking: notifications, who has read them, and the webhook."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.tables.base import Base, Json


class NotificationRow(Base):
    """Something worth telling, stored with what it tells of; triggers refuse every later change.

    ``occurrence`` names what happened so that it is told once; ``facts`` are numbers and keys.
    """

    __tablename__ = "notifications"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(16))
    occurrence: Mapped[str] = mapped_column(unique=True)
    pilot_id: Mapped[str] = mapped_column(ForeignKey("pilots.id"), index=True)
    run_id: Mapped[str | None] = mapped_column(ForeignKey("runs.id"))
    at: Mapped[datetime]
    facts: Mapped[Json]


class NotificationReaderRow(Base):
    """How far somebody has read: everything up to a number."""

    __tablename__ = "notification_readers"

    name: Mapped[str] = mapped_column(primary_key=True)
    read_up_to: Mapped[int]


class WebhookRow(Base):
    """Where notifications are sent; one row, or none.

    ``salt`` names the secret that signs what is sent; the secret itself is not in the database.
    """

    __tablename__ = "webhooks"

    number: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str]
    salt: Mapped[str]
    is_on: Mapped[bool]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]


class DeliveryRow(Base):
    """A notification that the webhook is sent, or a test without one, and how that went."""

    __tablename__ = "deliveries"
    __table_args__ = (Index("ix_deliveries_status_number", "status", "number"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    notification: Mapped[int | None] = mapped_column(
        ForeignKey("notifications.number"), unique=True
    )
    status: Mapped[str] = mapped_column(String(16))
    made_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None]
    result: Mapped[str | None] = mapped_column(String(32))
    answered: Mapped[int | None]
