"""The decision on one candidate: adopt, extend the pilot, or do not adopt, and why."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from planner.economics.propagation import NpvBand, Odds, PaybackBand, Propagation, TornadoBar
from planner.economics.speed_up import FEWEST_PAIRS
from planner.inference.success import HitRate
from planner.reviews.evidence import Evidence

Decision = Literal["adopt", "extend", "do_not_adopt"]
Reason = Literal[
    "pays_back",
    "quality_inferior",
    "hit_rate_low",
    "never_reached",
    "npv_negative",
    "payback_too_late",
    "more_seeds",
    "baseline_rate_unresolved",
    "not_available",
    "nothing_priced",
    "exploratory",
    "selection_unfinished",
    "settle_assumption",
    "quality_unresolved",
    "quality_not_measured",
    "hit_rate_unresolved",
]
Risk = Literal[
    "one_learning_rate",
    "few_seeds",
    "undated_price",
    "no_production",
    "transfer",
    "assumption",
    "speed_up",
]
Gate = Literal["passed", "open", "failed"]

HIT_RATE_TOLERANCE = 0.2
"""How much rarer than the baseline a candidate may reach the target. Ours, not from a source."""

HIT_RATE_BOUND = 0.8
"""Confidence of the one-sided bound of the hit rate."""

ENOUGH_PAIRS = 5
"""Confirmation seeds below which their number is the first risk to name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictFacts:
    """The verdict as facts; wording turns them into a sentence.

    Attributes:
        kind: The decision.
        reason: What decided; with ``extend``, what is missing.
        schedule: Name of the candidate.
        npv_positive_probability: P(NPV > 0); None without a figure.
        payback_in_time_probability: P(payback <= limit).
        required_probability: What both must reach to adopt, looks and finalists accounted for.
        payback: Band of the payback.
        npv: Band of the net present value.
        settle: Uncertain input to be settled first, by its name in the tornado.
        largest_risk: What could most likely prove the verdict wrong.
        largest_risk_assumption: Its field, where the risk is an assumption.
        look: Number of this look.
        looks: Looks that were planned.
    """

    kind: Decision
    reason: Reason
    schedule: str
    npv_positive_probability: float | None
    payback_in_time_probability: float | None
    required_probability: float
    payback: PaybackBand | None
    npv: NpvBand | None
    settle: str | None
    largest_risk: Risk
    largest_risk_assumption: str | None
    look: int
    looks: int


def decide(evidence: Evidence) -> VerdictFacts:
    """The verdict on one candidate.

    A proven fault decides against it, whatever else is open. Adopting asks for every gate at
    once. In between, the pilot is extended, and the reason says with what.
    """
    kind: Decision = "do_not_adopt"
    reason = _fault(evidence)
    if reason is None:
        reason = _missing(evidence)
        kind = "adopt" if reason is None else "extend"
    propagation = evidence.propagation
    open_bar = _largest_open_bar(propagation)
    risk = _largest_risk(evidence, open_bar)
    return VerdictFacts(
        kind=kind,
        reason=reason or "pays_back",
        schedule=evidence.schedule,
        npv_positive_probability=propagation.odds.npv_positive if propagation else None,
        payback_in_time_probability=propagation.odds.payback_in_time if propagation else None,
        required_probability=evidence.confidence_to_adopt,
        payback=propagation.payback if propagation else None,
        npv=propagation.npv if propagation else None,
        settle=open_bar.name if open_bar and reason == "settle_assumption" else None,
        largest_risk=risk,
        largest_risk_assumption=open_bar.name if open_bar and risk == "assumption" else None,
        look=evidence.look,
        looks=evidence.looks,
    )


def choose(candidates: Sequence[Evidence]) -> Evidence | None:
    """The candidate that the verdict is about; None without candidates.

    The highest expected net present value among those with a figure, those with a proven fault
    in quality or hit rate last; the first one where none has a figure.
    """

    def rank(evidence: Evidence) -> tuple[bool, bool, float]:
        propagation = evidence.propagation
        sound = evidence.quality != "inferior" and hit_rate_gate(evidence) != "failed"
        worth = propagation.npv.mean.amount if propagation else -math.inf
        return propagation is not None, sound, worth

    return max(candidates, key=rank, default=None)


