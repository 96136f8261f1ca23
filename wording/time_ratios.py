"""How the ratio of times that was measured becomes the one that money is computed with."""

from collections.abc import Iterator

from planner.reviews.review import Review
from planner.reviews.schedule_review import ScheduleReview
from wording.catalogue import say
from wording.language import Language
from wording.numbers import percent


def time_ratio_sentences(
    review: Review, reviewed: ScheduleReview, language: Language
) -> Iterator[str]:
    """From the ratio seed by seed over that of mean times to the priced one; none without all.

    To a tenth of a per cent, so that ratios that are close together stay apart.
    """
    comparison, case, today = reviewed.comparison, reviewed.case, review.today
    if comparison is None or case is None or today is None:
        return
    by_seed, of_means = comparison.time_ratio, comparison.mean_time_ratio
    if by_seed is None or of_means is None:
        return
    yield say(
        f"time_ratios.{'of_the_pilot' if review.production is None else 'to_production'}",
        language,
        schedule=reviewed.schedule,
        by_seed=percent(by_seed.mid, language, decimals=1),
        of_means=percent(of_means.mid, language, decimals=1),
        priced=percent(case.time_ratio, language, decimals=1),
    )
    overhead = today.overhead_fraction
    if overhead:
        yield say(
            "time_ratios.with_overhead",
            language,
            overhead=percent(overhead, language),
            whole=percent((1 - overhead) * case.time_ratio + overhead, language, decimals=1),
        )
