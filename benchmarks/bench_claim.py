"""How soon a claimed run makes its first step, through the real API, queue, worker and trainer.

From the moment at which the API handed the run out (as it recorded it) to the trainer's first
step (as it shows in the memory that it shares with its supervisor), on one clock. The first run
is cold: torch and the data are loaded. Aim: at most 0.5 s for every later one.
"""

import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from planner.exchange.states import PilotState
from tests.contract.programs import ApiProcess, a_worker, an_api, wait_until
from tests.support.installation import a_pilot
from tests.support.planted_worker import planted_curve
from worker.control import Control

RUNS = 12


def first_steps(folder: Path, runs: int) -> list[datetime]:
    """When each attempt below a worker's folder made its first step, in their order."""
    seen: set[Path] = set()
    return [first_step_of_another(folder, seen) for _ in range(runs)]


def first_step_of_another(folder: Path, seen: set[Path]) -> datetime:
    """When the attempt after those that were seen made its first step."""
    control = wait_until(lambda: _newcomer(folder, seen), what="another attempt")
    wait_until(lambda: control.step > 0, what="a first step")
    moment = datetime.now(UTC)
    control.close()
    return moment


def _newcomer(folder: Path, seen: set[Path]) -> Control | None:
    for path in folder.glob("scratch/worker-*/attempt-*/0/control"):
        if path not in seen and path.stat().st_size:
            seen.add(path)
            return Control(path)
    return None


def waited_s(api: ApiProcess, pilot: PilotState, moments: list[datetime]) -> list[float]:
    """Seconds between claim and first step of each run, in the order of the claims."""
    claimed = sorted(run.started_at for run in api.runs(pilot.id) if run.started_at is not None)
    return [(step - claim).total_seconds() for claim, step in zip(claimed, moments, strict=True)]


def main() -> None:
    seeds = {"confirmation": list(range(1, 1 + RUNS // 2))}
    with tempfile.TemporaryDirectory() as name, an_api(Path(name)) as api:
        folder = Path(name) / "worker"
        with a_worker(api, folder):
            (worker,) = wait_until(lambda: api.get("/api/workers"), what="a registered worker")
            curve = replace(planted_curve(), device=worker["device"]["name"])
            pilot = api.create(a_pilot(seeds=seeds), throughput=curve)
            cold, *warm = waited_s(api, pilot, first_steps(folder, RUNS))
            print(
                f"claim to first step: cold {cold:.3f} s, warm median {median(warm):.3f} s, "
                f"longest {max(warm):.3f} s of {len(warm)} runs (aim <= 0.5)"
            )


if __name__ == "__main__":
    main()
