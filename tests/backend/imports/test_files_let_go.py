"""A file that was brought goes when what its end changed counts, and stays where it does not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from backend.access.security import Principal
from backend.services import imports, production_files
from backend.unit_of_work import UnitOfWork
from backend.wire.codec import decode
from planner.exchange.production_files import ResultsOrder
from tests.support.brought_files import bring
from tests.support.installation import Api
from tests.support.production_files import MAPPING, TABLE, production_starts

End = Callable[[UnitOfWork], object]


def thrown_away(api: Api) -> tuple[str, End]:
    brought = bring(api, TABLE.encode())
    return brought.id, lambda work: imports.discard(work, brought.id)


def stored(api: Api) -> tuple[str, End]:
    pilot_id = production_starts(api)
    brought = bring(api, TABLE.encode())
    order = decode(ResultsOrder, {"import_id": brought.id, "mapping": MAPPING})
    file = production_files.read_file(api.installation, order)
    return brought.id, lambda work: production_files.store(work, file, pilot_id=pilot_id)


@pytest.mark.parametrize("ending", [thrown_away, stored])
def test_a_file_is_there_until_its_end_is_committed(
    api: Api, ending: Callable[[Api], tuple[str, End]]
) -> None:
    import_id, end = ending(api)
    folder: Path = api.installation.settings.data_dir / "imports" / import_id
    for commits in (False, True):
        with api.installation.database.write() as session:
            work = UnitOfWork(
                session=session,
                installation=api.installation,
                principal=Principal(name="owner", scope="admin"),
                now=api.clock.at,
            )
            end(work)
            assert folder.exists()
            if commits:
                session.commit()
        assert folder.exists() != commits
        assert api.get(f"/api/imports/{import_id}").is_success != commits
