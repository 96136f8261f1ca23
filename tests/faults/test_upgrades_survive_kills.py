"""P14: an upgrade that is killed at any moment leaves the old database or the new one."""

import random
import shutil
import signal
from pathlib import Path

import pytest

from backend.backups.folder import BackupFolder
from backend.database.upgrade import newest
from backend.settings import Settings
from tests.faults.conftest import Often, PromiseOf
from tests.faults.moments import NEVER, ended
from tests.faults.upgrades import bring_up
from tests.support.databases import DATABASES
from tests.support.old_databases import OLD_SCHEMAS, Content, content_of, lay_down
from tests.support.old_postgresql import content_on_postgresql, lay_down_on_postgresql

FILE = "paybatch.sqlite"

UPGRADES = "tests.faults.upgrades"


def backups_in(folder: Path) -> list[Content]:
    """Whole backups, each read."""
    kept = BackupFolder(Settings(data_dir=folder).backups_dir)
    return [content_of(kept.file_of(note.state)) for note in kept.notes()]


@pytest.mark.faults
def test_an_upgrade_killed_at_any_moment_is_done_or_not_begun_and_the_next_start_ends_it(
    tmp_path: Path, rng: random.Random, often: Often, promise: PromiseOf
) -> None:
    figures = promise("P14")
    chosen = rng.sample(OLD_SCHEMAS, often(whole=len(OLD_SCHEMAS), short=1))
    for revision in chosen:
        original = tmp_path / revision
        lay_down(revision, original / FILE)
        old = content_of(original / FILE)
        whole = Path(shutil.copytree(original, tmp_path / f"{revision}-whole"))
        ((status, moments),) = ended(UPGRADES, [(whole, NEVER, None)])
        assert (status, moments > 10) == (0, True)
        new = content_of(whole / FILE)
        assert new["alembic_version"] == [(newest(),)]
        places = rng.sample(range(1, moments + 1), min(moments, often(whole=8, short=6)))
        orders = [
            (Path(shutil.copytree(original, tmp_path / f"{revision}-{place}")), place, None)
            for place in places
        ]
        for (folder, place, _), (killed, _) in zip(orders, ended(UPGRADES, orders), strict=True):
            assert killed == -signal.SIGKILL, (revision, place)
            found = content_of(folder / FILE)
            assert found in (old, new), (revision, place)
            assert all(backup == old for backup in backups_in(folder)), (revision, place)
            bring_up(folder)
            assert content_of(folder / FILE) == new, (revision, place)
            figures.add(
                kills=1, found_old=int(found == old), found_new=int(found == new), between=0
            )


@pytest.mark.faults
@pytest.mark.slow
def test_an_upgrade_on_postgresql_killed_at_any_moment_is_done_or_not_begun_and_ends_at_the_next(
    tmp_path: Path, rng: random.Random, often: Often, promise: PromiseOf
) -> None:
    figures = promise("P14")
    server = DATABASES.server()
    original = server.create(name="old_installation")
    lay_down_on_postgresql(original, tmp_path)
    old = content_on_postgresql(original, tmp_path)
    whole = server.create("old_installation")
    ((status, moments),) = ended(UPGRADES, [(tmp_path / "whole", NEVER, whole)])
    assert (status, moments > 10) == (0, True)
    new = content_on_postgresql(whole, tmp_path)
    assert new["alembic_version"] == [(newest(),)]
    for place in rng.sample(range(1, moments + 1), min(moments, often(whole=6, short=4))):
        folder, url = tmp_path / f"killed-{place}", server.create("old_installation")
        ((killed, _),) = ended(UPGRADES, [(folder, place, url)])
        assert killed == -signal.SIGKILL, place
        found = content_on_postgresql(url, tmp_path)
        assert found in (old, new), place
        assert all(backup == old for backup in backups_in(folder)), place
        bring_up(folder, url)
        assert content_on_postgresql(url, tmp_path) == new, place
        assert backups_in(folder) == [old], place
        server.drop(url)
        figures.add(kills=1, found_old=int(found == old), found_new=int(found == new), between=0)
    for url in (whole, original):
        server.drop(url)
