"""Reports as files over the API: made once, listed, and handed out as they were made."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from backend.reports.formats import FORMATS, rendered
from backend.services.report_sources import source_in
from backend.wire.codec import decode
from planner.exchange.report_files import ReportRecord
from planner.reviews.review import make_review
from tests.support.app_in_memory import an_api
from tests.support.gated_pilots import done, plant, priced_pilot
from tests.support.installation import Api, problem
from tests.support.planted_worker import planted_curve


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Api, str]]:
    """An installation with one finished pilot, for tests that add reports of their own."""
    with an_api(tmp_path_factory.mktemp("finished")) as api:
        yield api, measured(api)


def measured(api: Api, *, key: str = "first", **changes: object) -> str:
    pilot_id = api.create(priced_pilot(**changes), throughput=planted_curve(), key=key).id
    api.worker(plant).work_until_idle()
    return pilot_id


def make(api: Api, pilot_id: str, *, key: str = "a", **order: Any) -> Any:
    body = {"format": "json", **order}
    return api.post(f"/api/pilots/{pilot_id}/reports", body, **{"Idempotency-Key": key})


def file_of(api: Api, number: int) -> Any:
    return api.get(f"/api/reports/{number}/file").raise_for_status()


def count(api: Api, table: str) -> int:
    with api.installation.database.read() as session:
        rows = session.connection().exec_driver_sql(f"SELECT count(*) FROM {table}")  # noqa: S608
        return int(rows.scalar_one())


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_a_report_is_handed_out_byte_for_byte_as_the_list_says(
    finished: tuple[Api, str], form: str
) -> None:
    api, pilot_id = finished
    made = done(make(api, pilot_id, format=form, language="ja", key=f"{form}ja"))
    answer = file_of(api, made["number"])
    assert hashlib.sha256(answer.content).hexdigest() == made["sha256"]
    assert len(answer.content) == made["size_bytes"]
    assert answer.headers["content-type"] == FORMATS[form].media_type
    assert answer.headers["etag"] == f'"{made["sha256"]}"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert made["file_name"] in answer.headers["content-disposition"]
    listed = api.get(f"/api/pilots/{pilot_id}/reports", page_size=1).json()
    assert listed["items"] == [made]


KEPT = ("reports", "report_files", "snapshots", "audit_entries")


def test_equal_files_and_equal_reviews_are_kept_once(api: Api) -> None:
    pilot_id = measured(api)
    before = count(api, "audit_entries")
    made = [done(make(api, pilot_id, key=str(place))) for place in range(3)]
    assert made[1:] == made[:1] * 2
    assert [count(api, table) for table in KEPT] == [1, 1, 1, before + 3]
    api.clock.jump(days=1)
    later = done(make(api, pilot_id, key="later"))
    assert later["sha256"] != made[0]["sha256"]
    assert later["data_sha256"] == made[0]["data_sha256"]
    assert [count(api, table) for table in KEPT] == [2, 2, 1, before + 4]


def test_a_file_in_another_language_is_a_report_of_its_own(api: Api) -> None:
    pilot_id = measured(api)
    made = done(make(api, pilot_id, format="csv", language="en", key="en"))
    other = done(make(api, pilot_id, format="csv", language="ja", key="ja"))
    assert other["number"] != made["number"]
    again = done(make(api, pilot_id, format="csv", language="en", key="again"))
    assert again == made
    assert api.get(f"/api/pilots/{pilot_id}/reports").json()["items"] == [other, made]


def test_a_repeated_order_makes_one_report(finished: tuple[Api, str]) -> None:
    api, pilot_id = finished
    before = count(api, "reports")
    first, second = (done(make(api, pilot_id, key="twice")) for _ in range(2))
    assert first == second
    assert count(api, "reports") == before + 1
    assert problem(make(api, pilot_id, key="twice", format="csv"))[:2] == (
        422,
        "idempotency_key_reused",
    )


def test_other_assumptions_make_another_report_of_the_same_data(
    finished: tuple[Api, str],
) -> None:
    api, pilot_id = finished
    own = done(make(api, pilot_id, key="own"))
    price = {"amount": 9.0, "currency": "USD"}
    review = {"pilot_id": pilot_id, "hardware": {"device_count": 8, "rent_per_gpu_hour": price}}
    dearer = done(make(api, pilot_id, key="dearer", review=review))
    assert dearer["data_sha256"] == own["data_sha256"]
    assert dearer["assumptions_sha256"] != own["assumptions_sha256"]
    assert dearer["snapshot_id"] != own["snapshot_id"]
    frozen = api.get(f"/api/snapshots/{dearer['snapshot_id']}").json()
    shown = file_of(api, dearer["number"]).json()
    assert frozen["review"] == shown["review"]
    assert frozen["measurements_sha256"] == dearer["data_sha256"]
    assert shown["review"]["price"]["rent_per_gpu_hour"] == price
    assert shown["review"] == api.post("/api/reviews:compute", review).json()


def test_the_review_is_computed_again_from_the_record_alone(finished: tuple[Api, str]) -> None:
    api, pilot_id = finished
    made = done(make(api, pilot_id, key="alone"))
    text = file_of(api, made["number"]).content
    record = decode(ReportRecord, json.loads(text))
    assert make_review(record.given) == record.review
    assert record.pilot_id == pilot_id


def test_every_other_file_is_written_again_from_the_record_byte_by_byte(
    finished: tuple[Api, str],
) -> None:
    api, pilot_id = finished
    made = done(make(api, pilot_id, key="whole"))
    record = decode(ReportRecord, file_of(api, made["number"]).json())
    for form in FORMATS:
        kept = done(make(api, pilot_id, format=form, language="ja", key=f"{form}ja"))
        again = rendered(source_in(record), form, "ja")
        assert hashlib.sha256(again).hexdigest() == kept["sha256"], form


def test_another_installation_computes_the_same_review_from_the_record(
    finished: tuple[Api, str], shared_api: Api
) -> None:
    there, pilot_id = finished
    told = file_of(there, done(make(there, pilot_id, key="elsewhere"))["number"]).json()
    given = told["given"]
    names = ("pilot", "records", "throughput", "micro_batch_plan", "selection", "workload")
    brought = {
        **told["request"],
        "pilot_id": None,
        "evidence": {name: given[name] for name in names},
        "look": given["look"],
    }
    assert shared_api.post("/api/reviews:compute", brought).json() == told["review"]


def test_a_pilot_that_has_measured_nothing_has_no_report(shared_api: Api) -> None:
    pilot_id = shared_api.create(priced_pilot()).id
    assert problem(make(shared_api, pilot_id)) == (409, "pilot_not_measured_yet", None)
    assert [count(shared_api, table) for table in KEPT[:3]] == [0, 0, 0]


WRONG = {
    "a kind of file that there is none of": ({"format": "doc"}, "format", "not_one_of"),
    "a language that nobody speaks here": ({"language": "fr"}, "language", "not_one_of"),
    "a schedule of another pilot": ({"schedule": "x"}, "schedule", "schedule_not_in_pilot"),
    "the baseline": ({"schedule": "today"}, "schedule", "schedule_not_in_pilot"),
    "the review of another pilot": (
        {"review": {"pilot_id": "other"}},
        "review.pilot_id",
        "review_of_other_pilot",
    ),
    "hardware that is in no book": (
        {"review": {"hardware": {"profile": "abacus", "device_count": 8}}},
        "review.hardware.profile",
        None,
    ),
    "a key that means nothing": ({"colour": "red"}, "colour", "unknown_field"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_order_is_refused_at_its_field_and_nothing_is_kept(
    finished: tuple[Api, str], case: str
) -> None:
    api, pilot_id = finished
    before = count(api, "reports"), count(api, "audit_entries")
    order, field, code = WRONG[case]
    if "review" in order:
        order = {"review": {"pilot_id": pilot_id} | order["review"]}
    status, told, at = problem(make(api, pilot_id, key=case, **order))
    assert (status, at) == (422, field)
    assert code in (None, told)
    assert (count(api, "reports"), count(api, "audit_entries")) == before


def test_nothing_is_made_of_a_pilot_or_a_report_that_is_not_there(shared_api: Api) -> None:
    assert problem(make(shared_api, "none")) == (404, "pilot_not_found", None)
    listed = shared_api.get("/api/pilots/none/reports")
    assert problem(listed) == (404, "pilot_not_found", None)
    assert problem(shared_api.get("/api/reports/9/file")) == (404, "report_not_found", None)
    assert problem(shared_api.get("/api/reports/0/file"))[0] == 422


@pytest.mark.parametrize("change", ["UPDATE reports SET made_by = 'x'", "DELETE FROM report_files"])
def test_a_report_is_never_changed(finished: tuple[Api, str], change: str) -> None:
    api, pilot_id = finished
    done(make(api, pilot_id, key=change))
    with (
        api.installation.database.write() as session,
        pytest.raises(Exception, match="append-only"),
    ):
        session.connection().exec_driver_sql(change)


HOSTILE = '../../etc/passwd"; rm -rf \u202efdp.exe\r\nSet-Cookie: a=b'


def test_a_hostile_name_of_a_pilot_stays_out_of_headers_and_file_systems(
    finished: tuple[Api, str],
) -> None:
    api, _ = finished
    pilot_id = measured(api, key="hostile", name=HOSTILE.replace("\r\n", " "))
    made = done(make(api, pilot_id))
    assumed = made["assumptions_sha256"][:6]
    plain = "paybatch-etc-passwd-rm-rf-fdp-exe-Set-Cookie-a-b-2026-11-01"
    assert made["file_name"] == f"{plain}-{assumed}.json"
    told = file_of(api, made["number"]).headers["content-disposition"]
    assert told.startswith(f'attachment; filename="{made["file_name"]}"')
