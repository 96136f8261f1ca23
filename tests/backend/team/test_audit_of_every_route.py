"""Every change is one entry of the audit trail, whoever makes it; looking and working out is none.

One story uses every route of the policy, so a new route fails here until the story uses it.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from backend.access.audited import COMPUTED, MEASURED, leaves_an_entry
from backend.access.security import POLICY, PUBLIC
from tests.support.audited_requests import Seen, watched
from tests.support.brought_files import KNOWN_CSV, KNOWN_MAPPING, bring, create, map_columns
from tests.support.entered_prices import DAY, OWNED, enter, import_csv, put, usd
from tests.support.gated_pilots import (
    CRITERIA,
    RESULT,
    SIGNATURE,
    done,
    look,
    order,
    plant,
    priced_pilot,
)
from tests.support.installation import Api, a_pilot, pilot_data, problem
from tests.support.logged_runs import terms_of_import
from tests.support.planted_worker import planted_curve
from tests.support.production_files import MAPPING, asked, table
from tests.support.sign_in_provider import SignInProvider
from tests.support.team_sign_in import Browser, person, put_role

HOOK = "https://hooks.paybatch.invalid/x"

FACILITY = {
    "pue": 1.4,
    "grid_kg_per_kwh": 0.434,
    "as_of": DAY,
    "energy_price_per_kwh": usd(0.2),
    "source": "bill of October",
}
RATE = {"base": "USD", "quote": "JPY", "rate": 150.0, "as_of": DAY, "source": "the bank"}


def keyed(api: Api, path: str, body: object) -> Any:
    return done(api.post(path, body, **{"Idempotency-Key": path}))


def change(api: Api, method: str, path: str, body: object = None) -> Any:
    headers = {"Authorization": f"Bearer {api.credentials.admin_token}"}
    return api.http.request(method, path, json=body, headers=headers).raise_for_status().json()


def people_come_and_go(api: Api, provider: SignInProvider) -> None:
    browser = Browser(api)
    browser.sign_in(provider)
    put_role(api, provider, "admin")
    other = Browser(api)
    other.get(browser.call("POST", "/api/sign-in-links").json()["url"])
    assert other.call("POST", "/api/sign-out").status_code == 200
    done(api.post("/api/sign-in-links", {"name": "Aiko", "role": "viewer"}))
    done(api.post(f"/api/people/{person(api, provider)['id']}:end-sessions", {}))
    made = done(api.post("/api/tokens", {"name": "guest", "scope": "viewer"}))
    done(api.post(f"/api/tokens/{made['id']}:revoke", {}))


def prices_are_kept(api: Api) -> None:
    enter(api).raise_for_status()
    put(api, "our-h100", source="contract 18").raise_for_status()
    done(api.post("/api/prices/our-h100:retire", {"reason": "ended"}))
    import_csv(api).raise_for_status()
    keyed(api, "/api/exchange-rates", RATE)
    keyed(api, "/api/facilities", FACILITY)
    done(api.post("/api/owned-rates:compute", OWNED))


def plans_are_drawn(api: Api) -> None:
    change(api, "PUT", "/api/drafts/audited", {"pilot": {"name": "later"}})
    change(api, "DELETE", "/api/drafts/audited")
    view = keyed(api, "/api/views", {"name": "both", "query": {"pilots": "a"}})
    change(api, "DELETE", f"/api/views/{view['id']}")
    done(api.post("/api/plans:compute", {"pilot": pilot_data()}))


def a_pilot_is_steered(api: Api) -> None:
    capped = api.create(a_pilot(caps={"pilot_device_h": 2.5}), throughput=planted_curve(), key="1")
    done(api.post(f"/api/pilots/{capped.id}:raise-cap", {"pilot_device_h": 3}))
    first, second, *_ = api.runs(capped.id)
    for what in ("pause", "resume"):
        done(api.post(f"/api/runs/{first.id}:{what}", {"reason": ""}))
    done(api.post(f"/api/runs/{first.id}:prioritise", {"priority": 2}))
    worker = api.worker()
    claim = worker.claim()
    assert claim is not None
    assert claim.runs[0].run_id == first.id
    worker.finish(claim.runs[0], step=7, outcome="diverged", wall_clock_s=1.0)
    done(api.post(f"/api/runs/{first.id}:retry", {"reason": ""}))
    done(api.post(f"/api/runs/{second.id}:cancel", {"reason": ""}))
    done(api.post(f"/api/pilots/{capped.id}:cancel", {"reason": ""}))


def a_pilot_is_decided_on(api: Api) -> None:
    pilot = api.create(priced_pilot(), throughput=planted_curve(), key="2")
    order(api, pilot.id, "adoption:fix-criteria", CRITERIA).raise_for_status()
    api.worker(plant).work_until_idle()
    done(api.post("/api/reviews:compute", {"pilot_id": pilot.id}))
    done(api.post("/api/line-ups:compute", {"pilots": [{"pilot_id": pilot.id}]}))
    look(api, pilot.id)
    done(order(api, pilot.id, "adoption:sign", SIGNATURE))
    entered = done(order(api, pilot.id, "production-results", RESULT))
    result_id = entered["results"][0]["id"]
    done(api.post(f"/api/production-results/{result_id}:withdraw", {"reason": "a typing error"}))
    file = table("a;growing batch;2026-11-01T00:00:00Z;60;8;yes;")
    done(asked(api, pilot.id, "preview", file, MAPPING))
    stored = done(asked(api, pilot.id, "import", file, MAPPING))
    withdrawn = {"sha256": stored["sha256"], "reason": "wrong"}
    done(api.post(f"/api/pilots/{pilot.id}/production-results:withdraw-file", withdrawn))
    done(order(api, pilot.id, "adoption:return", {"name": "B", "reason": "unstable"}))
    keyed(api, f"/api/pilots/{pilot.id}/reports", {"format": "json"})
    keyed(api, f"/api/pilots/{pilot.id}:add-seeds", {"seeds": 1, "reason": "not sure"})
    done(api.post(f"/api/pilots/{pilot.id}:cancel", {"reason": ""}))
    done(api.post("/api/notifications:read", {"up_to": 1}))


def runs_are_imported(api: Api) -> None:
    found = bring(api, KNOWN_CSV.encode())
    map_columns(api, found.id, KNOWN_MAPPING)
    create(api, found.id, terms_of_import())
    change(api, "DELETE", f"/api/imports/{bring(api, b'step,loss', key='other').id}")


def a_device_is_measured(api: Api) -> None:
    keyed(api, "/api/pilots", {"pilot": pilot_data(name="measured")})
    worker = api.worker()
    claim = worker.claim()
    assert claim is not None
    worker.train(claim.runs[0])
    (curve, *_) = api.get("/api/throughput").json()["items"]
    done(api.post(f"/api/throughput/{curve['number']}:retire", {}))
    done(api.post(f"/api/workers/{worker.welcome.worker_id}:revoke", {}))


def the_installation_is_run(api: Api) -> None:
    change(api, "PUT", "/api/caps", {"device_h": 100})
    change(api, "PUT", "/api/webhook", {"url": HOOK})
    keyed(api, "/api/webhook:test", {})
    done(api.post("/api/webhook:off", {}))
    keyed(api, "/api/backups", {})
    for what in ("preview", "apply"):
        done(api.post(f"/api/retention:{what}", {"older_than_days": 3000}))


@pytest.fixture(scope="module")
def told(api: Api, honest: SignInProvider) -> Iterator[Seen]:
    honest.claims = {"sub": "the admin", "name": "The Admin", "groups": ["ml-team"]}
    with watched(api) as seen:
        people_come_and_go(api, honest)
        prices_are_kept(api)
        plans_are_drawn(api)
        a_pilot_is_steered(api)
        a_pilot_is_decided_on(api)
        runs_are_imported(api)
        a_device_is_measured(api)
        the_installation_is_run(api)
        for route in sorted(POLICY):
            method, path = route.split(" ")
            if method == "GET" and "{" not in path:
                api.get(path)
        yield seen


CHANGES = sorted(route for route in POLICY if leaves_an_entry(route))


@pytest.mark.parametrize("route", CHANGES)
def test_a_change_leaves_exactly_one_entry_with_who_and_what(told: Seen, route: str) -> None:
    assert told.numbers(route) == {1}
    for (entry,) in told.entries[route]:
        assert entry.principal not in ("", "anybody")
        assert entry.action.partition(".")[0]
        assert entry.subject_id
        assert (entry.before, entry.after) != (None, None), "before or after"


def test_what_is_only_looked_at_worked_out_or_measured_leaves_none(told: Seen) -> None:
    quiet = {route for route in told.entries if route.startswith("GET /api/")}
    quiet |= COMPUTED | MEASURED
    assert {route: told.numbers(route) for route in quiet} == {
        route: {0} if told.entries[route] else set() for route in quiet
    }


def test_the_story_looks_at_much_and_lets_a_worker_work(told: Seen) -> None:
    granted = {route for route, left in told.entries.items() if left}
    assert len([route for route in granted if route.startswith("GET ")]) > 20
    assert {route.rpartition("/")[2] for route in MEASURED & granted} >= {"claims", "series"}
    assert len(COMPUTED & granted) > 4


def test_signing_in_by_link_or_provider_is_one_entry_each(told: Seen) -> None:
    for route in PUBLIC & told.entries.keys() - {"GET /sign-in/oidc", "GET /api/health"}:
        assert told.numbers(route) == {1}, route


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("query", "belongs"),
    [
        ({"principal": "owner"}, lambda entry: entry["principal"] == "owner"),
        ({"day": "2026-11-01"}, lambda entry: entry["at"].startswith("2026-11-01")),
        ({"subject": "our-h100"}, lambda entry: entry["action"].startswith("price.")),
    ],
)
def test_the_trail_is_read_by_principal_day_and_subject(
    api: Api, query: dict[str, str], belongs: Callable[[dict[str, Any]], bool]
) -> None:
    found = api.get("/api/audit", **query, page_size=200).json()
    assert found["items"]
    assert all(belongs(entry) for entry in found["items"])
    numbers = [entry["number"] for entry in found["items"]]
    assert numbers == sorted(numbers, reverse=True)
    assert api.get("/api/audit", **query | {"day": "1999-01-01"}).json()["total"] == 0


def test_the_trail_is_read_page_by_page(api: Api, told: Seen) -> None:
    assert told.entries
    pages = [api.get("/api/audit", page=page, page_size=5).json() for page in (1, 2)]
    numbers = [entry["number"] for page in pages for entry in page["items"]]
    assert len(set(numbers)) == 10
    for no_day in ("yesterday", "0", "1764547200", "20261101", "2026-11-01T00:00"):
        assert problem(api.get("/api/audit", day=no_day)) == (422, "wrong_type", "day")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_of_the_calendar_are_days(api: Api, day: str) -> None:
    assert api.get("/api/audit", day=day).json()["total"] == 0


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_entries SET principal = 'nobody'", "DELETE FROM audit_entries"],
)
def test_no_entry_is_changed_or_removed(api: Api, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), api.installation.database.write() as s:
        s.execute(text(statement))
