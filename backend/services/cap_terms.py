"""Caps as people set, raise and see them: of a pilot, and of the installation's month."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from backend.repositories import history, pilots, spending
from backend.services import audit, budget, cap_forecasts, phases, queue
from backend.services.runs import enter
from backend.tables import MonthCapRow, PilotRow, RunRow
from backend.unit_of_work import UnitOfWork
from backend.wire.codec import decode, encode
from backend.wire.problems import below, conflict
from planner.economics.rates import THIS_COMPUTER, RateCard
from planner.exchange.states import CapRaise, MonthCaps, MonthCapsChange
from planner.money import Money, exchange
from planner.pilots.caps import Caps, CapTerms, Limits
from planner.pilots.pilot import Pilot
from planner.refusal import Refusal, require

MONTH = "month"
"""What the audit trail calls the caps of the installation."""

SET_MONTH = "month.set_caps"
"""What it calls a change of them."""

MOST_CHANGES = 100

OF_PILOT = (budget.OWN_RUN, "cap_pilot_")
"""How the reason of a run begins that only a raise of its pilot's caps queues again."""


def terms_for(
    work: UnitOfWork, pilot: Pilot, *, cards: Mapping[str, RateCard], running: str | None
) -> CapTerms:
    """What a new pilot's caps are counted at: the price and power of its hardware today.

    They count where that hardware is what runs. A second of any other device counts at what was
    entered for this computer.

    Args:
        work: The request.
        pilot: As planned.
        cards: Prices of its hardware and of this computer, where they are known.
        running: Device that its known curve is of; None where it is measured first.

    Raises:
        Refusal: A cap could never be reached, because nobody knows a price or a power.
    """
    choice = pilot.hardware
    card, here = cards.get(choice.profile), cards.get(THIS_COMPUTER)
    price = choice.rent_per_gpu_hour or (_price_of(card) if card is not None else None)
    terms = CapTerms(
        caps=pilot.caps,
        price_per_device_h=price,
        device_w=pilot.caps.device_w or (card.board_w if card is not None else None),
        device="" if card is None or choice.profile == THIS_COMPUTER else card.device,
        here_per_device_h=_price_of(here) if here is not None else None,
    )
    for device in (running,) if running is not None else _devices(work, pilot, terms):
        _check_countable(pilot, terms.on(device))
    if not _exchangeable(pilot, terms.here_per_device_h):
        return replace(terms, here_per_device_h=None)
    return terms


def _exchangeable(pilot: Pilot, price: Money | None) -> bool:
    """Whether a price can be counted in the currency of every cap of money."""
    limits = (pilot.caps.pilot_money, pilot.caps.run_money)
    try:
        for cap in limits:
            if cap is not None and price is not None:
                exchange(price, cap.currency, pilot.assumptions.exchange_rates)
    except Refusal:
        return False
    return True


def _devices(work: UnitOfWork, pilot: Pilot, terms: CapTerms) -> set[str]:
    """Devices that may take a new pilot: of every worker that serves it, else the chosen one."""
    serving = queue.alive(work, workload=pilot.workload, device=None)
    return {worker.device_name for worker in serving} or {terms.device}


def raise_caps(work: UnitOfWork, row: PilotRow, order: CapRaise) -> None:
    """Lets a pilot use more; its runs that no cap stops any longer are queued again.

    Raises:
        RequestError: A cap would not rise.
    """
    if row.imported is not None:
        raise conflict("pilot_imported")
    terms = decode(CapTerms, row.cap_terms)
    before = {name: getattr(terms.caps, name) for name in order.limits}
    for name, limit in order.limits.items():
        _check_raised(before[name], limit)
    caps = replace(terms.caps, **order.limits)
    row.cap_terms = encode(replace(terms, caps=caps))
    work.session.flush()
    for run in spending.capped(work.session, (row.id,)):
        _queue_again(work, run, row)
    told = {name: encode(limit) for name, limit in order.limits.items()}
    known = {name: encode(limit) for name, limit in before.items()}
    audit.record(work, "pilot.raise_cap", row.id, known, told)


