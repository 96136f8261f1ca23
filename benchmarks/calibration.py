"""Judges pilots whose truth is known and writes how often the judgement is right.

``python -m benchmarks.calibration`` takes some minutes of one core; ``--quick`` takes seconds and
only shows that the way to the table works.
"""

import argparse
import time
from pathlib import Path

from benchmarks.calibrated.adoption import Adoption, adoptions
from benchmarks.calibrated.coverage import Coverage, coverages
from benchmarks.calibrated.decisions import FREE, TUNED
from benchmarks.calibrated.document import Calibration, text
from benchmarks.calibrated.sweeps import null_kinds, power_kinds, sweeps
from benchmarks.calibrated.worlds import CENSORED, WORLDS

DOCUMENT = Path(__file__).parents[1] / "docs" / "calibration.md"
COMMAND = "make calibration"
SEED = 20251
PAIRS = (5, 10, 20)
COVERAGES, ADOPTIONS, SWEEPS, POWERS = 10_000, 1200, 600, 400
"""Repeats of a row."""


def calibrate(
    *,
    share: float,
    seed: int,
    command: str,
    worlds: int = len(WORLDS),
    pairs: tuple[int, ...] = PAIRS,
) -> Calibration:
    """Every table.

    Args:
        share: Of the repeats.
        seed: Of all draws.
        command: That the document names.
        worlds: How many of them, from the first on; the censored one always is.
        pairs: Seeds of a pilot at its first look.
    """
    began = time.process_time()

    def repeats(count: int) -> int:
        return max(20, round(share * count))

    covered: list[Coverage] = []
    chosen = WORLDS[:worlds]
    for row in coverages(chosen, CENSORED, pairs, repeats=repeats(COVERAGES), seed=seed):
        covered.append(row)
        print(f"{row.interval}, {row.world}, {row.pairs}: {row.covered.value:.3f}", flush=True)
    adopted: list[Adoption] = []
    every = (*chosen, CENSORED)
    for found in adoptions(every, TUNED, pairs, repeats=repeats(ADOPTIONS), seed=seed + 1):
        adopted.append(found)
        print(f"{found.world}, {found.first_pairs}, {found.looks}: {found.adopted.value:.3f}")
    swept = sweeps(FREE, null_kinds(pairs), repeats=repeats(SWEEPS), seed=seed + 2)
    faster = sweeps(FREE, power_kinds(pairs), repeats=repeats(POWERS), seed=seed + 3)
    return Calibration(
        coverages=tuple(covered),
        adoptions=tuple(adopted),
        sweeps=tuple(swept),
        powers=tuple(faster),
        seed=seed,
        command=command,
        cpu_s=time.process_time() - began,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="seconds instead of minutes")
    parser.add_argument("--out", type=Path, default=None, help=f"instead of {DOCUMENT.name}")
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    if given.quick and given.out is None:
        parser.error("--quick proves nothing: give it another file with --out")
    share = 0.002 if given.quick else 1.0
    written = text(calibrate(share=share, seed=given.seed, command=COMMAND))
    (given.out or DOCUMENT).write_text(written, encoding="utf-8")
    print(written)


if __name__ == "__main__":
    main()
