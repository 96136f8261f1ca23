"""How often a candidate that is worth nothing is adopted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.calibrated.decisions import ACCURACY_SD, Plan, evidence, last_decision
from benchmarks.calibrated.share import Share, share_of
from benchmarks.calibrated.worlds import World
from planner.reviews.verdict import decide

ALLOWED = 0.2
"""``1 - c`` at the usual confidence of 0.80."""

MOST_LOOKS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """One row: a plan at break-even in a world.

    Attributes:
        world: Its name.
        first_pairs: Seeds at the first look; every further one adds as many.
        looks: Looks that were planned.
        adopted: Pilots that ended with "adopt", of teams that follow every verdict.
        ever: Pilots in which some look said "adopt", of teams that add seeds whatever it says.
        extended: Pilots that ended undecided.
    """

    world: str
    first_pairs: int
    looks: int
    adopted: Share
    ever: Share
    extended: Share

    @property
    def kept(self) -> bool:
        """Whether both are compatible with what is allowed."""
        return self.adopted.at_most(ALLOWED) and self.ever.at_most(ALLOWED)


def adoptions(
    worlds: Sequence[World], plan: Plan, first_pairs: Sequence[int], *, repeats: int, seed: int
) -> Iterator[Adoption]:
    """Every world at exactly the ratio at which the plan's net present value is zero."""
    for place, world in enumerate(worlds):
        for n in first_pairs:
            generator = np.random.default_rng([seed, place, n])
            yield from _of_world(
                world.with_ratio(plan.break_even_ratio), plan, n, repeats=repeats, draw=generator
            )


def _of_world(
    world: World, plan: Plan, n: int, *, repeats: int, draw: np.random.Generator
) -> Iterator[Adoption]:
    """The same pilots with one, two and three looks planned."""
    shape = (repeats, MOST_LOOKS * n)
    candidates, baselines = world.times(draw, shape)
    ours, theirs = draw.normal(0.95, ACCURACY_SD, (2, *shape))
    ends: dict[int, list[str]] = {looks: [] for looks in range(1, MOST_LOOKS + 1)}
    ever: dict[int, list[bool]] = {looks: [] for looks in ends}
    for repeat in range(repeats):
        upto = [slice(0, n * look) for look in range(1, MOST_LOOKS + 1)]
        odds = [
            plan.odds(candidates[repeat, part], baselines[repeat, part], budget=world.budget)
            for part in upto
        ]
        for looks in ends:
            steps = [
                evidence(
                    odds[look],
                    candidates[repeat, part],
                    baselines[repeat, part],
                    budget=world.budget,
                    accuracies=(ours[repeat, part], theirs[repeat, part]),
                    look=look + 1,
                    looks=looks,
                )
                for look, part in enumerate(upto[:looks])
            ]
            ends[looks].append(last_decision(steps))
            ever[looks].append(any(decide(step).kind == "adopt" for step in steps))
    for looks, kinds in ends.items():
        yield Adoption(
            world=world.name,
            first_pairs=n,
            looks=looks,
            adopted=share_of(kind == "adopt" for kind in kinds),
            ever=share_of(ever[looks]),
            extended=share_of(kind == "extend" for kind in kinds),
        )
