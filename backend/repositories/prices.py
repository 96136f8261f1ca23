"""Entered prices, exchange rates and electricity in the database; rows are only added."""

from collections.abc import Collection, Sequence
from functools import cache

from sqlalchemy import BindParameter, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from backend.tables import ExchangeRateRow, FacilityRow, PriceRow


def add(session: Session, row: PriceRow | ExchangeRateRow | FacilityRow) -> None:
    """Stores a row; it then has its number."""
    session.add(row)
    session.flush()


def add_all(session: Session, rows: Sequence[PriceRow]) -> None:
    """Stores many rows at once."""
    session.add_all(rows)
    session.flush()


def history(session: Session, price_ids: Collection[str]) -> Sequence[PriceRow]:
    """Everything ever entered for some rows of the book, newest first."""
    chosen = select(PriceRow).where(PriceRow.id.in_(price_ids))
    return session.scalars(chosen.order_by(PriceRow.as_of.desc(), PriceRow.number.desc())).all()


def latest(
    session: Session, *, on: str | None = None, ids: Collection[str] | None = None
) -> Sequence[PriceRow]:
    """What every row of the book says, those that say it is retired included.

    Args:
        session: Of the unit of work.
        on: Day whose book is read; None for the newest.
        ids: Only these rows of the book; None for all.
    """
    asked = {"on": on, "ids": None if ids is None else list(ids)}
    given = {name: value for name, value in asked.items() if value is not None}
    return session.scalars(_latest(tuple(given)), given).all()


def exchange_rates(session: Session, *, limit: int) -> Sequence[ExchangeRateRow]:
    """The newest exchange rates, newest first."""
    newest = (ExchangeRateRow.as_of.desc(), ExchangeRateRow.number.desc())
    return session.scalars(select(ExchangeRateRow).order_by(*newest).limit(limit)).all()


def exchange_rates_of(
    session: Session, currency: str, *, on: str | None = None
) -> Sequence[ExchangeRateRow]:
    """The newest rate of every pair that a currency is one side of, up to a day; newest first."""
    given = {"currency": currency} if on is None else {"currency": currency, "on": on}
    return session.scalars(_newest_rates(dated=on is not None), given).all()


@cache
def _newest_rates(*, dated: bool) -> Select[ExchangeRateRow]:
    """The newest rate of every pair with a currency, up to a day or not; built once."""
    newest = (ExchangeRateRow.as_of.desc(), ExchangeRateRow.number.desc())
    pair = (ExchangeRateRow.base, ExchangeRateRow.quote)
    place = func.row_number().over(partition_by=pair, order_by=newest)
    currency: BindParameter[str] = bindparam("currency")
    chosen = select(ExchangeRateRow, place.label("place")).where(
        or_(ExchangeRateRow.base == currency, ExchangeRateRow.quote == currency)
    )
    if dated:
        chosen = chosen.where(ExchangeRateRow.as_of <= bindparam("on"))
    ranked = chosen.subquery()
    row = aliased(ExchangeRateRow, ranked)
    first = select(row).where(ranked.c.place == 1)
    return first.order_by(row.as_of.desc(), row.number.desc())


def facilities(
    session: Session, *, on: str | None = None, limit: int | None = None
) -> Sequence[FacilityRow]:
    """Electricity of the installation up to a day, newest first."""
    chosen = select(FacilityRow)
    if on is not None:
        chosen = chosen.where(FacilityRow.as_of <= on)
    newest = (FacilityRow.as_of.desc(), FacilityRow.number.desc())
    return session.scalars(chosen.order_by(*newest).limit(limit)).all()


@cache
def _latest(given: tuple[str, ...]) -> Select[PriceRow]:
    """The newest word on every row, of a day or of some rows if these are given; built once."""
    newest = (PriceRow.as_of.desc(), PriceRow.number.desc())
    place = func.row_number().over(partition_by=PriceRow.id, order_by=newest)
    chosen = select(PriceRow, place.label("place"))
    if "on" in given:
        chosen = chosen.where(PriceRow.as_of <= bindparam("on"))
    if "ids" in given:
        chosen = chosen.where(PriceRow.id.in_(bindparam("ids", expanding=True)))
    ranked = chosen.subquery()
    row = aliased(PriceRow, ranked)
    return select(row).where(ranked.c.place == 1).order_by(row.id)
