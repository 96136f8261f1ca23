"""P13: a backup made while people write is whole, has what was acknowledged, and can be served."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from backend.backups.restoring import restore
from backend.settings import Settings
from backend.wire.codec import encode
from planner.exchange.states import PilotRequest
from tests.contract.programs import ApiProcess
from tests.faults.conftest import Often, PromiseOf
from tests.support.app_in_memory import an_api
from tests.support.installation import a_pilot
from tests.support.old_databases import content_of
from tests.support.planted_worker import planted_curve

WRITERS = 3
NOW = datetime(2026, 11, 28, tzinfo=UTC)


@contextmanager
def writing(url: str, token: str) -> Iterator[set[str]]:
    """Several people make pilots; yields the ids that they were told, while these grow."""
    acknowledged: set[str] = set()
    over = threading.Event()

    def write() -> None:
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=url, headers=headers, timeout=60) as http:
            for number in count():
                if over.is_set():
                    return
                body = encode(PilotRequest(pilot=a_pilot(name=f"load {number}"), throughput=None))
                once = {"Idempotency-Key": uuid4().hex}
                answer = http.post("/api/pilots", json=body, headers=once)
                if answer.status_code == httpx.codes.CREATED:
                    acknowledged.add(answer.json()["id"])

    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    try:
        yield acknowledged
    finally:
        over.set()
        for thread in threads:
            thread.join()


@pytest.mark.faults
def test_every_backup_under_load_has_all_that_was_acknowledged_before_and_serves_a_review(
    tmp_path: Path, rng: random.Random, often: Often, promise: PromiseOf
) -> None:
    figures = promise("P13")
    with an_api(tmp_path, data_dir=tmp_path / "api", database_url=None) as first:
        done = first.create(a_pilot(), throughput=planted_curve()).id
        first.worker().work_until_idle()
    api = ApiProcess(tmp_path, backup_every_h=0, backups_kept=100)
    made = []
    try:
        with writing(api.url, api.credentials.admin_token) as acknowledged:
            for _ in range(often(whole=20, short=3)):
                threading.Event().wait(rng.uniform(0.0, 0.5))
                before = set(acknowledged)
                made.append((api.post("/api/backups", {}), before))
    finally:
        api.close()
    served = rng.choice(made)
    for backup, before in made:
        settings = Settings(data_dir=tmp_path / f"restored-{backup['number']}")
        restore(settings, api.data_dir / "backups" / backup["file_name"], now=NOW)
        content = content_of(settings.database_path)
        pilots = {row[0] for row in content["pilots"]}
        lost = (before | {done}) - pilots
        made_up = pilots - acknowledged - {done}
        figures.add(backups=1, acks=len(before) + 1, losses=len(lost))
        assert lost == set()
        assert len(made_up) <= WRITERS  # committed, and not answered yet when it was made
        assert len(content["runs"]) == 4 + len(pilots - {done})
    settings = Settings(data_dir=tmp_path / f"restored-{served[0]['number']}")
    with an_api(tmp_path, data_dir=settings.data_dir, database_url=None) as again:
        assert again.post("/api/reviews:compute", {"pilot_id": done}).status_code == 200
        assert again.pilot(done).phase == "done"
    figures.add(served=1)
