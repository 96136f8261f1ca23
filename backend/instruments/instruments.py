"""The metrics of one process, in a registry of its own."""

import threading
from collections.abc import Iterable, Mapping
from typing import TypeVar

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import generate_latest

from backend import VERSION
from backend.instruments.metrics import METRICS, Metric

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

# A series more for each counter, which nobody asks for.
disable_created_metrics()  # type: ignore[no-untyped-call]

Labels = TypeVar("Labels", bound=tuple[str, ...])


class Instruments:
    """Counters that any thread may move, and gauges that are set when somebody looks.

    Attributes:
        one_looks: Held from the first gauge that is set to the text: two that look at once would
            see each other's half.
    """

    def __init__(self) -> None:
        self.one_looks = threading.Lock()
        self._registry = CollectorRegistry()
        # CPU, memory and open files of the process, under the usual names.
        ProcessCollector(registry=self._registry)
        self._counters = {m.name: self._counter(m) for m in METRICS if m.kind == "counter"}
        self._gauges = {m.name: self._gauge(m) for m in METRICS if m.kind == "gauge"}
        self._histograms = {m.name: self._histogram(m) for m in METRICS if m.kind == "histogram"}
        self.show("build_info", {(VERSION,): 1.0})

    def count(self, name: str, *labels: str, by: float = 1.0) -> None:
        """Moves a counter on; ``claims`` is ``paybatch_claims_total``."""
        counter = self._counters[f"paybatch_{name}_total"]
        (counter.labels(*labels) if labels else counter).inc(by)

    def observe(self, name: str, *labels: str, seconds: float) -> None:
        """Adds one observation to a histogram."""
        histogram = self._histograms[f"paybatch_{name}"]
        (histogram.labels(*labels) if labels else histogram).observe(seconds)

    def show(self, name: str, values: Mapping[Labels, float]) -> None:
        """Sets a gauge; labels that are not named are no longer exposed."""
        gauge = self._gauges[f"paybatch_{name}"]
        gauge.clear()
        for labels, value in values.items():
            (gauge.labels(*labels) if labels else gauge).set(value)

    def exposed(self) -> bytes:
        """Everything, in the text format of Prometheus."""
        return generate_latest(self._registry)

    def _counter(self, metric: Metric) -> Counter:
        return Counter(*_described(metric), registry=self._registry)

    def _gauge(self, metric: Metric) -> Gauge:
        return Gauge(*_described(metric), registry=self._registry)

    def _histogram(self, metric: Metric) -> Histogram:
        return Histogram(*_described(metric), buckets=metric.bounds_s, registry=self._registry)


def _described(metric: Metric) -> tuple[str, str, Iterable[str]]:
    return metric.name, metric.meaning, metric.labels
