"""Every metric by name; `docs/operations.md` shows the same table, and a test compares both."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["counter", "gauge", "histogram"]

ANSWERED_WITHIN_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Bounds of how long answers take."""

LAGS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0)
"""Bounds of how long the event loop keeps somebody waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric; no label ever names a run, a pilot, a person or a path.

    Attributes:
        name: As it is exposed; a counter's ends with ``_total``.
        meaning: In one sentence, for people.
        bounds_s: Of a histogram.
    """

    name: str
    kind: Kind
    meaning: str
    labels: tuple[str, ...] = ()
    bounds_s: tuple[float, ...] = ()


def _counter(name: str, meaning: str, *labels: str) -> Metric:
    return Metric(name=f"paybatch_{name}_total", kind="counter", meaning=meaning, labels=labels)


def _gauge(name: str, meaning: str, *labels: str) -> Metric:
    return Metric(name=f"paybatch_{name}", kind="gauge", meaning=meaning, labels=labels)


def _histogram(name: str, meaning: str, bounds_s: tuple[float, ...], *labels: str) -> Metric:
    return Metric(
        name=f"paybatch_{name}", kind="histogram", meaning=meaning, labels=labels, bounds_s=bounds_s
    )


METRICS = (
    _gauge("build_info", "Always 1; the label is the version of the API.", "version"),
    _gauge("ready", "1 while work should be sent here, 0 while not."),
    _gauge("thread_looked_ago_seconds", "Since a thread's last look that ended well.", "thread"),
    _histogram(
        "event_loop_lag_seconds", "How late the event loop was, sampled twice a second.", LAGS_S
    ),
    _counter(
        "http_requests", "Requests by how they were answered.", "method", "route", "status_class"
    ),
    _counter("http_failures", "Answers of 500 and above, by status.", "route", "status"),
    _histogram(
        "http_request_duration_seconds",
        "How long answers took, their bodies included.",
        ANSWERED_WITHIN_S,
        "method",
        "route",
    ),
    _gauge("runs", "Runs in each state.", "status"),
    _gauge("queue_runs", "Queued runs; the rarest kinds count as other.", "workload", "device"),
    _gauge(
        "queue_oldest_age_seconds",
        "Since the longest waiting of them was queued.",
        "workload",
        "device",
    ),
    _gauge("workers_alive", "Workers that were heard of within two leases."),
    _counter("claims", "Questions for work, by whether there was any.", "outcome"),
    _counter("leases_lost", "Leases that passed without a beat."),
    _counter("attempts_lost", "Attempts whose worker or trainer was gone."),
    _counter("rollbacks", "Returns to an earlier step after a divergence."),
    _counter("attempts_finished", "Attempts that said how they ended.", "outcome"),
    _counter("ingest_points", "Points of series that were taken in."),
    _counter("ingest_chunks", "Chunks in which they came."),
    _gauge(
        "ingest_lag_steps",
        "Of running runs, the most steps that were heard of in a beat but not taken in yet.",
    ),
    _gauge("month_device_seconds", "Device time used since the month began, in UTC."),
    _gauge("month_money", "Money used since then, where a cap counts it.", "currency"),
    _gauge(
        "month_cap_used_ratio",
        "Share of each cap of the month that is used; at 1 work stops.",
        "unit",
    ),
    _gauge("webhook_deliveries", "Deliveries to the webhook, in each state.", "status"),
    _gauge("webhook_oldest_waiting_seconds", "Since the oldest of those that wait was made."),
    _gauge("backup_age_seconds", "Since the newest whole backup; NaN while there is none."),
    _gauge("database_size_bytes", "Of the whole database."),
    _gauge("disk_free_bytes", "Room on the disk of the data folder."),
)
