"""A million rows of CSV, wide and long, beside a bare loop over ``csv.reader`` that keeps nothing.

Each reading is a process of its own, so that its peak memory is its own. Both take turns. Then the
wide file goes through a real API from its upload to the stored pilot.

    python -m benchmarks.bench_imports
    python -m benchmarks.bench_imports api    only the last
"""

import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from backend.imports.reading import look, read
from benchmarks.imported import through_the_api
from planner.imports.mapping import BatchColumn, ColumnMapping, ElapsedColumn
from tests.support.logged_runs import terms_of_import

ROWS = 1_000_000
RUNS = 20
TURNS = 3
SCHEDULES = ("today", "growing")
BATCH_SIZES = (128, 256)
STORED_WITHIN_S = 30.0
"""From the first byte of the file to the stored pilot."""


def write_wide(path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("run,seed,schedule,step,elapsed,lr,batch_size,loss,validation_loss\n")
        for place in range(ROWS):
            run, step = divmod(place, ROWS // RUNS)
            checked = f"{2 / (step + 1):.6g}" if step % 100 == 0 else ""
            file.write(
                f"run {run},{run // 2},{SCHEDULES[run % 2]},{step},{step / 10:.1f},0.1,"
                f"{BATCH_SIZES[run % 2]},{1 / (step + 1):.6g},{checked}\n"
            )


def write_long(path: Path) -> None:
    names = ("loss", "lr", "validation_loss", "batch_size")
    with path.open("w", encoding="utf-8") as file:
        file.write("run,step,elapsed,metric,value\n")
        for place in range(ROWS):
            run, row = divmod(place, ROWS // RUNS)
            step, name = divmod(row, len(names))
            file.write(f"run {run},{step},{step / 10:.1f},{names[name]},{1 / (step + 1):.6g}\n")


def bare(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def ours(path: Path) -> int:
    list(read(path, mapped(look(path).suggested)))
    return ROWS


READERS = {"bare": bare, "ours": ours}


def timed(reader: str, path: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.bench_imports", reader, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def child(reader: str, path: Path) -> None:
    begin = time.process_time()
    rows = READERS[reader](path)
    cpu_s = time.process_time() - begin
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": rows, "cpu_s": cpu_s, "peak_mib": peak_mib}))


def mapped(suggested: ColumnMapping) -> ColumnMapping:
    """What was proposed, with the units that it asks for."""
    return replace(
        suggested,
        elapsed=ElapsedColumn(column="elapsed", unit="seconds"),
        batch_size=BatchColumn(column="batch_size", meaning="global"),
    )


def through_an_api(path: Path, folder: Path) -> None:
    suggested = look(path).suggested
    terms = terms_of_import(training_samples=128_000, quality=None)
    stages = through_the_api(path, folder, mapped(suggested), terms)
    told = ", ".join(f"{name} {took_s:.1f} s" for name, took_s in stages.seconds.items())
    whole_s = sum(stages.seconds.values())
    print(f"{ROWS:,} rows through the API: {whole_s:.1f} s ({told}); aim {STORED_WITHIN_S:.0f} s")
    print(f"processors of the API: {stages.cpu_s:.1f} s")
    print(f"memory of the API: {stages.before_mib:.0f} MiB, at most {stages.peak_mib:.0f} MiB")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "wide.csv"
        write_wide(path)
        through_an_api(path, Path(folder))
    if sys.argv[1:] != ["api"]:
        beside_bare()


def beside_bare() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for shape, write in (("wide", write_wide), ("long", write_long)):
            path = Path(folder) / f"{shape}.csv"
            write(path)
            found = {
                reader: min(
                    (timed(reader, path) for _ in range(TURNS)), key=lambda one: one["cpu_s"]
                )
                for reader in READERS
            }
            for reader, one in found.items():
                print(
                    f"{shape} {reader}: {ROWS / one['cpu_s']:,.0f} rows/s of CPU, "
                    f"{one['cpu_s']:.1f} s, peak {one['peak_mib']:.0f} MiB"
                )
            ratio = found["ours"]["cpu_s"] / found["bare"]["cpu_s"]
            print(f"{shape}: look and read over bare: {ratio:.1f}")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        child(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
