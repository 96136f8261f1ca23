"""The bare app that the API is compared with: FastAPI and SQLAlchemy, nothing else.

It serves the same answers from the same SQLite file, without sign-in, roles, limits, audit,
fencing, repeated requests or problem documents. Each answer is there in the plausible plain ways,
and the benchmark keeps the best of them: `orm` takes a session as a dependency and lets
FastAPI write the typed answer, `core` takes a connection and does the same, `json` takes a
connection and writes the bytes itself.
Handlers are sync functions: a blocking query in an async one would stop the whole server.

    PAYBATCH_BARE_DATABASE=paybatch.sqlite python -m uvicorn benchmarks.bare_api:app
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import uuid4

import pydantic_core
from fastapi import Depends, FastAPI, Query, Response
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from backend.database.sqlite import sqlite_module
from backend.tables import PilotRow
from backend.wire.codec import encode
from benchmarks.bare_queries import (
    new_runs,
    run_of_id,
    run_state,
    runs_of_page,
    series_of,
    series_state,
)
from planner.devices.batch_plan import micro_batch_plan
from planner.exchange.states import Page, PilotRequest, PilotState, RunState, Series

Group = Literal["train", "evaluation"]
Points = Annotated[int, Query(ge=100, le=1000)]
PageNumber = Annotated[int, Query(ge=1)]
PageSize = Annotated[int, Query(ge=1, le=200)]

app = FastAPI()


def engine(*, writes: bool) -> Engine:
    """Connections to the file, as durable as the API's."""
    made = create_engine(
        f"sqlite:///{os.environ['PAYBATCH_BARE_DATABASE']}",
        module=sqlite_module(),
        pool_size=1 if writes else 40,
        max_overflow=0,
    )

    @event.listens_for(made, "connect")
    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    return made


READERS = engine(writes=False)
WRITER = engine(writes=True)


def session() -> Iterator[Session]:
    """The usual dependency: one session a request."""
    with Session(READERS) as opened:
        yield opened


Reading = Annotated[Session, Depends(session)]


def written(data: object) -> Response:
    """The bytes of an answer, past FastAPI's own serialisation."""
    return Response(pydantic_core.to_json(data), media_type="application/json")


@app.get("/health")
def health() -> dict[str, str]:
    """Whether the app answers."""
    return {"status": "ok"}


@app.get("/orm/runs/{run_id}")
def read_orm(run_id: str, opened: Reading) -> RunState:
    """One run."""
    return run_state(run_of_id(opened.connection(), run_id))


@app.get("/core/runs/{run_id}")
def read_core(run_id: str) -> RunState:
    """One run."""
    with READERS.connect() as connection:
        return run_state(run_of_id(connection, run_id))


@app.get("/json/runs/{run_id}")
def read_json(run_id: str) -> Response:
    """One run."""
    with READERS.connect() as connection:
        return written(run_of_id(connection, run_id))


@app.get("/orm/runs")
def list_orm(opened: Reading, page: PageNumber = 1, page_size: PageSize = 50) -> Page[RunState]:
    """Runs, oldest first."""
    return _typed(runs_of_page(opened.connection(), page, page_size))


@app.get("/core/runs")
def list_core(page: PageNumber = 1, page_size: PageSize = 50) -> Page[RunState]:
    """Runs, oldest first."""
    with READERS.connect() as connection:
        return _typed(runs_of_page(connection, page, page_size))


@app.get("/json/runs")
def list_json(page: PageNumber = 1, page_size: PageSize = 50) -> Response:
    """Runs, oldest first."""
    with READERS.connect() as connection:
        return written(runs_of_page(connection, page, page_size))


def _typed(told: dict[str, Any]) -> Page[RunState]:
    return Page(**told | {"items": tuple(map(run_state, told["items"]))})


@app.get("/orm/runs/{run_id}/series")
def series_orm(run_id: str, opened: Reading, group: Group, points: Points = 1000) -> Series:
    """One group of series, down-sampled."""
    return series_state(series_of(opened.connection(), run_id, group, points))


@app.get("/core/runs/{run_id}/series")
def series_core(run_id: str, group: Group, points: Points = 1000) -> Series:
    """One group of series, down-sampled."""
    with READERS.connect() as connection:
        return series_state(series_of(connection, run_id, group, points))


@app.get("/json/runs/{run_id}/series")
def series_json(run_id: str, group: Group, points: Points = 1000) -> Response:
    """One group of series, down-sampled."""
    with READERS.connect() as connection:
        return written(series_of(connection, run_id, group, points))


@app.post("/orm/pilots", status_code=201)
def create_orm(body: PilotRequest) -> PilotState:
    """Stores a pilot and its runs, as they are when its speed is known and nothing is swept."""
    return _create(body)


@app.post("/json/pilots", status_code=201)
def create_json(body: PilotRequest) -> Response:
    """The same."""
    made: Any = _create(body)
    return Response(pydantic_core.to_json(made), status_code=201, media_type="application/json")


def _create(body: PilotRequest) -> PilotState:
    assert body.throughput is not None
    pilot, now = body.pilot, datetime.now(UTC)
    plan = micro_batch_plan(body.throughput)
    row = PilotRow(
        id=uuid4().hex,
        pilot=encode(pilot),
        workload=pilot.workload,
        phase="confirmation",
        created_at=now,
        created_by="anybody",
        measured_on=body.throughput.device,
        throughput=encode(body.throughput),
        micro_batch_plan=encode(plan),
        selected={schedule.name: 1.0 for schedule in pilot.schedules},
        finalists=[schedule.name for schedule in pilot.candidates],
        cap_terms={},
    )
    runs = new_runs(row.id, pilot, now)
    with Session(WRITER, expire_on_commit=False) as opened:
        opened.add(row)
        opened.flush()
        opened.add_all(runs)
        opened.commit()
    return PilotState(
        id=row.id,
        pilot=pilot,
        phase=row.phase,
        created_at=row.created_at,
        measured_on=row.measured_on,
        throughput=body.throughput,
        micro_batch_plan=plan,
        selected=row.selected,
        finalists=tuple(row.finalists),
        run_counts={"queued": len(runs)},
        looks_used=0,
    )
