"""Pilots as rows of a list: told from what is stored, verdicts included."""

import time

import pytest

from backend.threads.judge import judge, not_judged
from backend.wire.codec import decode
from planner.exchange.page_states import PilotSummary
from planner.exchange.states import Page
from planner.reviews.review import Review
from planner.reviews.review_input import ReviewRequest
from tests.support.entered_prices import enter
from tests.support.installation import Api, a_pilot, schedule_data
from tests.support.planted_worker import falling_loss, planted_curve

PATIENCE_S = 60


def listed(api: Api, **query: object) -> Page[PilotSummary]:
    answer = api.get("/api/pilots:summaries", **query).raise_for_status()
    return decode(Page[PilotSummary], answer.json())


def priced() -> dict[str, object]:
    """Hardware and trainings for which a faster schedule is worth something."""
    rent = {"amount": 100.0, "currency": "USD"}
    return {
        "seeds": {"confirmation": [11, 12, 13]},
        "hardware": {"profile": "this-computer", "rent_per_gpu_hour": rent},
        "production": {
            "training_h": 10,
            "device_count": 1,
            "batch_size": 64,
            "half_saturation_batch_size_per_device": 100,
        },
        "assumptions": {"trainings_per_month": 100},
    }


def test_a_new_pilot_is_a_row_with_its_work_ahead(api: Api) -> None:
    pilot = api.create(a_pilot(), throughput=planted_curve())
    (row,) = listed(api).items
    assert (row.id, row.name, row.phase) == (pilot.id, "Digits, growing batch", "confirmation")
    assert (row.owner, row.workload, row.created_at) == ("owner", "digits-mlp", api.clock.at)
    assert (row.runs_done, row.runs_planned, row.spent_device_h) == (0, 2 * 2, 0)
    assert (row.verdict, row.payback_months) == (None, None)


def test_what_a_pilot_will_take_is_known_with_its_curve(api: Api) -> None:
    api.create(a_pilot(), throughput=planted_curve())
    (row,) = listed(api).items
    ragged_s = 1e-3 + 22 / 1e5  # 1078 = 33 * 32 + 22
    today_s = 4 * (33 * (1e-3 + 32 / 1e5) + ragged_s)
    small_s, large_s = today_s / 2, 2 * (16 * (1e-3 + 64 / 1e5) + 1e-3 + 54 / 1e5)
    evaluations_s = 5 * 0.01
    pair_s = today_s + small_s + large_s + 2 * evaluations_s
    assert row.expected_device_h == pytest.approx(2 * pair_s / 3600, rel=1e-3)


def test_a_pilot_that_is_being_probed_cannot_say_how_long_it_takes(api: Api) -> None:
    api.create(a_pilot())
    (row,) = listed(api).items
    assert (row.runs_planned, row.expected_device_h) == (1 + 2 * 2, None)


def test_spent_time_counts_the_runs_that_are_running(api: Api) -> None:
    api.create(a_pilot(), throughput=planted_curve())
    worker = api.worker()
    claim = worker.claim()
    assert claim is not None
    worker.start(claim.runs[0], from_step=0)
    worker.finish(claim.runs[0], step=5, outcome="diverged", wall_clock_s=1800)
    worker.claim()
    api.clock.pass_s(900)
    (row,) = listed(api).items
    assert row.spent_device_h == pytest.approx((1800 + 900) / 3600)
    assert (row.runs_done, row.runs_planned) == (1, 4)


def test_a_finished_pilot_shows_the_verdict_of_its_own_review(api: Api) -> None:
    pilot = api.create(a_pilot(**priced()), throughput=planted_curve())
    half_lives = {"today": 0.3, "growing batch": 0.1}
    api.worker(lambda schedule, *_: falling_loss(half_lives[schedule.name])).work_until_idle()
    assert not_judged(api.installation) == [pilot.id]
    judge(api.installation, pilot.id)
    answer = api.post("/api/reviews:compute", ReviewRequest(pilot_id=pilot.id))
    review = decode(Review, answer.raise_for_status().json())
    case = next(s.case for s in review.schedules if s.schedule == "growing batch")
    assert case is not None
    assert case.payback.months is not None
    (row,) = listed(api).items
    assert (row.verdict, row.payback_months) == (review.verdict.kind, case.payback.months)
    assert (row.runs_done, row.runs_planned) == (6, 6)
    assert not_judged(api.installation) == []


def test_a_pilot_whose_review_cannot_be_made_is_judged_once_and_shows_none(api: Api) -> None:
    enter(api)
    pilot = api.create(a_pilot(hardware={"profile": "our-h100"}), throughput=planted_curve())
    api.post("/api/prices/our-h100:retire", {}).raise_for_status()
    api.worker().work_until_idle()
    judge(api.installation, pilot.id)
    assert not_judged(api.installation) == []
    (row,) = listed(api).items
    assert (row.verdict, row.payback_months) == (None, None)


def test_the_judge_finds_finished_pilots_by_itself(api: Api) -> None:
    api.create(a_pilot(**priced()), throughput=planted_curve())
    api.worker().work_until_idle()
    deadline = time.monotonic() + PATIENCE_S
    while not_judged(api.installation):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_list_is_searched_filtered_and_paged(api: Api) -> None:
    for number, name in enumerate(("Alpha", "beta", "100 % alpha")):
        api.clock.pass_s(1)
        api.create(a_pilot(name=name), throughput=planted_curve(), key=str(number))
    assert [row.name for row in listed(api).items] == ["100 % alpha", "beta", "Alpha"]
    assert [row.name for row in listed(api, search="ALPHA").items] == ["100 % alpha", "Alpha"]
    assert [row.name for row in listed(api, search="%").items] == ["100 % alpha"]
    second = listed(api, search="alpha", page=2, page_size=1)
    assert ([row.name for row in second.items], second.total) == (["Alpha"], 2)
    assert listed(api, status="done").total == 0


def test_a_sweep_plans_its_confirmation_too(api: Api) -> None:
    schedules = [schedule_data("today", role="baseline"), *map(schedule_data, "abc")]
    sweep = {"seeds": {"selection": [1], "confirmation": [11, 12]}, "schedules": schedules}
    api.create(a_pilot(rate_multipliers=[1, 2], **sweep), throughput=planted_curve())
    (row,) = listed(api).items
    assert row.runs_planned == 4 * 2 * 1 + (1 + 2) * 2
