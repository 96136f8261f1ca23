"""What the simulation found, as the document ``docs/calibration.md``."""

import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import scipy

from benchmarks.calibrated.adoption import ALLOWED, Adoption
from benchmarks.calibrated.coverage import Coverage
from benchmarks.calibrated.share import STANDARD_ERRORS, Share, together
from benchmarks.calibrated.sweeps import Kind, Mean, Swept

ABOUT = """Pilots are drawn from a world whose truth is known: times to target are lognormal, a \
seed brings a part of log time (sd 0.15) to both schedules and each schedule adds its own. They \
are judged by the product's own code: `paired_ratio`, `bootstrap_ratio`, `speed_up`, `propagate`, \
`select`, `rivals`, `judge_quality`, `choose` and `decide`; nothing of it is written again here. \
Worlds are named by the scatter (sd) of a pair's log time ratio; measured pilots showed 0.03 to \
0.35. In the last world the budget stops a fifth of the runs. Every share is followed by its Monte \
Carlo standard error. Reported as found."""

INTERVALS = """Share of the pilots whose 90 % interval held the truth; promised are 85 to 95 %, \
and a share counts as kept if it is not more than {errors:.0f} standard errors outside. \
"The draws of the money" are the central 90 % of the time ratios that NPV and payback are \
computed from, against the ratio of *mean* times. Pilots without an interval (no success on one \
side, or no censored pair where the cost per success is what is asked for) are in neither count."""

ADOPTIONS = """The plan costs three trainings and forty hours of an engineer; the true ratio of \
mean times (under the budget: of time per success) is exactly the one at which its net present \
value is zero, and the payback limit is the horizon. So every "adopt" is a coin that fell the \
wrong way, and at most 1 - c = 0.20 are allowed at the usual confidence c = 0.80, however many \
looks were planned. Every look after the first adds as many seeds as the first had. "Followed": \
the team adds seeds only while the verdict says so. "Ever": it looks at all planned seeds whatever \
the verdict says, and one "adopt" is enough. A share counts as kept if it is not more than \
{errors:.0f} standard errors above the limit."""

SWEEPS = """A baseline and three candidates that are all the same schedule, tried at four \
learning rates on two or three selection seeds; the product freezes a rate for each and two \
finalists, and judges the better one on new seeds. Of the rates "two equal" has two that are \
equally good, one that costs 10 % and one that costs 16 % more time; of "one best" the next one \
costs 5 %, the others 10 and 22 %. Nothing has to be invested, so that half of all measured ratios \
would pay. Errors are measured less true log ratios: of the first finalist on new seeds (the \
split), of the same on the seeds that chose it, and of the better of two on new seeds, which the \
higher required confidence of two finalists pays for. "Unlucky" are the pilots whose few selection \
seeds froze a worse rate for the baseline than for a finalist, which then *is* faster as measured, \
though only by its rate. "Adopted" is everything, these included. "Rate as frozen" is what would \
be adopted were the frozen rate of the baseline taken for its best, as it was before the odds were \
those against the rate that is hardest to beat. "Without split" is a pilot that would prove its \
first finalist with the very seeds that chose it."""

POWERS = """The same pilots of two equal rates with candidates that truly take 0.9 or 0.8 of the \
time, two looks planned: what the protection against an unlucky rate costs, and what a third \
selection seed gives back."""

POOLED = """One row alone cannot show an excess of a point or two; all rows of a kind can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Everything that was found."""

    coverages: tuple[Coverage, ...]
    adoptions: tuple[Adoption, ...]
    sweeps: tuple[Swept, ...]
    powers: tuple[Swept, ...]
    seed: int
    command: str
    cpu_s: float

    @property
    def pooled(self) -> dict[str, Share]:
        """Shares of "adopt" over several rows, of which none alone could show a small excess."""
        looks = sorted({row.looks for row in self.adoptions})
        kinds = dict.fromkeys((row.kind.curve, row.kind.selection_seeds) for row in self.sweeps)
        return {
            f"break-even, {count} looks": together(
                row.adopted for row in self.adoptions if row.looks == count
            )
            for count in looks
        } | {
            f"null pilots, {curve}, {seeds} selection seeds": together(
                row.adopted
                for row in self.sweeps
                if (row.kind.curve, row.kind.selection_seeds) == (curve, seeds)
            )
            for curve, seeds in kinds
        }

    @property
    def broken(self) -> list[str]:
        """Every row that does not keep what was promised."""
        return [
            *(
                f"{row.interval}, {row.world}, n {row.pairs}"
                for row in self.coverages
                if not row.kept
            ),
            *(
                f"adoption, {row.world}, n {row.first_pairs}, {row.looks} looks"
                for row in self.adoptions
                if not row.kept
            ),
            *(
                f"{name}, all rows together"
                for name, share in self.pooled.items()
                if not share.at_most(ALLOWED)
            ),
            *(f"split, {_named(row.kind)}" for row in self.sweeps if not row.unbiased),
            *(
                f"null pilots, {_named(row.kind)}"
                for row in self.sweeps
                if not row.adopted.at_most(ALLOWED)
            ),
        ]


