"""Prices, exchange rates and electricity that people entered: only ever added to."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.tables.base import Base, Json


class PriceRow(Base):
    """What one row of the price book said from a day on; without a card, that it is retired.

    Nothing here is ever changed: another price, and the end of one, are further rows, so that
    the book of any day can be read again.
    """

    __tablename__ = "prices"
    __table_args__ = (Index("ix_prices_id_as_of_number", "id", "as_of", "number"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str]
    as_of: Mapped[str]
    card: Mapped[Json | None]
    imported: Mapped[bool]
    reason: Mapped[str]
    entered_by: Mapped[str]
    entered_at: Mapped[datetime]


class ExchangeRateRow(Base):
    """What one currency cost in another on a day; of one day the last entered holds."""

    __tablename__ = "exchange_rates"
    __table_args__ = (Index("ix_exchange_rates_as_of_number", "as_of", "number"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    base: Mapped[str]
    quote: Mapped[str]
    rate: Mapped[float]
    as_of: Mapped[str]
    source: Mapped[str]
    entered_by: Mapped[str]
    entered_at: Mapped[datetime]


class FacilityRow(Base):
    """Electricity and grid of the installation from a day on; of one day the last entered holds."""

    __tablename__ = "facilities"
    __table_args__ = (Index("ix_facilities_as_of_number", "as_of", "number"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    as_of: Mapped[str]
    facility: Mapped[Json]
    entered_by: Mapped[str]
    entered_at: Mapped[datetime]
