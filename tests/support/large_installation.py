"""An installation of 1,000 pilots, 10,000 runs and 10 million points, built once and kept on disk.

One pilot goes through the API; it is copied row by row. Everything that grows with use is there:
a pilot with long runs, one that is running, reports, notifications, views, audit entries.
"""

import shutil
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from alembic.script import ScriptDirectory
from sqlalchemy import insert, select

from backend.database.upgrade import config_for
from backend.tables import AuditRow, NotificationRow, PilotRow, ReportRow, ViewRow
from planner.pilots.pilot import Pilot
from tests.support.app_in_memory import an_api
from tests.support.installation import Api, a_pilot, schedule_data
from tests.support.many_pilots import multiply, values_of
from tests.support.planted_worker import PlantedWorker, chunks_of, planted_curve, table_of
from tests.support.processes import wait_until

PILOTS, SEEDS, EPOCHS = 1000, 5, 30
"""Ten runs a pilot: 1,020 training steps and 31 evaluations each, 10.5 million points in all."""

LONG_EPOCHS, LONG_BATCH = 50, 4
"""One more pilot, whose ten runs have 13,500 steps each."""

RUNNING = 8
"""Of one more pilot's runs, half of their series recorded; its other runs wait."""

REPORTS, VIEWS, AUDIT_ENTRIES = 900, 500, 50_000


def large_installation(folder: Path, *, pilots: int = PILOTS) -> Path:
    """Data folder of the installation below ``folder``; built where it is not there yet."""
    built = folder / f"{pilots}-pilots-{revision()}"
    if not built.exists():
        draft = folder / f"draft-{uuid4().hex}"
        try:
            _build(draft, pilots)
            (draft / "data").rename(built)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return built


def revision() -> str:
    """Newest schema of this code: a database of an older one is built again."""
    return ScriptDirectory.from_config(config_for(None)).get_current_head() or ""


def _build(folder: Path, pilots: int) -> None:
    with an_api(folder) as api:
        worker = api.worker()
        first = _trained(api, worker, _pilot("Many", EPOCHS, batch_size=32))
        copies = multiply(api.installation.database, first, copies=pilots - 1)
        _trained(api, worker, _pilot("Long", LONG_EPOCHS, batch_size=LONG_BATCH))
        _add_use(api, first, copies)
        api.create(_pilot("Running", EPOCHS, batch_size=32), throughput=planted_curve(), key="r")
        for _ in range(RUNNING):
            _half_train(worker)


def _pilot(name: str, epochs: int, *, batch_size: int) -> Pilot:
    return a_pilot(
        name=name,
        budget={"epochs": epochs},
        seeds={"confirmation": list(range(11, 11 + SEEDS))},
        schedules=[
            schedule_data("today", role="baseline", batch_size={"initial": batch_size}),
            schedule_data("faster", batch_size={"initial": batch_size}),
        ],
    )


def _trained(api: Api, worker: PlantedWorker, pilot: Pilot) -> str:
    """Id of a pilot that is done and judged."""
    made = api.create(pilot, throughput=planted_curve(), key=pilot.name)
    worker.work_until_idle()
    wait_until(lambda: _judged(api, made.id), what="the verdict of a pilot")
    return made.id


def _judged(api: Api, pilot_id: str) -> bool:
    with api.installation.database.read() as session:
        return session.get_one(PilotRow, pilot_id).judged_at is not None


def _half_train(worker: PlantedWorker) -> None:
    """Takes a run and leaves it at half of its series."""
    claim = worker.claim()
    assert claim is not None
    (run,) = claim.runs
    worker.start(run, from_step=0)
    chunks = chunks_of(run, table_of(run), worker.plant)
    for chunk in chunks[: len(chunks) // 2]:
        worker.write(run, "series", chunk).raise_for_status()


def _add_use(api: Api, first: str, copies: list[str]) -> None:
    """What else piles up while people work, as many rows as a busy year leaves."""
    order = {"format": "csv", "language": "en"}
    key = {"Idempotency-Key": "report"}
    api.post(f"/api/pilots/{first}/reports", order, **key).raise_for_status()
    at = api.clock.at
    with api.installation.database.write() as session, session.begin():
        report = values_of(session.scalars(select(ReportRow)).one())
        del report["number"]
        told = values_of(session.scalars(select(NotificationRow).limit(1)).one())
        del told["number"]
        view = {"query": {"pilots": ",".join(copies[:50])}, "owner": "owner", "saved_at": at}
        entry = {"at": at, "principal": "owner", "action": "run.prioritise", "subject_id": first}
        session.execute(insert(ReportRow), [report] * (REPORTS - 1))
        session.execute(
            insert(NotificationRow),
            [told | {"occurrence": pilot_id, "pilot_id": pilot_id} for pilot_id in copies],
        )
        session.execute(
            insert(ViewRow),
            [view | {"id": uuid4().hex, "name": f"View {number}"} for number in range(VIEWS)],
        )
        session.execute(
            insert(AuditRow),
            [
                entry | {"at": at + timedelta(seconds=number), "before": None, "after": {"n": 1}}
                for number in range(AUDIT_ENTRIES)
            ],
        )
