"""Trains again what the product's rules rest on, on new seeds, and writes ``docs/findings.md``.

``python -m benchmarks.findings`` takes about 15 minutes of one core; ``--quick`` takes seconds and
only shows that the way to the findings works.
"""

import argparse
import tempfile
import time
from pathlib import Path

from benchmarks.found.divergences import send_back, watch_runs
from benchmarks.found.document import write
from benchmarks.found.experiment import Experiment, run_experiment
from benchmarks.found.settings import QUICK, SETTINGS, Setting
from benchmarks.found.training import Laboratory
from worker.data.places import DataPlaces
from worker.training.arithmetic import as_trainers_compute
from worker.workloads import WORKLOADS

DOCS = Path(__file__).parents[1] / "docs"
QUICK_SHARE = 0.04
"""Of the divergences."""


def find(settings: tuple[Setting, ...], out: Path, *, share: float, command: str) -> None:
    """Trains all settings, the divergences on the first, and writes what was found.

    Args:
        settings: At least one; those whose workload or data are not here are left out, and said.
        out: Folder of the document.
        share: Of the divergences and healthy runs of finding 8.
        command: That the document names.
    """
    began = time.process_time()
    with as_trainers_compute(), tempfile.TemporaryDirectory() as name:
        places = DataPlaces(cache_dir=Path(name) / "cache")
        experiments: list[Experiment] = []
        for setting in settings:
            workload = WORKLOADS.get(setting.workload)
            if workload is None or not workload.available(places):
                print(f"{setting.workload} is not here: left out", flush=True)
                continue
            laboratory = Laboratory(workload, places, Path(name))
            experiments.append(run_experiment(setting, laboratory))
            print(f"{setting.workload}: {time.process_time() - began:.0f} s", flush=True)
        first = experiments[0]
        laboratory = Laboratory(WORKLOADS[first.setting.workload], places, Path(name))
        watched = watch_runs(first.setting, laboratory, first.chosen.selected, share)
        sent = send_back(first.setting, laboratory, first.chosen.selected, share)
    write(out, experiments, watched, sent, command=command, cpu_s=time.process_time() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="seconds instead of minutes")
    parser.add_argument("--out", type=Path, default=DOCS, help="folder of findings.md")
    parser.add_argument("--workloads", nargs="*", help="only these")
    given = parser.parse_args()
    if given.quick and given.out == DOCS:
        parser.error("--quick wants --out: the document holds real findings only")
    chosen = tuple(
        setting
        for setting in SETTINGS
        if not given.workloads or setting.workload in given.workloads
    )
    find(
        (QUICK,) if given.quick else chosen,
        given.out,
        share=QUICK_SHARE if given.quick else 1.0,
        command="python -m benchmarks.findings"
        + (" --quick" if given.quick else "")
        + (f" --workloads {' '.join(given.workloads)}" if given.workloads else ""),
    )


if __name__ == "__main__":
    main()
