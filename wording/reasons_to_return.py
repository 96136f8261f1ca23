"""When production goes back to the baseline for good: what is seen, what is decided, by whom."""

from collections.abc import Callable
from dataclasses import dataclass

from planner.reviews.rollback_procedure import RollbackProcedure
from wording.catalogue import say
from wording.labels import metric_label
from wording.language import Language
from wording.numbers import number
from wording.verdict import difference_text

ONE_IN = 5
"""Share of runs, as one in so many, whose rollbacks stop a roll-out: what five seeds without any
cannot rule out (docs/rollback.md) [ours]."""

REASONS = ("often", "failed", "quality", "cost")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonToReturn:
    """One reason: what is seen, what is then decided, and by whom."""

    seen: str
    decision: str
    who: str


def reasons_to_return(
    procedure: RollbackProcedure, language: Language, *, name: Callable[[str], str] = str
) -> list[ReasonToReturn]:
    """All reasons in their order; ``name`` makes somebody's own names fit for where they stand."""
    values = {
        "one_in": number(ONE_IN, language),
        "quality": _quality(procedure, language, name),
    }
    return [
        ReasonToReturn(
            seen=say(f"procedure.return_{reason}_seen", language, **values),
            decision=say(f"procedure.return_{reason}_decision", language, **values),
            who=say(f"procedure.return_{reason}_who", language, **values),
        )
        for reason in REASONS
    ]


def _quality(procedure: RollbackProcedure, language: Language, name: Callable[[str], str]) -> str:
    quality = procedure.quality
    if quality is None:
        return say("procedure.quality_unnamed", language)
    return say(
        "procedure.quality_named",
        language,
        metric=name(metric_label(quality.metric, language)),
        tolerance=difference_text(language, metric=quality.metric, value=quality.tolerance),
    )
