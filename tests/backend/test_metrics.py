"""What Prometheus is shown is what the documents say, names no run, and costs little."""

import re
import time
from pathlib import Path
from typing import Any

import yaml
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from backend.instruments.metrics import METRICS
from tests.support.installation import Api, a_pilot
from tests.support.many_pilots import multiply
from tests.support.planted_worker import planted_curve

DOCS = Path(__file__).parents[2] / "docs"

MOST_CPU_S = 0.05

OF_LIBRARY = re.compile(r"process_\w+")


def shown(api: Api) -> dict[str, Metric]:
    answer = api.get("/api/metrics").raise_for_status()
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {family.name: family for family in text_string_to_metric_families(answer.text)}


def value(found: dict[str, Metric], name: str, **labels: str) -> float:
    family = found[name.removesuffix("_total")]
    (sample,) = [s for s in family.samples if s.name == name and s.labels == labels]
    return float(sample.value)


def test_exposed_names_types_and_labels_are_those_of_the_table(api: Api) -> None:
    api.create(a_pilot(), throughput=planted_curve())
    api.worker().work_until_idle()
    found = {name: family for name, family in shown(api).items() if not OF_LIBRARY.match(name)}
    known = {metric.name.removesuffix("_total"): metric for metric in METRICS}
    assert set(found) <= set(known)
    for name, family in found.items():
        assert family.type == known[name].kind
        labels = {frozenset(sample.labels) - {"le"} for sample in family.samples}
        assert labels <= {frozenset(known[name].labels)}, name


def test_every_name_follows_the_conventions() -> None:
    for metric in METRICS:
        assert re.fullmatch(r"paybatch_[a-z][a-z_]*", metric.name)
        assert metric.name.endswith("_total") == (metric.kind == "counter")
        assert not re.search(r"_(ms|minutes|hours|kb|mb|percent)(_|$)", metric.name)


def test_the_documents_show_exactly_the_metrics_of_the_code() -> None:
    text = (DOCS / "operations.md").read_text(encoding="utf-8")
    row = r"^\| `(paybatch_\w+)` \| (\w+) \|([^|]*)\| ([^|]*) \|$"
    rows = re.findall(row, text, re.MULTILINE)
    told = [
        (name, kind, tuple(re.findall(r"`(\w+)`", labels)), meaning.strip())
        for name, kind, labels, meaning in rows
    ]
    assert told == [(m.name, m.kind, m.labels, m.meaning) for m in METRICS]


def alert_rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((DOCS / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_every_alert_asks_for_metrics_that_there_are_and_is_in_both_runbooks() -> None:
    alerts = alert_rules()
    parts = {
        m.name + end
        for m in METRICS
        for end in (("_bucket", "_count", "_sum") if m.kind == "histogram" else ("",))
    }
    names = [alert["alert"] for alert in alerts]
    assert len(names) == len(set(names)) >= 12
    for alert in alerts:
        asked = set(re.findall(r"\bpaybatch_\w+", alert["expr"]))
        assert asked <= parts, alert["alert"]
        assert asked or "up{" in alert["expr"]
        assert alert["labels"]["severity"] in ("page", "ticket")
        assert alert["annotations"]["runbook"] == f"docs/runbook.md#{alert['alert'].lower()}"
    for runbook in ("runbook.md", "runbook.ja.md"):
        text = (DOCS / runbook).read_text(encoding="utf-8")
        assert re.findall(r"^## (Paybatch\w+)$", text, re.MULTILINE) == names


def test_figures_are_those_of_what_happened(api: Api) -> None:
    pilot = api.create(a_pilot(), throughput=planted_curve())
    api.clock.pass_s(90)
    before = shown(api)
    kind = {"workload": "digits-mlp", "device": "planted device"}
    queued = len(api.runs(pilot.id, status="queued"))
    assert queued > 0
    assert value(before, "paybatch_runs", status="queued") == queued
    assert value(before, "paybatch_queue_runs", **kind) == queued
    assert value(before, "paybatch_queue_oldest_age_seconds", **kind) == 90
    worker = api.worker()
    assert worker.claim() is not None
    assert value(shown(api), "paybatch_workers_alive") == 1
    ended = len(worker.work_until_idle())
    after = shown(api)
    assert value(after, "paybatch_attempts_finished_total", outcome="succeeded") == ended
    assert value(after, "paybatch_claims_total", outcome="given") == ended + 1
    assert value(after, "paybatch_ingest_points_total") > value(
        after, "paybatch_ingest_chunks_total"
    )
    assert value(after, "paybatch_ready") == 1
    assert value(after, "paybatch_database_size_bytes") > 10_000
    told = {"method": "GET", "route": "/api/runs", "status_class": "2xx"}
    assert value(after, "paybatch_http_requests_total", **told) >= 1


def test_no_label_names_a_run_a_pilot_or_anybody_s_path(api: Api) -> None:
    pilot = api.create(a_pilot(), throughput=planted_curve())
    api.http.get("/api/made/up")
    api.http.request("BREW", "/api/pilots")
    text = api.get("/api/metrics").text
    assert pilot.id not in text
    assert api.runs(pilot.id)[0].id not in text
    assert "made/up" not in text
    assert "BREW" not in text


def test_ten_thousand_runs_cost_little_to_look_at(api: Api) -> None:
    pilot = api.create(a_pilot(), throughput=planted_curve())
    api.worker().work_until_idle()
    runs = len(api.runs(pilot.id))
    multiply(api.installation.database, pilot.id, copies=-(-10_000 // runs))
    shown(api)
    spent_s = min(_cpu_s(api) for _ in range(3))
    assert value(shown(api), "paybatch_runs", status="succeeded") >= 10_000
    assert spent_s < MOST_CPU_S, spent_s


def _cpu_s(api: Api) -> float:
    began_s = time.process_time()
    api.get("/api/metrics").raise_for_status()
    return time.process_time() - began_s


def test_a_trainer_that_was_killed_counts_for_the_alarm_of_lost_workers(api: Api) -> None:
    api.create(a_pilot(), throughput=planted_curve())
    worker = api.worker()
    claim = worker.claim()
    assert claim is not None
    worker.finish(claim.runs[0], step=0, outcome="lost", reason="killed_for_memory")
    asked = {rule["alert"]: rule["expr"] for rule in alert_rules()}
    (name,) = re.findall(r"paybatch_\w+", asked["PaybatchLeasesLost"])
    assert value(shown(api), name) == 1


def test_what_is_refused_on_purpose_is_told_apart_from_what_nobody_meant(api: Api) -> None:
    app: Any = api.http.app  # type: ignore[attr-defined]
    app.state.vitals.leaving = True
    for _ in range(3):
        assert api.get("/api/ready").status_code == 503
    assert value(shown(api), "paybatch_http_failures_total", route="/api/ready", status="503") == 3
    asked = {rule["alert"]: rule["expr"] for rule in alert_rules()}
    (meant,) = re.findall(r'status!~"([^"]+)"', asked["PaybatchErrors"])
    for status, counts in ((500, True), (502, True), (503, False), (504, True), (507, False)):
        assert (re.fullmatch(meant, str(status)) is None) == counts
