"""A repeated create makes one thing."""

from planner.exchange.states import PilotRequest
from tests.support.installation import Api, a_pilot, pilot_data, problem


def test_the_same_key_and_body_get_the_same_answer(api: Api) -> None:
    body = PilotRequest(pilot=a_pilot())
    first = api.post("/api/pilots", body, **{"Idempotency-Key": "a"})
    api.worker().work_until_idle()
    again = api.post("/api/pilots", body, **{"Idempotency-Key": "a"})
    assert again.status_code == 201
    assert again.json() == first.json()
    assert api.get("/api/pilots").json()["total"] == 1


def test_the_same_key_with_another_body_is_refused(api: Api) -> None:
    api.create(a_pilot(), key="a")
    other = PilotRequest(pilot=a_pilot(name="other"))
    answer = api.post("/api/pilots", other, **{"Idempotency-Key": "a"})
    assert problem(answer) == (422, "idempotency_key_reused", None)
    assert api.get("/api/pilots").json()["total"] == 1


def test_another_key_makes_another_pilot(api: Api) -> None:
    assert api.create(a_pilot(), key="a").id != api.create(a_pilot(), key="b").id


def test_a_create_without_a_key_is_refused(api: Api) -> None:
    answer = api.post("/api/pilots", {"pilot": pilot_data()})
    assert problem(answer) == (422, "missing", "idempotency-key")


def test_a_refused_create_does_not_use_up_its_key(api: Api) -> None:
    wrong = {"pilot": pilot_data(workload="nothing")}
    assert api.post("/api/pilots", wrong, **{"Idempotency-Key": "a"}).status_code == 422
    assert api.create(a_pilot(), key="a").phase == "probing"
