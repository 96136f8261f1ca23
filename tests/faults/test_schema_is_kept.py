"""P18: whatever is asked, by whoever, the API answers as its description says, and never fails."""

from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from backend.access.security import POLICY
from planner.exchange.access import TokenScope
from tests.contract.programs import ApiProcess, an_api
from tests.faults.conftest import Often, PromiseOf
from tests.faults.described import Found, asked
from tests.support import installation
from tests.support.planted_worker import PlantedWorker, falling_loss, planted_curve

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1200)]

PEOPLE: tuple[TokenScope, ...] = ("viewer", "planner", "admin", "registration")
ROLES = (*PEOPLE, "worker", "attempt", "none")


@dataclass(frozen=True)
class Planted:
    """An API with a pilot, a run that is being executed, and a credential of each role."""

    api: ApiProcess
    tokens: dict[str, str | None]
    known: dict[str, str]
    document: dict[str, Any]

    def ask(self, role: str, **how: Any) -> Found:
        return asked(self.api.url, self.document, token=self.tokens[role], known=self.known, **how)


def planted(api: ApiProcess, http: httpx.Client) -> Planted:
    pilot = api.create(installation.a_pilot(), throughput=planted_curve())
    worker = PlantedWorker(http, api.token_file.read_text(), lambda *_: falling_loss(0.2))
    claim = worker.claim()
    assert claim is not None
    run = claim.runs[0]
    tokens: dict[str, str | None] = {
        scope: api.post("/api/tokens", {"name": scope, "scope": scope})["token"] for scope in PEOPLE
    }
    tokens |= {"worker": worker.welcome.worker_token, "attempt": run.attempt_token, "none": None}
    known = {
        "pilot_id": pilot.id,
        "run_id": run.run_id,
        "worker_id": worker.welcome.worker_id,
        "price_id": api.get("/api/prices")[0]["id"],
        "number": str(run.attempt),
    }
    return Planted(api=api, tokens=tokens, known=known, document=api.get("/api/openapi.json"))


def may_use(role: str) -> list[str]:
    """Operations whose policy asks for just this role."""
    return [route for route, needed in POLICY.items() if needed == role]


def test_the_api_answers_as_its_description_says_to_everybody(
    tmp_path: Path, database: dict[str, str], rng: Random, often: Often, promise: PromiseOf
) -> None:
    asking = rng.sample(ROLES, k=often(whole=len(ROLES), short=1))
    edges = 3
    with (
        an_api(tmp_path, lease_s=3600.0, **database) as api,
        httpx.Client(base_url=api.url, timeout=60) as http,
    ):
        world = planted(api, http)
        for role in asking:
            own = may_use(role)
            found = world.ask(
                role,
                seed=rng.randrange(2**32),
                examples=often(whole=2, short=1),
                thorough=rng.sample(own, k=min(edges, len(own))),
            )
            promise("P18").add(
                operations=len(found.operations),
                examples=found.examples,
                failures=len(found.failures),
            )
            assert not found.failures, f"as {role}:\n" + "\n".join(found.failures[:5])
            assert not [status for status in found.statuses if status in (500, 501, 502)]
            assert len(found.operations) > len(POLICY) - 3
        log = api.log
    assert "Traceback" not in log
