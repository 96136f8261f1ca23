"""Series over HTTP: acknowledged once, superseded by later attempts, never hiding a spike."""

import pytest

from backend.threads.reaper import sweep
from backend.wire.codec import decode
from planner.exchange.states import Series
from planner.exchange.work import ClaimedRun, SeriesChunk
from planner.measurements.measurement import RunRecord
from tests.support.installation import Api, StillClock, a_pilot, problem
from tests.support.planted_worker import PlantedWorker, planted_curve


@pytest.fixture
def worker(api: Api) -> PlantedWorker:
    api.create(a_pilot(budget={"epochs": 100}), throughput=planted_curve())
    return api.worker()


def begun(worker: PlantedWorker, *, from_step: int = 0) -> ClaimedRun:
    claim = worker.claim()
    assert claim is not None
    (run,) = claim.runs
    worker.start(run, from_step=from_step)
    return run


def a_chunk(seq: int, first: int, values: list[float | None]) -> SeriesChunk:
    steps = tuple(range(first, first + len(values)))
    return SeriesChunk(
        seq=seq, group="train", steps=steps, columns={"batch_loss": tuple(values)}, wall_clock_s=1
    )


def an_evaluation(seq: int, steps: list[int], value: float) -> SeriesChunk:
    return SeriesChunk(
        seq=seq,
        group="evaluation",
        steps=tuple(steps),
        columns={"validation_loss": (value,) * len(steps)},
        wall_clock_s=2,
    )


def series(api: Api, run_id: str, group: str = "train", **query: object) -> Series:
    answer = api.get(f"/api/runs/{run_id}/series", group=group, **query)
    return decode(Series, answer.raise_for_status().json())


def test_what_was_acknowledged_is_read_back(api: Api, worker: PlantedWorker) -> None:
    run = begun(worker)
    answer = worker.write(run, "series", a_chunk(0, 1, [2.3, None, 2.1]))
    assert answer.json() == {"acked_seq": 0}
    found = series(api, run.run_id)
    assert found.steps == (1, 2, 3)
    assert found.columns == {"batch_loss": (2.3, None, 2.1)}
    assert found.attempts == (1, 1, 1)


def test_a_chunk_that_is_sent_twice_is_stored_once(api: Api, worker: PlantedWorker) -> None:
    run = begun(worker)
    for _ in range(2):
        assert worker.write(run, "series", a_chunk(0, 1, [1.0] * 5)).json() == {"acked_seq": 0}
    assert series(api, run.run_id).total_points == 5


def test_a_missing_chunk_is_asked_for(worker: PlantedWorker) -> None:
    run = begun(worker)
    answer = worker.write(run, "series", a_chunk(1, 1, [1.0]))
    assert problem(answer) == (409, "series_gap", None)
    assert answer.json()["params"] == {"expected": 0}


def test_small_chunks_are_packed_into_rows_of_a_thousand_points(
    api: Api, worker: PlantedWorker
) -> None:
    run = begun(worker)
    for seq in range(25):
        chunk = a_chunk(seq, 1 + 100 * seq, [float(seq)] * 100)
        worker.write(run, "series", chunk).raise_for_status()
    with api.installation.database.read() as session:
        rows = session.connection().exec_driver_sql("SELECT points FROM chunks ORDER BY number")
        assert list(rows.scalars()) == [1000, 1000, 500]
    assert series(api, run.run_id).total_points == 2500


def test_a_spike_among_many_points_is_always_shown(api: Api, worker: PlantedWorker) -> None:
    run = begun(worker)
    values: list[float | None] = [1.0] * 3000
    values[1234], values[2345] = 99.0, None
    worker.write(run, "series", a_chunk(0, 1, values)).raise_for_status()
    shown = series(api, run.run_id, points=100)
    assert len(shown.steps) <= 100
    assert shown.total_points == 3000
    assert (shown.steps[0], shown.steps[-1]) == (1, 3000)
    by_step = dict(zip(shown.steps, shown.columns["batch_loss"], strict=True))
    assert by_step[1235] == 99.0
    assert by_step[2346] is None


