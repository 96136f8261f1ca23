"""Settings that others published, as schedules that can be looked at and started from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from planner.schedules.batch_size import BatchSize
from planner.schedules.learning_rate import LearningRate, RateDecay, RateGrowth, RateWarmUp
from planner.schedules.momentum import Momentum, MomentumForm
from planner.schedules.schedule import Schedule

PaperCase = Literal["i", "ii", "iii", "iv"]
"""The publication's four: (i) a constant batch with a decaying rate, (ii) a growing batch with a
decaying rate, (iii) both growing, (iv) a growing batch with a warmed-up rate."""

PAPER = (
    "Y. Kondo, H. Iiduka (2025): Accelerating SGDM via Learning Rate and Batch Size Schedules: A "
    "Lyapunov-Based Analysis, arXiv 2508.03105"
)

PAPER_URL = "https://arxiv.org/abs/2508.03105"

_FORMS: dict[str, MomentumForm] = {
    "normalised": "normalised",
    "heavy_ball": "heavy_ball",
    "sgd": "heavy_ball",
}
"""Without momentum every form is the same."""

_DECAYS: dict[str, RateDecay] = {
    "constant": "constant",
    "diminishing": "diminishing",
    "cosine": "cosine",
    "linear": "linear",
    "poly": "polynomial",
    "warmup_const": "constant",
    "warmup_cosine": "cosine",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedSetting:
    """One row of a publication's configurations.

    Attributes:
        id: Path of its file among the configurations of the publication's public code.
        case: Which of the publication's four it belongs to.
        source: The publication, and the configuration in its code.
        data_set: What it was trained on.
        training_samples: Samples of that data set.
        epochs: Length of its runs.
        momentum_form: That its rates are stated for; equal numbers of two forms are different
            effective rates.
        schedule: Learning rate, batch size and momentum.
    """

    id: str
    case: PaperCase
    source: str
    data_set: str
    training_samples: int
    epochs: int
    momentum_form: MomentumForm
    schedule: Schedule


def published_setting(row: Mapping[str, str]) -> PublishedSetting:
    """Reads one row of the published configurations of Kondo & Iiduka (arXiv 2508.03105)."""
    return PublishedSetting(
        id=row["id"],
        case=_case(row),
        source=f"{PAPER}; configuration {row['id']}.json of its public code",
        data_set=row["dataset"],
        training_samples=int(row["samples"]),
        epochs=int(row["epochs"]),
        momentum_form=_FORMS[row["form"]],
        schedule=Schedule(
            name=row["id"].rpartition("/")[2],
            learning_rate=_learning_rate(row),
            batch_size=_batch_size(row),
            momentum=Momentum(value=float(row["init_beta"] or 0)),
            rate_form=_FORMS[row["form"]],
        ),
    )


def _case(row: Mapping[str, str]) -> PaperCase:
    if row["bs_method"] == "constant":
        return "i"
    if row["lr_method"] == "exp_growth":
        return "iii"
    return "iv" if row["lr_method"].startswith("warmup_") else "ii"


def _learning_rate(row: Mapping[str, str]) -> LearningRate:
    initial = float(row["init_lr"])
    method = row["lr_method"]
    if method == "exp_growth":
        growth = RateGrowth(maximum=float(row["lr_max"]), every_epochs=int(row["incr_interval"]))
        return LearningRate(initial=initial, growth=growth)
    warm_up = None
    if method.startswith("warmup_"):
        warm_up = RateWarmUp(
            maximum=float(row["lr_max"]),
            epochs=int(row["warmup_epochs"]),
            every_epochs=int(row["warmup_interval"]),
        )
    rate = LearningRate(initial=initial, decay=_DECAYS[method], warm_up=warm_up)
    return replace(rate, power=float(row["power"])) if row["power"] else rate


def _batch_size(row: Mapping[str, str]) -> BatchSize:
    initial = int(row["init_bs"])
    if row["bs_method"] == "constant":
        return BatchSize(initial=initial)
    return BatchSize(
        initial=initial,
        growth=float(row["bs_growth_rate"]),
        every_epochs=int(row["incr_interval"]),
        land_on=int(row["bs_max"]) if row["bs_max"] else None,
    )
