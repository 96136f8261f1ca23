"""How many more seeds would settle what the verdict leaves open, if all stayed as measured."""

from planner.economics.speed_up import FEWEST_PAIRS
from planner.inference import quality
from planner.inference.quality import QualityVerdict
from planner.reviews.comparison import Comparison
from planner.reviews.evidence import Evidence
from planner.reviews.verdict import Reason, hit_rate_gate

MOST_FOR_HIT_RATE = 1000
"""Seeds beyond which nobody would wait for a hit rate."""


def seeds_to_settle(reason: Reason, comparison: Comparison, evidence: Evidence) -> int | None:
    """More seeds that the open question of a verdict takes.

    None where it is not a question for a count of seeds, or no sensible count answers it.
    """
    if reason == "quality_unresolved" and comparison.quality is not None:
        return seeds_for_quality(comparison.quality)
    if reason == "hit_rate_unresolved":
        return seeds_for_hit_rate(evidence)
    if reason == "more_seeds" and evidence.propagation is None:
        return max(1, FEWEST_PAIRS - evidence.pairs)
    return None


def seeds_for_quality(found: QualityVerdict) -> int | None:
    """More pairs until a limit of the difference is past the tolerance."""
    if found.n < quality.FEWEST_PAIRS:
        return quality.FEWEST_PAIRS - found.n
    return None if found.seeds_needed is None else max(1, found.seeds_needed - found.n)


def seeds_for_hit_rate(evidence: Evidence) -> int | None:
    """More runs of either arm until the gate is passed or failed, their shares as they are."""
    counts = range(1, MOST_FOR_HIT_RATE + 1)
    return next((more for more in counts if hit_rate_gate(evidence, more=more) != "open"), None)
