"""What a trainer prints: kept, bounded, numbered, searched; fenced as every write is."""

from typing import Any

import pytest

from planner.exchange.run_log import LONGEST_LOG, LogChunk
from planner.exchange.work import ClaimedRun
from tests.support.installation import Api, a_pilot, problem
from tests.support.planted_worker import PlantedWorker, planted_curve


@pytest.fixture
def worker(api: Api) -> PlantedWorker:
    api.create(a_pilot(), throughput=planted_curve())
    return api.worker()


@pytest.fixture
def run(worker: PlantedWorker) -> ClaimedRun:
    claim = worker.claim()
    assert claim is not None
    return claim.runs[0]


def send(worker: PlantedWorker, run: ClaimedRun, first_line: int, *lines: str) -> int:
    """Hands over lines; the last line that the API says is settled."""
    answer = worker.write(run, "log", LogChunk(first_line=first_line, lines=lines))
    last: int = answer.raise_for_status().json()["last_line"]
    return last


def read(api: Api, run: ClaimedRun, **query: object) -> dict[str, Any]:
    log: dict[str, Any] = api.get(f"/api/runs/{run.run_id}/log", **query).raise_for_status().json()
    return log


def numbered(log: dict[str, Any]) -> list[tuple[int, str]]:
    return [(line["number"], line["text"]) for line in log["lines"]]


def test_lines_come_back_numbered_and_oldest_first(
    api: Api, worker: PlantedWorker, run: ClaimedRun
) -> None:
    assert send(worker, run, 1, "one", "two") == 2
    assert send(worker, run, 3, "three") == 3
    log = read(api, run)
    assert numbered(log) == [(1, "one"), (2, "two"), (3, "three")]
    assert (log["attempt"], log["attempts"], log["found"]) == (1, [1], 3)
    assert (log["printed"], log["lost"]) == (3, 0)


def test_lines_that_are_sent_again_are_not_stored_again(
    api: Api, worker: PlantedWorker, run: ClaimedRun
) -> None:
    send(worker, run, 1, "one", "two")
    assert send(worker, run, 1, "one", "two") == 2
    assert send(worker, run, 2, "two", "three") == 3
    assert numbered(read(api, run)) == [(1, "one"), (2, "two"), (3, "three")]


def test_lines_that_were_left_out_are_counted_as_lost(
    api: Api, worker: PlantedWorker, run: ClaimedRun
) -> None:
    send(worker, run, 1, "one")
    send(worker, run, 11, "eleven")
    log = read(api, run)
    assert numbered(log) == [(1, "one"), (11, "eleven")]
    assert (log["printed"], log["lost"]) == (11, 9)


def test_a_search_finds_parts_of_lines_whatever_their_case(
    api: Api, worker: PlantedWorker, run: ClaimedRun
) -> None:
    send(worker, run, 1, "Step 8", "UserWarning: slow", "step 16", "100 %_of")
    assert numbered(read(api, run, search="STEP")) == [(1, "Step 8"), (3, "step 16")]
    assert numbered(read(api, run, search="%_")) == [(4, "100 %_of")]
    assert numbered(read(api, run, search="absent")) == []


def test_of_many_lines_the_newest_are_shown(
    api: Api, worker: PlantedWorker, run: ClaimedRun
) -> None:
    send(worker, run, 1, *(f"step {number}" for number in range(1, 101)))
    log = read(api, run, search="step", limit=2)
    assert numbered(log) == [(99, "step 99"), (100, "step 100")]
    assert log["found"] == 100


def test_an_attempt_keeps_its_newest_lines_and_says_how_many_are_lost(
    api: Api, worker: PlantedWorker, run: ClaimedRun
) -> None:
    line = "x" * 999
    for chunk in range(10):
        send(worker, run, 1 + 60 * chunk, *([line] * 60))
    log = read(api, run, limit=2000)
    assert log["printed"] == 600
    assert log["lines"][-1]["number"] == 600
    kept = 1000 * len(log["lines"])
    assert LONGEST_LOG - 60_000 < kept <= LONGEST_LOG
    assert log["lost"] == 600 - len(log["lines"]) == log["lines"][0]["number"] - 1


def test_each_attempt_has_a_log_of_its_own(
    api: Api, worker: PlantedWorker, run: ClaimedRun
) -> None:
    send(worker, run, 1, "first attempt")
    worker.finish(run, step=0, outcome="failed")
    api.post(f"/api/runs/{run.run_id}:retry", {"reason": ""}).raise_for_status()
    claim = worker.claim()
    assert claim is not None
    (again,) = claim.runs
    assert (again.run_id, again.attempt) == (run.run_id, 2)
    assert read(api, run)["attempt"] == 1
    send(worker, again, 1, "second attempt")
    assert numbered(read(api, run)) == [(1, "second attempt")]
    assert numbered(read(api, run, attempt=1)) == [(1, "first attempt")]
    assert read(api, run)["attempts"] == [1, 2]


def test_a_run_that_printed_nothing_has_an_empty_log(api: Api, run: ClaimedRun) -> None:
    log = read(api, run)
    assert (log["attempts"], log["lines"], log["printed"], log["lost"]) == ([], [], 0, 0)


def test_an_attempt_that_never_was_has_no_log(api: Api, run: ClaimedRun) -> None:
    answer = api.get(f"/api/runs/{run.run_id}/log", attempt=2)
    assert problem(answer) == (404, "attempt_not_found", None)


def test_lines_with_commands_for_a_terminal_are_refused(
    worker: PlantedWorker, run: ClaimedRun
) -> None:
    answer = worker.write(run, "log", {"first_line": 1, "lines": ["\x1b[31mred"]})
    assert problem(answer) == (422, "log_line_not_clean", "lines[0]")
