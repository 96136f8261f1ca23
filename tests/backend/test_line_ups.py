"""Line-ups over the API: stored pilots side by side; nothing is stored."""

from collections.abc import Iterator
from typing import Any

import pytest

from backend.wire.codec import decode
from planner.line_ups.line_up import LineUp
from planner.reviews.review import Review
from tests.support.app_in_memory import an_api
from tests.support.installation import Api, a_pilot, problem
from tests.support.many_pilots import multiply
from tests.support.planted_worker import planted_curve


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Api, str]]:
    """One pilot that ended, and copies of it."""
    with an_api(tmp_path_factory.mktemp("line-ups")) as api:
        pilot = a_pilot(seeds={"confirmation": [11, 12, 13]}, budget={"epochs": 20})
        started = api.create(pilot, throughput=planted_curve())
        api.worker().work_until_idle()
        assert api.pilot(started.id).phase == "done"
        yield api, started.id


def asked(api: Api, *pilot_ids: str, **more: object) -> Any:
    return api.post(
        "/api/line-ups:compute", {"pilots": [{"pilot_id": one} for one in pilot_ids]} | more
    )


def line_up(api: Api, *pilot_ids: str, **more: object) -> LineUp:
    return decode(LineUp, asked(api, *pilot_ids, **more).raise_for_status().json())


def test_a_line_up_says_what_the_review_says(trained: tuple[Api, str]) -> None:
    api, pilot_id = trained
    body = {"pilot_id": pilot_id}
    review = decode(Review, api.post("/api/reviews:compute", body).raise_for_status().json())
    found = line_up(api, pilot_id)
    assert [one.measured for one in found.entries] == [one.measured for one in review.schedules]
    assert found.pilots[0].schedules == ("today", "growing batch")
    by_epoch = next(one for one in review.charts if one.key == "convergence_by_epoch")
    shown = found.charts[0].series
    assert [one.x for one in shown] == [one.x for one in by_epoch.series]
    assert [(one.y, one.low, one.high) for one in shown] == [
        (one.y, one.low, one.high) for one in by_epoch.series
    ]


def test_a_pilot_without_a_review_is_named_and_the_others_are_shown(
    trained: tuple[Api, str],
) -> None:
    api, pilot_id = trained
    waiting = api.create(a_pilot(name="Waiting"), key="waiting").id
    found = line_up(api, waiting, pilot_id)
    assert [(one.name, one.code) for one in found.left_out] == [
        ("Waiting", "pilot_not_measured_yet")
    ]
    assert {one.pilot_id for one in found.entries} == {pilot_id}
    answer = asked(api, waiting, pilot_id)
    body = {"pilots": [{"pilot_id": waiting}, {"pilot_id": pilot_id, "schedules": ["none"]}]}
    assert answer.status_code == 200
    refused = problem(api.post("/api/line-ups:compute", body))
    assert refused == (422, "schedule_not_in_pilot", "pilots[1].schedules[0]")


def test_many_pilots_fit_and_more_than_fifty_are_refused(trained: tuple[Api, str]) -> None:
    api, pilot_id = trained
    copies = multiply(api.installation.database, pilot_id, copies=15)
    found = line_up(api, *copies)
    assert len({one.name for one in found.entries}) == 30
    named = [f"p{number}" for number in range(51)]
    assert problem(asked(api, *named)) == (422, "above_maximum", "pilots")


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "pilots", "missing"),
        ({"pilots": []}, "pilots", "empty"),
        ({"pilots": [{"pilot_id": "a"}], "along": "week"}, "along", "not_one_of"),
        ({"pilots": [{"pilot_id": "a"}], "currency": "yen"}, "currency", "currency_unknown"),
        ({"pilots": [{"pilot_id": "a"}], "shown": ""}, "shown", "empty"),
        ({"pilots": [{"pilot_id": "a"}], "colour": "red"}, "colour", "unknown_field"),
    ],
)
def test_a_wrong_request_is_refused_at_its_field(
    shared_api: Api, body: dict[str, Any], field: str, code: str
) -> None:
    assert problem(shared_api.post("/api/line-ups:compute", body)) == (422, code, field)


def test_a_pilot_that_is_not_there_is_not_found(shared_api: Api) -> None:
    assert problem(asked(shared_api, "none")) == (404, "pilot_not_found", None)
