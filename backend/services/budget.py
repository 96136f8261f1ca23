"""Caps: what a run, a pilot and the installation's month have used, and what that stops."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement

from backend.repositories import pilots, spending
from backend.tables import PilotRow, RunRow
from backend.unit_of_work import UnitOfWork
from backend.wire.codec import decode
from backend.wire.problems import conflict
from planner.economics.cost import SECONDS_PER_HOUR
from planner.money import ExchangeRate, Money
from planner.pilots.cap_use import CapUse, Spent, amount_of, in_currency, spent_at, uses
from planner.pilots.caps import CapTerms, Limits
from planner.pilots.run import RunStatus
from planner.refusal import Refusal

OWN_RUN = "cap_run_"
"""How the reason of a run begins that used up a cap of its own, not one that others share."""


def at_cap(
    work: UnitOfWork,
    rows: Iterable[PilotRow],
    counts: Mapping[str, Mapping[RunStatus, int]] | None = None,
) -> frozenset[str]:
    """Ids of the pilots of which nothing more may run, with as many queries for many as for one.

    Once a run was stopped at a cap that it shares with others, that is so until it is raised:
    what an attempt is billed in the end can be a little less than it was held for, which must
    neither start nor judge anything.

    Args:
        work: Of the request.
        rows: Pilots.
        counts: Their runs by status, where they are known: who has none at a cap is not asked.
    """
    asked = {row.id: row for row in rows}
    if not asked:
        return frozenset()
    if any(use.reached for use in month_uses(work)):
        return frozenset(asked)
    stopped = [one for one in asked if counts is None or counts[one].get("capped")]
    capped = spending.capped(work.session, stopped) if stopped else ()
    waiting = {run.pilot_id for run in capped if holds_others(run)}
    limited = [row for row in asked.values() if terms_of(row).caps.of_pilot.any]
    spent = spent_each(work, limited)
    full = {row.id for row in limited if any(use.reached for use in _uses(row, spent[row.id]))}
    return frozenset(waiting & asked.keys() | full)


def reached_by(work: UnitOfWork, pilot: PilotRow, run_id: str) -> CapUse | None:
    """The cap that stops a run, its own before those that it shares; None where none does."""
    own = (use for use in run_uses(work, pilot, run_id) if use.reached)
    shared = (use for use in shared_uses(work, pilot) if use.reached)
    return next(own, None) or next(shared, None)


def reason_of_stop(work: UnitOfWork, pilot: PilotRow, run_id: str) -> str:
    """Key of the cap that stopped a run, where none is reached that of another run of its pilot.

    Runs that ran together stop one after the other, and the bill of the first can be a little
    less than it was held for: the cap is then not reached when the second has stopped.
    """
    use = reached_by(work, pilot, run_id)
    if use is not None:
        return use.reason
    others = spending.capped(work.session, (pilot.id,))
    return next((row.reason for row in others if holds_others(row)), "")


def stops(work: UnitOfWork, pilot: PilotRow, run_id: str) -> bool:
    """Whether a running run has to stop now."""
    return _shared_capped(work, pilot.id) or reached_by(work, pilot, run_id) is not None


def shared_uses(work: UnitOfWork, pilot: PilotRow) -> list[CapUse]:
    """Every cap of the pilot and of the installation's month, with what is used of it."""
    return pilot_uses(work, pilot) + month_uses(work)


def pilot_uses(work: UnitOfWork, pilot: PilotRow) -> list[CapUse]:
    """Every cap of the pilot as a whole, with what its runs used."""
    if not terms_of(pilot).caps.of_pilot.any:
        return []
    return _uses(pilot, spent_each(work, (pilot,))[pilot.id])


def run_uses(work: UnitOfWork, pilot: PilotRow, run_id: str) -> list[CapUse]:
    """Every cap of one run, with what it used."""
    limits = terms_of(pilot).caps.of_run
    if not limits.any:
        return []
    spent = _spent(work, spending.of_run(run_id), (pilot,))[pilot.id]
    return list(uses("run", limits, _in_currency_of(limits, spent, pilot)))


def month_uses(work: UnitOfWork) -> list[CapUse]:
    """Every cap of the installation, with what all pilots used since the month began, in UTC.

    An attempt counts whole in the month in which it ends. Money of a device whose price nobody
    knew, or that nobody can exchange into the currency of the cap, is left out, and the use is
    shown as estimated.
    """
    limits = month_limits(work)
    if not limits.any:
        return []
    currency = limits.money.currency if limits.money else "USD"
    total = Spent(
        device_h=0.0,
        energy_kwh=0.0,
        energy_estimated=False,
        money=Money(amount=0.0, currency=currency),
    )
    left_out = False
    for row, spent in _spent_since(work, month_of(work.now)):
        money = _countable(currency, spent, row)
        left_out = left_out or money is None
        total += replace(spent, money=money or Money(amount=0.0, currency=currency))
    return [
        replace(use, estimated=use.estimated or (use.unit == "money" and left_out))
        for use in uses("month", limits, total)
    ]


