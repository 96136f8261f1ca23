"""What people decide about a pilot over the API."""

from dataclasses import dataclass
from datetime import datetime

from planner.bounds import check_at_least, check_at_most, check_name
from planner.chart import Chart
from planner.decisions.gate import (
    AdoptionStage,
    Criterion,
    DecisionKind,
    Finding,
    GateName,
)
from planner.decisions.production_result import KeptResult
from planner.decisions.promise import Promise
from planner.decisions.realised import Realised
from planner.exchange.states import check_reason
from planner.refusal import require
from planner.reviews.next_step import MOST_MORE_SEEDS, NextStep
from planner.reviews.review_input import ReviewRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedsOrder:
    """More seeds for a finished pilot; judging them is another look.

    Attributes:
        seeds: How many; the API chooses those that follow the largest one used.
        reason: Why they are added.
    """

    seeds: int
    reason: str = ""

    def __post_init__(self) -> None:
        check_at_least(self.seeds, 1, "seeds")
        check_at_most(self.seeds, MOST_MORE_SEEDS, "seeds")
        check_reason(self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteriaOrder:
    """Fixes the criteria of the gate ahead; they never change afterwards."""

    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTerms:
    """On what a decision is looked at or taken.

    Attributes:
        schedule: The candidate; None for the one that the verdict is on.
        review: Hardware, production, assumptions and rate that differ from the pilot's own.
    """

    schedule: str | None = None
    review: ReviewRequest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """Passes the gate ahead.

    Attributes:
        name: Who answers for it.
        reason: Why.
        override: Whether it is signed although a criterion is not met.
        terms: On what.
    """

    name: str
    reason: str
    override: bool = False
    terms: DecisionTerms = DecisionTerms()

    def __post_init__(self) -> None:
        check_name(self.name, "name")
        check_given_reason(self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnOrder:
    """Goes back to the baseline schedule in production."""

    name: str
    reason: str

    def __post_init__(self) -> None:
        check_name(self.name, "name")
        check_given_reason(self.reason)


def check_given_reason(reason: str) -> None:
    """Refuses a decision without a reason, or with one that is too long."""
    require(bool(reason.strip()), "reason", "empty")
    check_reason(reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Something that was decided; kept as it was.

    Attributes:
        number: Counts up over all pilots.
        gate: None for a return to the baseline.
        schedule: The candidate; empty where criteria were fixed.
        by: Who was signed in.
        name: Who answers for it, as they wrote it; empty where criteria were fixed.
        override: Whether a gate was passed although a criterion was not met.
        before_results: Whether criteria were fixed before the results that they judge were there.
        criteria: Those that were fixed.
        findings: Those that were looked at.
        snapshot_id: Of the review that was signed.
        snapshot_sha256: Hash of its canonical JSON.
    """

    number: int
    kind: DecisionKind
    gate: GateName | None
    schedule: str
    at: datetime
    by: str
    name: str
    reason: str
    override: bool
    before_results: bool
    criteria: tuple[Criterion, ...]
    findings: tuple[Finding, ...]
    snapshot_id: str | None
    snapshot_sha256: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GateAhead:
    """The gate that would be passed next.

    Attributes:
        criteria_fixed: Whether its criteria are; until then they are suggestions.
        before_results: Whether they were fixed before the results that they judge; as long as
            they are not, whether they still can be.
        findings: Every criterion against what is known now.
        passed: Whether all are met.
        fixed_at: When they were fixed; None as long as they are suggestions.
    """

    gate: GateName
    criteria_fixed: bool
    before_results: bool
    findings: tuple[Finding, ...]
    passed: bool
    fixed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultState:
    """A production result as it is kept."""

    id: str
    result: KeptResult
    entered_at: datetime
    entered_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """Where the decision on a pilot stands.

    Attributes:
        stage: Where the candidate is used.
        schedule: The candidate that the gate ahead is about, or that was adopted.
        next_step: Before the first sign-off; None after it, or without a review.
        ahead: None where no gate is left.
        history: Newest first.
        promise: Of the newest sign-off; None before it.
        realised: None without a promise.
        chart: Promised and realised running totals; None without a promise.
        results: Production results, newest first.
    """

    pilot_id: str
    stage: AdoptionStage
    schedule: str
    next_step: NextStep | None
    ahead: GateAhead | None
    history: tuple[Decision, ...]
    promise: Promise | None
    realised: Realised | None
    chart: Chart | None
    results: tuple[ResultState, ...]
