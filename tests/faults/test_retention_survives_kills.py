"""A retention that is killed at any moment leaves whole runs or none; the same order goes on."""

import json
import random
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from backend.backups.folder import BackupFolder
from backend.database import open_database
from backend.settings import Settings
from tests.faults.conftest import EVERY_DATABASE, Often, PromiseOf
from tests.faults.moments import NEVER, Order, ended, was_struck
from tests.faults.retaining import retain
from tests.support.app_in_memory import an_api
from tests.support.databases import DATABASES
from tests.support.drawn_detail import add_detail
from tests.support.gated_pilots import plant, priced_pilot
from tests.support.planted_worker import planted_curve

PARTS = 120
"""Of each run's curve: a portion holds few runs."""

BACKUPS = 3

RETAINING = "tests.faults.retaining"

_DETAIL = "SELECT run_id, count(*) FROM chunks WHERE series_group = 'watch' GROUP BY run_id"
_REMOVED = "SELECT after FROM audit_entries WHERE action = 'retention.apply'"


@dataclass(frozen=True)
class Left:
    """What is there after a kill.

    Attributes:
        detail: Parts of each run's curve.
        backups: Files of backups.
        removed: What the audit trail says went, by kind.
    """

    detail: Mapping[str, int]
    backups: int
    removed: Mapping[str, int]


def an_old_installation(folder: Path, url: str | None) -> None:
    """A pilot that is over, with detail of every run, and backups."""
    with an_api(folder, database_url=url) as api:
        pilot = api.create(priced_pilot(), throughput=planted_curve())
        api.worker(plant).work_until_idle()
        add_detail(api, pilot.id, parts=PARTS)
        for _ in range(BACKUPS):
            api.installation.backups.make("schedule")


def look(folder: Path, url: str | None) -> Left:
    settings = Settings(data_dir=folder / "data", database_url=url)
    database = open_database(settings)
    try:
        with database.read() as session:
            detail = {run: parts for run, parts in session.execute(text(_DETAIL))}  # noqa: C416
            entries = [after for (after,) in session.execute(text(_REMOVED))]
    finally:
        database.close()
    told = [json.loads(one) if isinstance(one, str) else one for one in entries]
    kinds = {kind for one in told for kind in one["removed"]}
    removed = {kind: sum(one["removed"][kind] for one in told) for kind in kinds}
    files = len(list(settings.backups_dir.glob("*.sqlite")))
    return Left(detail=detail, backups=files, removed=removed)


@pytest.mark.faults
@pytest.mark.parametrize("kind", EVERY_DATABASE)
def test_a_retention_killed_at_any_moment_leaves_whole_runs_or_none_and_says_what_went(
    tmp_path: Path, kind: str, rng: random.Random, often: Often, promise: PromiseOf
) -> None:
    figures = promise("P1")
    server = DATABASES.server() if kind == "postgresql" else None
    original = tmp_path / "original"
    first = server.create("paybatch_template", name="retained") if server else None
    an_old_installation(original, first)
    before = look(original, first)
    assert set(before.detail.values()) == {PARTS}

    def another(place: int) -> Order:
        copy = Path(shutil.copytree(original, tmp_path / str(place)))
        return copy, place, server.create("retained") if server else None

    ((status, moments),) = ended(RETAINING, [another(NEVER)])
    assert (status, moments > 20) == (0, True)
    places = rng.sample(range(1, moments + 1), often(whole=12, short=4))
    orders = [another(place) for place in places]
    for (folder, place, url), told in zip(orders, ended(RETAINING, orders), strict=True):
        assert was_struck(told, place), place
        found = look(folder, url)
        gone = len(before.detail) - len(found.detail)
        assert set(found.detail.values()) <= {PARTS}, place
        assert found.removed.get("series", 0) >= gone * PARTS, place
        assert BACKUPS - found.backups <= found.removed.get("backups", 0), place
        retain(folder, url)
        after = look(folder, url)
        assert (after.detail, after.backups) == ({}, 1), place
        assert len(BackupFolder(folder / "data" / "backups").notes()) == 1, place
        figures.add(kills=int(told[0] != 0), runs_gone=gone, half_runs=0)
