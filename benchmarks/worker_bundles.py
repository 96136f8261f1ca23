"""Ten runs of digits-mlp trained together, against the same ten one after the other.

Whole runs with everything that belongs to them: evaluations, checkpoints, reports. CPU seconds of
the training thread; to read the reports is the supervisor's work and not in it. The members'
weights equal those of runs alone; tests see to that.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.found.settings import BASELINE, GROWING, SETTINGS, Setting
from benchmarks.found.training import Laboratory
from benchmarks.turns import take_turns
from planner.devices.throughput import Execution
from planner.schedules.schedule import Schedule
from worker.data.places import DataPlaces
from worker.workloads import WORKLOADS

TURNS = 3
MEMBERS = 10
AIM = 4.0


def compare_all(folder: Path) -> None:
    """The baseline's constant batch of 8, and the batch that grows from it."""
    setting = SETTINGS[0]
    places = DataPlaces(cache_dir=folder / "cache")
    laboratory = Laboratory(WORKLOADS[setting.workload], places, folder)
    for schedule in setting.schedules():
        if schedule.name in (BASELINE, GROWING):
            aim = f"aim >= {AIM:g}" if schedule.name == BASELINE else "reported"
            _compare(setting, laboratory, schedule, aim)


def _compare(setting: Setting, laboratory: Laboratory, schedule: Schedule, aim: str) -> None:
    train = partial(_seconds, setting, laboratory, schedule)
    turns = take_turns(train("batched"), {"sequential": train("sequential")}, turns=TURNS)
    print(
        f"{MEMBERS} runs of {setting.workload}, {schedule.name}, {setting.epochs} epochs: together "
        f"{turns.reference_s:.2f} s, one after the other {turns.seconds('sequential'):.2f} s, "
        f"ratio {turns.ratio('sequential'):.2f} ({aim}), A/A {turns.noise:.3f}",
        flush=True,
    )


def _seconds(
    setting: Setting, laboratory: Laboratory, schedule: Schedule, execution: Execution
) -> Callable[[], float]:
    def timed() -> float:
        laboratory.train(
            schedule,
            [(1.0, seed) for seed in range(1, 1 + MEMBERS)],
            epochs=setting.epochs,
            purpose="confirmation",
            execution=execution,
        )
        return laboratory.training_s

    return timed