def month_limits(work: UnitOfWork) -> Limits:
    """What the installation may use in a calendar month."""
    row = spending.month_caps(work.session)
    return Limits() if row is None else decode(Limits, row.limits)


def terms_of(pilot: PilotRow) -> CapTerms:
    """The caps of a pilot after raises, with what its device is counted at."""
    return decode(CapTerms, pilot.cap_terms).on(pilot.measured_on)


def refuse_beyond_caps(work: UnitOfWork, pilot: PilotRow, *, device_h: float) -> None:
    """Refuses work that is expected to pass a cap of the pilot or of the month.

    Money that the month could not count does not speak against it either.

    Raises:
        RequestError: It would.
    """
    more = spent_at(terms_of(pilot), seconds=device_h * SECONDS_PER_HOUR)
    for use in shared_uses(work, pilot):
        if use.used + amount_of(use, more, rates_of(pilot)) > use.limit:
            raise conflict("beyond_cap", needed=device_h, used=use.used_fraction)


def _shared_capped(work: UnitOfWork, pilot_id: str) -> bool:
    return any(holds_others(row) for row in spending.capped(work.session, (pilot_id,)))


def holds_others(row: RunRow) -> bool:
    """Whether a run was stopped at a cap that it shares with others."""
    return row.status == "capped" and not row.reason.startswith(OWN_RUN)


def spent_each(work: UnitOfWork, rows: Iterable[PilotRow]) -> dict[str, Spent]:
    """What each of several pilots used, by id."""
    asked = tuple(rows)
    if not asked:
        return {}
    return _spent(work, spending.of_pilots(row.id for row in asked), asked)


def _spent(
    work: UnitOfWork, which: ColumnElement[bool], rows: Iterable[PilotRow]
) -> dict[str, Spent]:
    """What some attempts of these pilots used, by pilot."""
    ended = spending.ended(work.session, which)
    running = spending.running(work.session, which)
    return {row.id: _spent_of(work, row, ended, running) for row in rows}


def _spent_since(work: UnitOfWork, moment: datetime) -> list[tuple[PilotRow, Spent]]:
    """Every pilot that used anything since then, with what it used."""
    which = spending.since(moment)
    ended = spending.ended(work.session, which)
    running = spending.running(work.session, which)
    rows = pilots.several(work.session, {*ended, *(one.pilot_id for one in running)})
    return [(row, _spent_of(work, row, ended, running)) for row in rows.values()]


def _spent_of(
    work: UnitOfWork,
    pilot: PilotRow,
    ended: Mapping[str, spending.Used],
    running: Iterable[spending.Running],
) -> Spent:
    """Of one pilot: ended attempts, and the running ones up to now.

    A meter is taken to go on as it did up to its last reading.
    """
    done = ended.get(pilot.id, spending.Used(seconds=0.0, energy_j=0.0, metered_s=0.0))
    seconds, energy_j, metered_s = done.seconds, done.energy_j, done.metered_s
    for one in running:
        if one.pilot_id != pilot.id:
            continue
        held_s = max(one.told_s, work.leases.held_s(one.run_id)) * one.device_count
        seconds += held_s
        if one.power_w is not None:
            energy_j += one.power_w * held_s
            metered_s += held_s
    return spent_at(terms_of(pilot), seconds=seconds, energy_j=energy_j, metered_s=metered_s)


def _uses(pilot: PilotRow, spent: Spent) -> list[CapUse]:
    """Every cap of the pilot as a whole."""
    limits = terms_of(pilot).caps.of_pilot
    return list(uses("pilot", limits, _in_currency_of(limits, spent, pilot)))


def _in_currency_of(limits: Limits, spent: Spent, pilot: PilotRow) -> Spent:
    return (
        spent
        if limits.money is None
        else in_currency(spent, limits.money.currency, rates_of(pilot))
    )


def _countable(currency: str, spent: Spent, pilot: PilotRow) -> Money | None:
    """Its money in a currency; None where nobody knows the price or can exchange it."""
    if terms_of(pilot).price_per_device_h is None:
        return None
    try:
        return in_currency(spent, currency, rates_of(pilot)).money
    except Refusal:
        return None


def rates_of(pilot: PilotRow) -> tuple[ExchangeRate, ...]:
    """The exchange rates that a pilot states."""
    stated = pilot.pilot.get("assumptions", {}).get("exchange_rates", [])  # type: ignore[attr-defined]
    return decode(tuple[ExchangeRate, ...], stated)


def month_of(moment: datetime) -> datetime:
    """When its calendar month began, in UTC."""
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
