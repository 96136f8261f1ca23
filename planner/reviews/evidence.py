"""What the decision on one candidate rests on."""

from dataclasses import dataclass
from typing import Literal

from planner.bounds import check_at_least
from planner.economics.propagation import Propagation
from planner.inference.quality import QualityStatus
from planner.inference.success import HitRate
from planner.reviews.selection import confidence_to_adopt, required_confidence

QualityResult = QualityStatus | Literal["not_measured"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything that the decision on one candidate rests on.

    Attributes:
        schedule: Name of the candidate.
        propagation: Odds of the plan; None where no figure can be computed.
        quality: Whether its final quality holds.
        candidate_hits: Its runs that reached the target; None without runs.
        baseline_hits: The baseline's.
        pairs: Seeds that both have ended.
        confirmed: Whether all its runs are on seeds that did not select it.
        one_rate_only: Whether only one learning rate was tried.
        transferred: Whether its time was carried to a production training.
        price_dated: Whether the price of a device-hour has a day.
        look: Number of this look at the confirmation, from 1.
        looks: Looks that were planned beforehand.
        confidence: Required of a single look.
        finalists: Candidates among which this one was chosen after seeing their results.
        selecting: Whether a confirmation is planned that no selection has led to yet.
    """

    schedule: str
    propagation: Propagation | None
    quality: QualityResult
    candidate_hits: HitRate | None
    baseline_hits: HitRate | None
    pairs: int
    confirmed: bool
    one_rate_only: bool
    transferred: bool
    price_dated: bool
    look: int
    looks: int
    confidence: float
    finalists: int
    selecting: bool = False

    def __post_init__(self) -> None:
        check_at_least(self.look, 1, "look")
        check_at_least(self.finalists, 1, "finalists")

    @property
    def confidence_to_refuse(self) -> float:
        """Probability of a failure that is enough to say no."""
        return required_confidence(self.looks, self.confidence)

    @property
    def confidence_to_adopt(self) -> float:
        """Probability that is enough to adopt the best of the finalists (Bonferroni)."""
        return confidence_to_adopt(
            looks=self.looks, confidence=self.confidence, finalists=self.finalists
        )
