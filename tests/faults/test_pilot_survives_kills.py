"""Pilots whose supervisors, fork servers and trainers are killed, against one left alone.

All compose their times with the same throughput curve, so every number of them must agree. The
whole form runs with the lease and the beat that are shipped; the short one, and PostgreSQL's, with
a fifth of the lease.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import pytest

from backend.settings import Settings
from tests.contract.programs import an_api, wait_until
from tests.faults.conftest import EVERY_DATABASE, Often, PromiseOf, settings_of
from tests.faults.crew import Crew, Strike, Strikes
from tests.faults.left_behind import GROUPS, LeftBehind, left_behind
from tests.faults.pilots import STEP_S, a_curve, a_pilot

RECOVERY_S = 30.0
SHIPPED = Settings()

pytestmark = [pytest.mark.faults, pytest.mark.alone, pytest.mark.timeout(900)]


@dataclass(frozen=True)
class Struck:
    """Pilots under kills, and one of the same installation and workers that was left alone."""

    alone: LeftBehind
    pilots: tuple[LeftBehind, ...]
    strikes: tuple[Strike, ...]


@pytest.fixture(scope="module", params=EVERY_DATABASE)
def struck(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, often: Often
) -> Iterator[Struck]:
    folder = tmp_path_factory.mktemp("struck")
    terms = {"lease_s": 3.0, "beat_s": 0.3}
    if request.config.option.whole and request.param == "sqlite":
        terms = {"lease_s": SHIPPED.lease_s, "beat_s": SHIPPED.beat_s}
    limit = {"lost_attempts_limit": 100}  # kills before any progress are meant to be many here
    with (
        settings_of(request.param) as database,
        an_api(folder, **terms, **limit, **database) as api,
        Crew(api, folder, workers=often(whole=4 if database else 8, short=2)) as crew,
    ):
        strikes = Strikes(
            api,
            crew,
            Random(request.config.option.fault_seed),  # noqa: S311
            wanted=often(whole=10 if database else 50, short=2),
        )
        pilot = a_pilot(
            epochs=often(whole=50 if database else 100, short=20),
            seeds=tuple(range(11, often(whole=15, short=13))),
        )
        pilot_ids = [api.create(pilot, throughput=a_curve()).id]
        wait_until(
            lambda: api.pilot(pilot_ids[0]).phase == "done",
            what="the undisturbed end",
            patience_s=300,
        )
        while len(strikes.made) < strikes.wanted:
            pilot_ids.append(api.create(pilot, throughput=a_curve()).id)
            strikes.until_done(pilot_ids[-1])
        alone, *pilots = [left_behind(api, one, crew.store) for one in pilot_ids]
        yield Struck(alone, tuple(pilots), tuple(strikes.made))


def test_the_run_of_a_killed_worker_goes_on_within_half_a_minute(
    struck: Struck, promise: PromiseOf
) -> None:
    figures = promise("P6")
    victims = Counter(f"{strike.victim}s".replace(" ", "_") for strike in struck.strikes)
    figures.add(kills=len(struck.strikes), **victims)
    for strike in struck.strikes:
        assert strike.after_s is not None
        figures.recovered(strike.after_s)
        assert strike.after_s <= RECOVERY_S, strike


def test_every_run_ends_and_no_step_of_it_is_missing_or_live_twice(
    struck: Struck, promise: PromiseOf
) -> None:
    for left in struck.pilots:
        assert {record.status for record in left.records.values()} == {"succeeded"}
        promise("P6").add(losses=left.missing, doubles=left.doubled)
        assert (left.missing, left.doubled) == (0, 0)


def test_a_resumed_run_is_the_uninterrupted_one_bit_for_bit(
    struck: Struck, promise: PromiseOf
) -> None:
    resumed = [
        (left, key)
        for left in struck.pilots
        for key, record in left.records.items()
        if len(record.attempts) > 1
    ]
    assert resumed
    figures = promise("P7")
    figures.add(kills=len(struck.strikes), resumed_runs=len(resumed), equal_runs=0)
    for left, key in resumed:
        ours, theirs = left.records[key], struck.alone.records[key]
        assert ours.measurements == theirs.measurements
        assert ours.final_metrics == theirs.final_metrics
        assert left.weights[key] == struck.alone.weights[key]
        for group in GROUPS:
            assert left.series[key, group] == struck.alone.series[key, group]
        shared = left.watch[key].keys() & struck.alone.watch[key].keys()
        assert max(shared) == ours.measurements[-1].step
        for step in shared:
            assert left.watch[key][step] == struck.alone.watch[key][step]
        figures.add(equal_runs=1)


def test_the_measured_part_of_the_review_is_the_same_and_repeated_work_is_on_the_bill(
    struck: Struck,
) -> None:
    for left in struck.pilots:
        for ours, theirs in zip(left.review.schedules, struck.alone.review.schedules, strict=True):
            assert ours.measured == theirs.measured
            assert ours.comparison == theirs.comparison
        executed, planned = steps_executed(left), steps_planned(struck.alone)
        assert executed >= planned
        assert executed - planned >= sum(len(points) for points in left.superseded.values())
        assert left.review.pilot_device_h == pytest.approx(executed * STEP_S / 3600)
    assert struck.alone.review.pilot_device_h == pytest.approx(
        steps_planned(struck.alone) * STEP_S / 3600
    )


def steps_executed(left: LeftBehind) -> int:
    return sum(
        attempt.to_step - attempt.from_step
        for record in left.records.values()
        for attempt in record.attempts
    )


def steps_planned(left: LeftBehind) -> int:
    return sum(record.measurements[-1].step for record in left.records.values())
