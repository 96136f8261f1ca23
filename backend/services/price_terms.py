"""Exchange rates and electricity of the installation, each from a day on."""

from datetime import date, timedelta

from backend.repositories import prices
from backend.services import audit
from backend.tables import ExchangeRateRow, FacilityRow
from backend.unit_of_work import UnitOfWork
from backend.wire.codec import decode, encode
from planner.bounds import check_name
from planner.economics.energy import Facility
from planner.exchange.price_states import ExchangeRateState, FacilityState
from planner.money import ExchangeRate
from planner.refusal import require

MOST_SHOWN = 200
"""Exchange rates, and facts of electricity, that are listed at once."""


def exchange_rates_of(work: UnitOfWork, currency: str, day: str | None) -> tuple[ExchangeRate, ...]:
    """What the book knew on a day of every pair with a currency, newest first."""
    return tuple(map(_rate, prices.exchange_rates_of(work.session, currency, on=day)))


def facility_of(work: UnitOfWork, day: str | None) -> Facility | None:
    """Electricity as it was entered by a day; None if nobody had."""
    rows = prices.facilities(work.session, on=day, limit=1)
    return decode(Facility, rows[0].facility) if rows else None


def exchange_rates(work: UnitOfWork) -> tuple[ExchangeRateState, ...]:
    """The newest exchange rates first."""
    rows = prices.exchange_rates(work.session, limit=MOST_SHOWN)
    return tuple(_rate_state(work, row) for row in rows)


def facilities(work: UnitOfWork) -> tuple[FacilityState, ...]:
    """The newest facts of electricity first."""
    rows = prices.facilities(work.session, limit=MOST_SHOWN)
    return tuple(_facility_state(work, row) for row in rows)


def enter_exchange_rate(work: UnitOfWork, rate: ExchangeRate) -> ExchangeRateState:
    """Adds a rate; earlier ones stay, for reviews of their days.

    Raises:
        Refusal: It is of a day to come, or nobody said where it was read.
    """
    require_day_reached(work, rate.as_of)
    check_name(rate.source, "source")
    row = ExchangeRateRow(
        base=rate.base,
        quote=rate.quote,
        rate=rate.rate,
        as_of=rate.as_of,
        source=rate.source,
        entered_by=work.principal.name,
        entered_at=work.now,
    )
    prices.add(work.session, row)
    audit.record(work, "exchange_rate.enter", str(row.number), None, encode(rate))
    return _rate_state(work, row)


def enter_facility(work: UnitOfWork, facility: Facility) -> FacilityState:
    """Adds what electricity costs and emits from a day on; earlier facts stay.

    Raises:
        Refusal: They are of a day to come, or nobody said where they were read.
    """
    require_day_reached(work, facility.as_of)
    check_name(facility.source, "source")
    row = FacilityRow(
        as_of=facility.as_of,
        facility=encode(facility),
        entered_by=work.principal.name,
        entered_at=work.now,
    )
    prices.add(work.session, row)
    audit.record(work, "facility.enter", str(row.number), None, encode(facility))
    return _facility_state(work, row)


def require_day_reached(work: UnitOfWork, as_of: str) -> None:
    """Refuses a day to come; east of the server it may be tomorrow already."""
    latest = (work.now.date() + timedelta(days=1)).isoformat()
    require(as_of <= latest, "as_of", "day_to_come", day=as_of)


def age_days(work: UnitOfWork, as_of: str) -> int:
    """Days since something was read, on the calendar of the server."""
    return max(0, (work.now.date() - date.fromisoformat(as_of)).days)


def _rate(row: ExchangeRateRow) -> ExchangeRate:
    return ExchangeRate(
        base=row.base, quote=row.quote, rate=row.rate, as_of=row.as_of, source=row.source
    )


def _rate_state(work: UnitOfWork, row: ExchangeRateRow) -> ExchangeRateState:
    return ExchangeRateState(
        number=row.number,
        rate=_rate(row),
        age_days=age_days(work, row.as_of),
        entered_by=row.entered_by,
        entered_at=row.entered_at,
    )


def _facility_state(work: UnitOfWork, row: FacilityRow) -> FacilityState:
    return FacilityState(
        number=row.number,
        facility=decode(Facility, row.facility),
        age_days=age_days(work, row.as_of),
        entered_by=row.entered_by,
        entered_at=row.entered_at,
    )
