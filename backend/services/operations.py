"""What those who watch the installation are shown: how much waits, runs, is used and is stored."""

import math
from collections.abc import Iterable
from datetime import datetime
from typing import get_args

from backend.instruments import Instruments
from backend.repositories import operations, spending
from backend.repositories.operations import Waiting
from backend.services import budget
from backend.unit_of_work import UnitOfWork
from backend.vitals import Vitals
from planner.pilots.run import RunStatus

MOST_KINDS = 20
"""Kinds of queued runs that are told apart; the others are shown together."""

OTHER = ("other", "other")

DELIVERY_STATES = ("waiting", "delivered", "given_up", "dropped")


def exposed(work: UnitOfWork, vitals: Vitals) -> bytes:
    """Every metric as it is now, in the text format of Prometheus."""
    shown = work.installation.instruments
    with shown.one_looks:
        _show_process(shown, vitals)
        _show_queue(work, shown)
        _show_spending(work, shown)
        _show_deliveries(work, shown)
        _show_backups(work, shown)
        shown.show("database_size_bytes", {(): float(operations.size_bytes(work.session))})
        return shown.exposed()


def _show_process(shown: Instruments, vitals: Vitals) -> None:
    shown.show("ready", {(): float(vitals.is_ready())})
    shown.show("disk_free_bytes", {(): float(vitals.free_bytes())})
    looks = {(thread.name,): thread.looked_ago_s() for thread in vitals.threads}
    shown.show("thread_looked_ago_seconds", looks)


def _show_queue(work: UnitOfWork, shown: Instruments) -> None:
    counted = operations.runs_by_status(work.session)
    shown.show("runs", {(name,): float(counted.get(name, 0)) for name in get_args(RunStatus)})
    kinds = _bounded(operations.waiting(work.session))
    shown.show("queue_runs", {kind: float(number) for kind, (number, _) in kinds.items()})
    ages = {kind: _age_s(work, since) for kind, (_, since) in kinds.items()}
    shown.show("queue_oldest_age_seconds", ages)
    alive = len(work.leases.here())
    shown.show("workers_alive", {(): float(alive)})
    lags = (
        work.leases.step_of(run_id) - step
        for run_id, step in operations.acknowledged_steps(work.session).items()
    )
    shown.show("ingest_lag_steps", {(): float(max(lags, default=0))})


def _bounded(found: Iterable[Waiting]) -> dict[tuple[str, str], tuple[int, datetime]]:
    """Number and oldest entry by workload and device, most first; what is rare as one."""
    kinds: dict[tuple[str, str], tuple[int, datetime]] = {}
    for workload, device, number, since in found:
        kind = (workload, device) if len(kinds) < MOST_KINDS else OTHER
        before, oldest = kinds.get(kind, (0, since))
        kinds[kind] = (before + number, min(oldest, since))
    return kinds


def _show_spending(work: UnitOfWork, shown: Instruments) -> None:
    month = spending.since(budget.month_of(work.now))
    used_s = sum(used.seconds for used in spending.ended(work.session, month).values())
    used_s += sum(
        max(one.told_s, work.leases.held_s(one.run_id)) * one.device_count
        for one in spending.running(work.session, month)
    )
    shown.show("month_device_seconds", {(): used_s})
    uses = budget.month_uses(work)
    shown.show("month_cap_used_ratio", {(use.unit,): use.used_fraction for use in uses})
    money = {(use.currency,): use.used for use in uses if use.unit == "money"}
    shown.show("month_money", money)


def _show_deliveries(work: UnitOfWork, shown: Instruments) -> None:
    counted = operations.deliveries_by_status(work.session)
    states = {(state,): float(counted.get(state, 0)) for state in DELIVERY_STATES}
    shown.show("webhook_deliveries", states)
    oldest = operations.oldest_waiting_delivery(work.session)
    age_s = 0.0 if oldest is None else _age_s(work, oldest)
    shown.show("webhook_oldest_waiting_seconds", {(): age_s})


def _show_backups(work: UnitOfWork, shown: Instruments) -> None:
    made = (note.state.made_at for note in work.installation.backups.folder.notes())
    newest = max(made, default=None)
    shown.show("backup_age_seconds", {(): math.nan if newest is None else _age_s(work, newest)})


def _age_s(work: UnitOfWork, since: datetime) -> float:
    """Never below zero, whatever the clock did."""
    return max(0.0, (work.now - since).total_seconds())
