"""Production trainings from a file, by the client."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from paybatch import Paybatch, Refused
from planner.exchange.decisions import SignOff
from planner.exchange.states import PilotState
from tests.support.production_files import MAPPING, table


@pytest.fixture(scope="module")
def signed(paybatch: Paybatch, measured: PilotState) -> str:
    """Id of a pilot whose limited rollout was signed, without criteria that were fixed."""
    path = f"/api/pilots/{measured.id}/adoption"
    send = paybatch.connection.send
    criteria = {"criteria": [{"key": "payback_months", "bound": 12}]}
    send(dict, "POST", f"{path}:fix-criteria", body=criteria, headers={"Idempotency-Key": "a"})
    order = SignOff(name="A. Manager", reason="it pays back", override=True)
    send(dict, "POST", f"{path}:sign", body=order, headers={"Idempotency-Key": "b"})
    return measured.id


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "trainings.csv"
    now = datetime.now(UTC).isoformat(timespec="seconds")
    path.write_text(table(f"a;growing batch;{now};60;8;yes;"), encoding="utf-8")
    return path


def test_a_file_is_previewed_stored_known_and_withdrawn(
    paybatch: Paybatch, signed: str, file: Path
) -> None:
    seen = paybatch.preview_results(signed, file, MAPPING)
    assert [row.fate for row in seen.rows] == ["new"]
    stored = paybatch.import_results(signed, file, MAPPING)
    (kept,) = stored.adoption.results
    assert kept.result.origin is not None
    assert (kept.result.origin.file_name, kept.result.origin.line) == ("trainings.csv", 2)
    again = paybatch.import_results(signed, file, MAPPING)
    assert (stored.stored, again.stored, again.known) == (1, 0, 1)
    assert paybatch.withdraw_result(kept.id, reason="wrong").results == ()


def test_a_refused_file_says_line_and_column_and_leaves_nothing_behind(
    paybatch: Paybatch, signed: str, file: Path, folder: Path
) -> None:
    file.write_text(table("a;growing batch;2026-11-01;soon;8;yes;"), encoding="utf-8")
    with pytest.raises(Refused) as caught:
        paybatch.import_results(signed, file, MAPPING)
    assert caught.value.field == "lines[2].minutes"
    assert caught.value.params["column"] == "minutes"
    assert list((folder / "imports").iterdir()) == []
    with pytest.raises(Refused):
        paybatch.preview_results(signed, file.with_name("no.csv"), MAPPING)