def text(found: Calibration) -> str:
    """The document."""
    broken = "; ".join(found.broken) or "none"
    parts = [
        "# Calibration",
        f"Written by `{found.command}` on {datetime.now(UTC):%Y-%m-%d}, seed {found.seed}, "
        f"{found.cpu_s:.0f} s of CPU on one core; do not edit. numpy {np.__version__}, scipy "
        f"{scipy.__version__}, python {platform.python_version()}.",
        ABOUT,
        f"Rows that do not keep what was promised: {broken}.",
        "## Intervals",
        INTERVALS.format(errors=STANDARD_ERRORS),
        _table(
            ("interval", "world", "n", "pilots", "covered", "kept"),
            (
                (
                    row.interval,
                    row.world,
                    row.pairs,
                    row.covered.repeats,
                    _share(row.covered),
                    _yes(row.kept),
                )
                for row in found.coverages
            ),
        ),
        "## False adoption at break-even",
        ADOPTIONS.format(errors=STANDARD_ERRORS),
        _adoption_table(found.adoptions),
        "## Sweep and null pilots",
        SWEEPS,
        _sweep_table(found.sweeps),
        "## Power with a sweep",
        POWERS,
        _power_table(found.powers),
        "## All rows together",
        POOLED,
        _table(
            ("rows", "pilots", "adopted", "kept"),
            (
                (name, share.repeats, _share(share), _yes(share.at_most(ALLOWED)))
                for name, share in found.pooled.items()
            ),
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _adoption_table(found: Iterable[Adoption]) -> str:
    return _table(
        ("world", "n at first", "looks", "pilots", "followed", "ever", "undecided", "kept"),
        (
            (
                row.world,
                row.first_pairs,
                row.looks,
                row.adopted.repeats,
                _share(row.adopted),
                _share(row.ever),
                _share(row.extended),
                _yes(row.kept),
            )
            for row in found
        ),
    )


def _sweep_table(found: Iterable[Swept]) -> str:
    return _table(
        (
            *("rates", "selection", "n", "looks", "pilots", "error with split", "without"),
            *("of the better", "unlucky", "adopted", "rate as frozen", "without split", "kept"),
        ),
        (
            (
                row.kind.curve,
                row.kind.selection_seeds,
                row.kind.pairs,
                row.kind.looks,
                row.adopted.repeats,
                _mean(row.error_with_split),
                _mean(row.error_without_split),
                _mean(row.error_of_better),
                _share(row.unlucky),
                _share(row.adopted),
                _share(row.at_frozen),
                _share(row.fake_adopted),
                _yes(row.unbiased and row.adopted.at_most(ALLOWED)),
            )
            for row in found
        ),
    )


def _power_table(found: Iterable[Swept]) -> str:
    return _table(
        ("true ratio", "selection", "n at first", "pilots", "adopted", "rate as frozen"),
        (
            (
                row.kind.ratio,
                row.kind.selection_seeds,
                row.kind.pairs,
                row.adopted.repeats,
                _share(row.adopted),
                _share(row.at_frozen),
            )
            for row in found
        ),
    )


def _named(kind: Kind) -> str:
    return (
        f"{kind.curve}, {kind.selection_seeds} selection seeds, n {kind.pairs}, {kind.looks} looks"
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def _share(share: Share) -> str:
    return f"{share.value:.3f} ± {share.standard_error:.3f}"


def _mean(mean: Mean) -> str:
    return f"{mean.value:+.4f} ± {mean.standard_error:.4f}"


def _yes(kept: bool) -> str:
    return "yes" if kept else "NO"
