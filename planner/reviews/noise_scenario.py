"""What a transfer would give if production's batch were a larger share of its noise scale.

Sample efficiency carries over only at the same share. Nobody knows production's, so it is taken to
be the pilot's, and this is what follows where it is four times that.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from planner.economics.business_case import TrainingFacts, training_facts
from planner.economics.cashflow import Payback, npv, payback
from planner.economics.investment import TrainingComparison, monthly_flows, training_value
from planner.money import Money
from planner.projections.transfer import NoiseShare
from planner.reviews.judged import Judged, paces_of, speed_up_of
from planner.reviews.pace import Pace
from planner.reviews.schedule_review import ScheduleReview
from planner.reviews.to_target import baseline_batch

PRODUCTION_TIMES_PILOT = 4.0
"""How many times the pilot's share of the noise scale production's is in the scenario."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseScenario:
    """A candidate where production's batch is another share of its noise scale than the pilot's.

    Attributes:
        schedule: The candidate.
        pilot_share_ratio: Today's batch over the noise scale that the baseline's runs read, x_p.
        production_share_ratio: The same in production, x_q: four times as much.
        time_ratio: Ratio of mean times, candidate over today, there.
        training: One training under the candidate, there.
        npv: Net present value there, everything else at its own value.
        payback: Simple payback there.
    """

    schedule: str
    pilot_share_ratio: float
    production_share_ratio: float
    time_ratio: float
    training: TrainingFacts
    npv: Money
    payback: Payback


def noise_scenarios(
    judged: Judged, reviewed: Iterable[ScheduleReview], today: TrainingComparison | None
) -> tuple[NoiseScenario, ...]:
    """One for every priced candidate; none without a transfer, or where no noise was resolved."""
    share = pilot_share(judged)
    if today is None or share is None or judged.production is None:
        return ()
    other = NoiseShare(pilot=share, production=PRODUCTION_TIMES_PILOT * share)
    given = judged.given
    paces = paces_of(given, judged.races, judged.laid_out, judged.production, noise_share=other)
    if not isinstance(paces, Pace):
        return ()
    arms = {arm.schedule: arm for arm in judged.candidates}
    found = []
    for one in reviewed:
        if one.case is None:
            continue
        speed_up = speed_up_of(arms[one.schedule], judged, paces)
        if speed_up is None:
            continue
        ratio = speed_up.time_ratio
        value = training_value(today, time_ratio=ratio, assumptions=given.assumptions)
        flows = monthly_flows(one.case.investment, value, given.assumptions)
        found.append(
            NoiseScenario(
                schedule=one.schedule,
                pilot_share_ratio=other.pilot,
                production_share_ratio=other.production,
                time_ratio=ratio,
                training=training_facts(today, ratio),
                npv=npv(flows, given.assumptions.discount_rate_per_year),
                payback=payback(flows),
            )
        )
    return tuple(found)


def pilot_share(judged: Judged) -> float | None:
    """x_p: today's batch over the noise scale of the baseline's runs; None if not resolved."""
    own = {race.run_id for race in judged.baseline.races}
    read = [
        record.noise
        for record in judged.given.records
        if record.run_id in own and record.noise is not None
    ]
    noise = math.fsum(reading.noise for reading in read)
    square = math.fsum(reading.gradient_square for reading in read)
    if not (square > 0 and noise > 0):
        return None
    return baseline_batch(judged) * square / noise
