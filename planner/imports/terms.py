"""What whoever imports runs says of them: asked, never guessed."""

from dataclasses import dataclass, field

from planner.bounds import check_at_least, check_name, check_not_negative, check_unique
from planner.economics.assumptions import Assumptions, Production
from planner.pilots.pilot import MOST_FINALISTS, HardwareChoice
from planner.pilots.target import Quality, Target
from planner.refusal import require
from planner.schedules.schedule import Schedule


def check_said(value: object, field: str) -> None:
    """Refuses what nobody said, of a form that is filled in: nothing is put in its place."""
    require(value not in (None, ""), field, "import_not_said")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportTerms:
    """What a log does not say, and a review needs.

    Attributes:
        name: Of the pilot that the runs become.
        workload: What was trained, in the team's own words.
        training_samples: Samples of one epoch.
        target: Metric value that ends the race; the metric's name as the mapping gives it.
        quality: Metric that a candidate must not worsen.
        baseline: Schedule that the team runs today.
        candidates: Schedules that might replace it; runs under others are left out, and counted.
        schedules: Schedules as somebody states them, in place of what is inferred from the logged
            rate and batch of a schedule of that name; their batch sizes must be the logged ones.
        hardware: Price of the devices, and how many trained one run together.
        device: Their name, where the price is of no row of the price book.
        evaluations_included: Whether the logged seconds include the evaluations.
        evaluation_s: Seconds of one evaluation, where they do not.
        seeds_in_order: Whether runs that name no seed are paired in the order of the file.
        production: The training that the pilot stands for; None: the pilot is the training.
        assumptions: What was not measured.
    """

    name: str
    workload: str
    training_samples: int
    target: Target
    quality: Quality | None = None
    baseline: str
    candidates: tuple[str, ...]
    schedules: tuple[Schedule, ...] = ()
    hardware: HardwareChoice = field(default_factory=HardwareChoice)
    device: str = ""
    evaluations_included: bool
    evaluation_s: float = 0.0
    seeds_in_order: bool = False
    production: Production | None = None
    assumptions: Assumptions = field(default_factory=Assumptions)

    def __post_init__(self) -> None:
        for name in ("name", "workload", "baseline"):
            check_name(getattr(self, name), name)
        check_at_least(self.training_samples, 1, "training_samples")
        require(bool(self.candidates), "candidates", "candidate_missing")
        few = len(self.candidates) <= MOST_FINALISTS
        require(few, "candidates", "import_too_many_candidates", most=MOST_FINALISTS)
        for place, name in enumerate(self.candidates):
            check_name(name, f"candidates[{place}]")
        check_unique(self.compared, "candidates", "schedule_name_repeated")
        check_unique(
            [one.name for one in self.schedules], "schedules[{}].name", "schedule_name_repeated"
        )
        check_not_negative(self.evaluation_s, "evaluation_s")
        apart = not (self.evaluations_included and self.evaluation_s)
        require(apart, "evaluation_s", "import_evaluations_counted_twice")

    @property
    def compared(self) -> tuple[str, ...]:
        """Names of the schedules that are compared, the baseline first."""
        return self.baseline, *self.candidates
