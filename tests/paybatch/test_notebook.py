"""The notebook's code, cell by cell, against a real API and a real worker."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from planner.pilots.pilot import Budget, Pilot, Seeds
from tests.contract.programs import a_worker, an_api

NOTEBOOK = Path(__file__).parents[2] / "docs" / "notebook" / "paybatch.ipynb"
CELLS = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]


def smaller(pilot: Pilot) -> Pilot:
    """The example without its sweep: two seeds of the baseline and one candidate, three epochs."""
    return replace(
        pilot,
        budget=Budget(epochs=3),
        seeds=Seeds(confirmation=(11, 12)),
        rate_multipliers=(1.0,),
        schedules=pilot.schedules[:2],
    )


def test_the_notebook_carries_no_outputs() -> None:
    assert [cell["outputs"] for cell in CELLS if cell["cell_type"] == "code"] == [[]] * 10


@pytest.mark.slow
def test_the_notebook_plans_runs_reviews_and_exports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    names: dict[str, Any] = {}
    with an_api(tmp_path) as api, a_worker(api, tmp_path / "worker"):
        monkeypatch.setenv("PAYBATCH_URL", api.url)
        monkeypatch.setenv("PAYBATCH_TOKEN", api.credentials.admin_token)
        monkeypatch.chdir(tmp_path)
        for place, cell in enumerate(CELLS):
            if cell["cell_type"] != "code":
                continue
            source = "".join(cell["source"]).replace(
                "paybatch.examples()[0].pilot", "smaller(paybatch.examples()[0].pilot)"
            )
            names["smaller"] = smaller
            exec(compile(source, f"cell {place}", "exec"), names)  # noqa: S102
    told = capsys.readouterr().out
    assert "workload workload_unknown" in told
    assert "done {'succeeded': " in told
    written = {path.suffix for path in (tmp_path / "out" / "notebook").iterdir()}
    assert {".pdf", ".xlsx", ".py"} <= written