def month(work: UnitOfWork) -> MonthCaps:
    """The caps of the installation, and what is used of them."""
    forecast = cap_forecasts.of_month(work)
    return MonthCaps(
        limits=budget.month_limits(work),
        uses=forecast.uses,
        pilots_unknown=forecast.pilots_unknown,
    )


def month_history(work: UnitOfWork) -> tuple[MonthCapsChange, ...]:
    """Every change of the caps of the installation, newest first, at most 100."""
    return tuple(
        MonthCapsChange(
            at=row.at,
            by=row.principal,
            before=decode(Limits, row.before),
            after=decode(Limits, row.after),
        )
        for row in history.of_action(work.session, SET_MONTH, limit=MOST_CHANGES)
    )


def set_month(work: UnitOfWork, limits: Limits) -> MonthCaps:
    """Replaces the caps of the installation; runs that no cap stops any longer are queued again."""
    before = budget.month_limits(work)
    row = MonthCapRow(
        number=1,
        limits=encode(limits),
        changed_at=work.now,
        changed_by=work.principal.name,
    )
    spending.keep_month_caps(work.session, row)
    for run in spending.capped(work.session):
        pilot = pilots.find(work.session, run.pilot_id)
        if pilot is not None and not run.reason.startswith(OF_PILOT):
            _queue_again(work, run, pilot)
    audit.record(work, SET_MONTH, MONTH, encode(before), encode(limits))
    return month(work)


def begin_month(work: UnitOfWork) -> None:
    """Queues runs again that the caps of a month stopped which is over."""
    for run in stopped_by_past_month(work.session, work.now):
        pilot = pilots.find(work.session, run.pilot_id)
        if pilot is not None:
            _queue_again(work, run, pilot)


def stopped_by_past_month(session: Session, now: datetime) -> list[RunRow]:
    """Runs that wait although the month whose caps they reached is over."""
    began = budget.month_of(now)
    return [
        run
        for run in spending.capped(session)
        if run.reason.startswith(f"cap_{MONTH}_") and run.ended_at and run.ended_at < began
    ]


def _queue_again(work: UnitOfWork, run: RunRow, pilot: PilotRow) -> None:
    """Unless what the run is for is over, or another cap still stops it."""
    if run.purpose != phases.purpose_of(pilot.phase):
        return
    if budget.reached_by(work, pilot, run.id) is not None:
        return
    enter(work, run, "queued")
    run.reason = ""


def _check_raised(before: float | Money | None, after: float | Money) -> None:
    """Refuses a cap that there is not, one that does not rise, and one in another currency."""
    if isinstance(before, Money) and isinstance(after, Money):
        rises = before.currency == after.currency and after.amount > before.amount
    elif isinstance(before, float | int) and isinstance(after, float | int):
        rises = after > before
    else:
        rises = False
    if not rises:
        raise conflict("cap_not_raised")


def _price_of(card: RateCard) -> Money | None:
    """None for a computer whose price nobody entered: it is not free."""
    unpriced = card.kind == "this_computer" and not card.row
    return None if unpriced else card.rent_per_gpu_hour


def _check_countable(pilot: Pilot, terms: CapTerms) -> None:
    caps: Caps = terms.caps
    for name in ("pilot_energy_kwh", "run_energy_kwh"):
        known = getattr(caps, name) is None or terms.device_w is not None
        require(known, f"pilot.caps.{name}", "cap_needs_power")
    for name in ("pilot_money", "run_money"):
        cap: Money | None = getattr(caps, name)
        if cap is None:
            continue
        price = terms.price_per_device_h
        if price is None or price.amount <= 0:
            raise Refusal(f"pilot.caps.{name}", "cap_needs_price")
        try:
            exchange(price, cap.currency, pilot.assumptions.exchange_rates)
        except Refusal as refusal:
            raise below("pilot.assumptions", refusal) from refusal