def test_the_whole_series_can_be_read_piece_by_piece(api: Api, worker: PlantedWorker) -> None:
    run = begun(worker)
    worker.write(run, "series", a_chunk(0, 1, [float(v) for v in range(2500)]))
    steps: list[int] = []
    while part := series(api, run.run_id, after_step=steps[-1] if steps else -1).steps:
        steps += part
    assert steps == list(range(1, 2501))


def test_points_after_the_step_of_a_new_start_are_superseded(
    api: Api, clock: StillClock, worker: PlantedWorker
) -> None:
    run = begun(worker)
    worker.write(run, "series", a_chunk(0, 1, [1.0] * 10)).raise_for_status()
    worker.write(run, "series", an_evaluation(1, [0, 4, 8], 1.0)).raise_for_status()
    clock.pass_s(16)
    sweep(api.installation)
    run = begun(worker, from_step=4)
    live = series(api, run.run_id)
    assert live.steps == (1, 2, 3, 4)
    worker.write(run, "series", a_chunk(0, 5, [2.0] * 3)).raise_for_status()
    worker.write(run, "series", an_evaluation(1, [4, 8], 2.0)).raise_for_status()
    live = series(api, run.run_id)
    assert live.columns["batch_loss"] == (1.0,) * 4 + (2.0,) * 3
    assert live.attempts == (1,) * 4 + (2,) * 3
    assert series(api, run.run_id, superseded=True).steps == (5, 6, 7, 8, 9, 10)
    assert series(api, run.run_id, "evaluation").columns["validation_loss"] == (1.0, 2.0, 2.0)


def test_superseded_work_stays_on_the_record_of_its_attempt(
    api: Api, clock: StillClock, worker: PlantedWorker
) -> None:
    run = begun(worker)
    worker.write(run, "series", a_chunk(0, 1, [1.0] * 10)).raise_for_status()
    worker.write(run, "series", an_evaluation(1, [0, 8], 1.0)).raise_for_status()
    clock.pass_s(16)
    sweep(api.installation)
    run = begun(worker, from_step=4)
    pilot_id = api.run(run.run_id).pilot_id
    records = decode(tuple[RunRecord, ...], api.get(f"/api/pilots/{pilot_id}/records").json())
    first, second = records[0].attempts
    assert (first.from_step, first.to_step, first.evaluations) == (0, 10, 2)
    assert (second.from_step, second.to_step, second.evaluations) == (4, 4, 0)
    assert [m.step for m in records[0].measurements] == [0]


@pytest.mark.parametrize(
    ("chunk", "code", "field"),
    [
        ({"steps": [3, 2]}, "not_rising", "steps"),
        ({"steps": [1]}, "lengths_differ", "columns.batch_loss"),
        ({"steps": [-1, 2]}, "below_minimum", "steps[0]"),
        ({"steps": [1, 99999]}, "step_beyond_plan", "steps[1]"),
        ({"columns": {}}, "columns_out_of_range", "columns"),
        ({"wall_clock_s": -1}, "negative", "wall_clock_s"),
        ({"more": 1}, "unknown_field", "more"),
    ],
)
def test_a_wrong_chunk_is_refused_at_its_field(
    worker: PlantedWorker, chunk: dict[str, object], code: str, field: str
) -> None:
    run = begun(worker)
    right = {
        "seq": 0,
        "group": "train",
        "steps": [1, 2],
        "columns": {"batch_loss": [1.0, 2.0]},
        "wall_clock_s": 1,
    }
    assert problem(worker.write(run, "series", right | chunk)) == (422, code, field)


def test_a_value_that_is_not_a_number_cannot_be_sent_as_one(worker: PlantedWorker) -> None:
    run = begun(worker)
    body = b'{"seq": 0, "group": "train", "steps": [1], "columns": {"x": [NaN]}, "wall_clock_s": 1}'
    answer = worker.http.post(
        f"/api/runs/{run.run_id}/attempts/1/series",
        content=body,
        headers={
            "Authorization": f"Bearer {run.attempt_token}",
            "Content-Type": "application/json",
        },
    )
    assert problem(answer) == (422, "not_finite", "columns.x[0]")
