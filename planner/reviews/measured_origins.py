"""Where the numbers come from that a pilot measured."""

from collections.abc import Iterator

from planner.pilots.target import Quality
from planner.reviews.comparison import Comparison
from planner.reviews.ingredient import Ingredient, Origin, count, ratio, seconds
from planner.reviews.provenance import Background, Number, Provenance
from planner.reviews.schedule_review import ScheduleReview


def measured_origins(reviewed: ScheduleReview, background: Background) -> Iterator[Provenance]:
    """What the runs of one schedule measured."""
    measured = reviewed.measured
    runs = count("runs", measured.runs, "measured")
    reached = count("runs_reached", measured.reached, "measured")
    metric = background.target.metric
    aim = Ingredient(
        name="target", value=background.target.value, unit="metric", origin="planned", of=metric
    )

    def told(number: Number, *ingredients: Ingredient, formula: str | None = None) -> Provenance:
        return Provenance(
            number=number,
            schedule=reviewed.schedule,
            formula=formula or number,
            ingredients=ingredients,
        )

    budget = seconds("budget", measured.budget_s, "calculated")
    yield told("rate_chosen", ratio("rate_multiplier", reviewed.rate_multiplier, "measured"))
    yield told("reached", aim, runs, reached, budget)
    yield told("epochs", aim, reached, runs)
    yield told("steps", aim, reached, runs)
    yield told("samples", aim, reached, runs)
    interval = measured.time_to_target_s
    if interval is not None:
        yield told(
            "time_to_target",
            aim,
            runs,
            seconds("mean_time", measured.mean_time_to_target_s, "measured"),
            seconds("time_low", interval.low, "measured"),
            seconds("time_high", interval.high, "measured"),
        )
    else:
        yield told("time_to_target", aim, runs, reached, budget, formula="time_to_target_censored")


def against_origins(
    reviewed: ScheduleReview, baseline: ScheduleReview, background: Background
) -> Iterator[Provenance]:
    """A candidate against today, seed by seed."""
    comparison = reviewed.comparison
    if comparison is None:
        return
    censored = comparison.censored_pairs > 0
    yield Provenance(
        number="time_against_today",
        schedule=reviewed.schedule,
        formula="time_against_today_censored" if censored else "time_against_today",
        ingredients=(
            seconds("mean_time", reviewed.measured.mean_time_to_target_s, "measured"),
            seconds("mean_time_today", baseline.measured.mean_time_to_target_s, "measured"),
            count("pairs", comparison.pairs, "measured"),
            count("censored_pairs", comparison.censored_pairs, "measured"),
            *_other_ratios(reviewed, comparison, background),
        ),
    )
    if background.quality is not None:
        yield _quality(reviewed, baseline, comparison, background.quality)


def _other_ratios(
    reviewed: ScheduleReview, comparison: Comparison, background: Background
) -> Iterator[Ingredient]:
    """Ratios that money is worked out with; each differs from the typical one for a reason."""
    if comparison.mean_time_ratio is not None:
        yield ratio("mean_ratio", comparison.mean_time_ratio.mid, "measured")
    if reviewed.case is not None:
        known: Origin = "calculated" if background.production else "measured"
        yield ratio("time_ratio", reviewed.case.time_ratio, known)


def _quality(
    reviewed: ScheduleReview, baseline: ScheduleReview, comparison: Comparison, quality: Quality
) -> Provenance:
    metric = quality.metric
    verdict = comparison.quality

    def final(name: str, value: float | None) -> Ingredient:
        return Ingredient(name=name, value=value, unit="metric", origin="measured", of=metric)

    return Provenance(
        number="quality_against_today",
        schedule=reviewed.schedule,
        formula="quality_against_today",
        ingredients=(
            final("final_quality", reviewed.measured.final_quality),
            final("final_quality_today", baseline.measured.final_quality),
            count("pairs", verdict.n if verdict else 0, "measured"),
            Ingredient(
                name="tolerance",
                value=quality.tolerance,
                unit="difference",
                origin="planned",
                of=metric,
            ),
        ),
    )