def hit_rate_gate(evidence: Evidence, *, more: int = 0) -> Gate:
    """Whether the candidate reaches the target about as often as the baseline.

    Passed if the lower bound of its rate is at least the baseline's measured rate less the
    tolerance, failed if its upper bound is below that. Bounds are those of the Beta distribution
    that the propagation uses. Fewer than three runs prove nothing.

    Args:
        evidence: With the runs so far.
        more: Runs of either arm to come, if the shares stayed as they are.
    """
    candidate, baseline = evidence.candidate_hits, evidence.baseline_hits
    if candidate is None or baseline is None:
        return "open"
    if min(candidate.runs, baseline.runs) + more < FEWEST_PAIRS:
        return "open"
    least = baseline.successes / baseline.runs - HIT_RATE_TOLERANCE
    if candidate.quantile(1 - HIT_RATE_BOUND, more=more) >= least:
        return "passed"
    return "failed" if candidate.quantile(HIT_RATE_BOUND, more=more) < least else "open"


def _fault(evidence: Evidence) -> Reason | None:
    """What is proven to speak against the candidate."""
    if evidence.quality == "inferior":
        return "quality_inferior"
    if hit_rate_gate(evidence) == "failed":
        return "hit_rate_low" if _hits(evidence.candidate_hits) else "never_reached"
    if evidence.propagation is None or _nothing_priced(evidence.propagation):
        return None
    return _money_fault(evidence.propagation.odds, evidence)


def _money_fault(odds: Odds, evidence: Evidence) -> Reason | None:
    if 1 - odds.npv_positive >= evidence.confidence_to_refuse:
        return "npv_negative"
    late = 1 - odds.payback_in_time >= evidence.confidence_to_refuse
    return "payback_too_late" if late else None


def _missing(evidence: Evidence) -> Reason | None:
    """The first gate that a candidate without proven fault does not pass; None if it has all."""
    if evidence.selecting:
        return "selection_unfinished"
    if evidence.propagation is None:
        return _no_figure(evidence)
    if _nothing_priced(evidence.propagation):
        return "nothing_priced"
    if not evidence.confirmed:
        return "exploratory"
    if not _money_passes(evidence.propagation.odds, evidence):
        return _what_to_settle(evidence.propagation, evidence)
    if evidence.quality != "non_inferior":
        measured = evidence.quality == "unresolved"
        return "quality_unresolved" if measured else "quality_not_measured"
    return None if hit_rate_gate(evidence) == "passed" else "hit_rate_unresolved"


def _no_figure(evidence: Evidence) -> Reason:
    """Why there is nothing to compute with."""
    if evidence.pairs < FEWEST_PAIRS:
        return "more_seeds"
    reached = _hits(evidence.candidate_hits) and _hits(evidence.baseline_hits)
    return "not_available" if reached else "never_reached"


def _nothing_priced(propagation: Propagation) -> bool:
    """Whether neither outlay nor saving is worth anything, as where every price is still zero."""
    return propagation.npv.low.amount == propagation.npv.high.amount == 0


def _money_passes(odds: Odds, evidence: Evidence) -> bool:
    return min(odds.npv_positive, odds.payback_in_time) >= evidence.confidence_to_adopt


def _what_to_settle(propagation: Propagation, evidence: Evidence) -> Reason:
    """More seeds, unless they would leave the question open, however many there were."""
    known, frozen = propagation.odds_known_speed_up, propagation.odds_at_frozen_rates
    if _settled(propagation.odds_after_all_seeds or known, evidence):
        return "more_seeds"
    if frozen and (_money_passes(frozen, evidence) or _settled(known, evidence)):
        return "baseline_rate_unresolved"
    return "more_seeds" if _largest_open_bar(propagation) is None else "settle_assumption"


def _settled(odds: Odds, evidence: Evidence) -> bool:
    return _money_passes(odds, evidence) or _money_fault(odds, evidence) is not None


def _largest_open_bar(propagation: Propagation | None) -> TornadoBar | None:
    """Longest bar of the tornado that no seed narrows."""
    bars = propagation.tornado if propagation else ()
    return next((bar for bar in bars if not bar.measured), None)


def _largest_risk(evidence: Evidence, open_bar: TornadoBar | None) -> Risk:
    """Gaps in the method come before gaps in the data, and these before assumptions."""
    runs = evidence.candidate_hits.runs if evidence.candidate_hits else 0
    gaps: tuple[tuple[bool, Risk], ...] = (
        (evidence.one_rate_only, "one_learning_rate"),
        (runs < ENOUGH_PAIRS, "few_seeds"),
        (not evidence.price_dated, "undated_price"),
        (not evidence.transferred, "no_production"),
        (open_bar is not None and open_bar.name == "transfer", "transfer"),
        (open_bar is not None, "assumption"),
    )
    return next((risk for found, risk in gaps if found), "speed_up")


def _hits(rate: HitRate | None) -> int:
    return rate.successes if rate else 0
