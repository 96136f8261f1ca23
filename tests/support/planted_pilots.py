"""Pilots whose truth is planted: one for each thing that a review can say."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from backend.cli.files import read
from planner.pilots.pilot import Pilot
from planner.pilots.seeds import Seeds
from planner.schedules.schedule import Schedule
from tests.support.planted_worker import Metrics, Plant, falling_loss

EXAMPLE = Path(__file__).parents[2] / "backend" / "data" / "example_pilot.yaml"

SEEDS = (11, 12, 13, 14, 15)
TODAY = 0.100
"""Share of the samples in which the loss halves under today's schedule: it reaches the target of
the example, 0.02, after log2(ln 10 / 0.02) = 6.85 halvings, which is 68 % of them."""


@dataclass(frozen=True)
class Story:
    """A pilot and how its candidate fares.

    Attributes:
        name: Of the pilot.
        half_life: Of the candidate's loss; today's is `TODAY`.
        verdict: What the review has to say.
        spread: Share by which the seeds differ.
        accuracy_lost: Taken off the candidate's final accuracy.
        trainings_per_month: Of the production that the pilot stands for.
    """

    name: str
    half_life: float
    verdict: str
    spread: float = 0.004
    accuracy_lost: float = 0.0
    trainings_per_month: float = 20.0

    def pilot(self) -> Pilot:
        """The example without its sweep: today's schedule and one candidate on five seeds."""
        example = read(Pilot, EXAMPLE)
        return dataclasses.replace(
            example,
            name=self.name,
            schedules=example.schedules[:2],
            rate_multipliers=(1.0,),
            seeds=Seeds(confirmation=SEEDS),
            assumptions=dataclasses.replace(
                example.assumptions, trainings_per_month=self.trainings_per_month
            ),
        )

    def plant(self) -> Plant:
        """How the loss of each schedule falls; the seeds lie around it in both arms."""

        def course(schedule: Schedule, _: float, seed: int) -> Callable[[float], Metrics]:
            candidate = schedule.role == "candidate"
            half_life = self.half_life if candidate else TODAY
            place = (seed - SEEDS[2]) * (1 if candidate else -1)
            falling = falling_loss(half_life * (1 + self.spread * place))
            lost = self.accuracy_lost if candidate else 0.0

            def metrics(share: float) -> Metrics:
                accuracy = 0.5 + 0.45 * share - lost * share
                return {**falling(share), "validation_accuracy": accuracy}

            return metrics

        return course


ADOPT = Story(name="Pays back", half_life=0.105, verdict="adopt")
EXTEND = Story(name="Too early to say", half_life=0.105, verdict="extend", spread=0.2)
REFUSE = Story(name="Quality is lost", half_life=0.105, verdict="do_not_adopt", accuracy_lost=0.05)
NEVER = Story(
    name="Never pays back", half_life=0.105, verdict="do_not_adopt", trainings_per_month=1
)
CENSORED = Story(name="Arrives sometimes", half_life=0.132, verdict="extend", spread=0.04)
LOST = Story(name="Never arrives", half_life=0.3, verdict="do_not_adopt")

STORIES = (ADOPT, EXTEND, REFUSE, NEVER, CENSORED, LOST)
