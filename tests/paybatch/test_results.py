import zipfile
from pathlib import Path

import numpy as np
import pytest

from paybatch import Paybatch, Refused
from planner.decisions.production_result import ProductionResult
from planner.exchange.states import PilotState
from planner.exports.export_request import ExportRequest
from planner.money import Money
from planner.pilots.pilot import HardwareChoice


def test_a_series_is_every_point_of_it_as_arrays(
    paybatch: Paybatch,
    measured: PilotState,
) -> None:
    records = paybatch.records(measured.id)
    assert [len(record.measurements) for record in records] == [31] * 6
    whole = paybatch.series(records[0].run_id, "train")
    assert whole.steps.tolist() == list(range(1, 30 * 34 + 1))
    assert whole.columns["batch_loss"].dtype == np.float64
    assert {len(column) for column in whole.columns.values()} == {30 * 34}


def test_a_review_is_the_planners_own_value_at_another_price_too(
    paybatch: Paybatch, measured: PilotState
) -> None:
    own = paybatch.review(measured.id)
    rent = Money(amount=1000.0, currency="USD")
    dear = HardwareChoice(device_count=8, rent_per_gpu_hour=rent)
    other = paybatch.review(measured.id, hardware=dear)
    assert own.verdict.schedule == "growing batch"
    assert own.races == other.races
    assert other.price.rent_per_gpu_hour == rent


def test_a_report_is_written_as_it_was_made(
    paybatch: Paybatch, measured: PilotState, tmp_path: Path
) -> None:
    path = paybatch.report(measured.id, "csv", tmp_path / "meeting" / "today")
    assert path.parent == tmp_path / "meeting" / "today"
    assert zipfile.ZipFile(path).testzip() is None
    assert path.read_bytes() == paybatch.report_file(1)


def test_a_schedule_is_taken_home_at_the_rate_that_was_selected(
    paybatch: Paybatch, measured: PilotState
) -> None:
    file = paybatch.export_schedule(measured.id, "growing batch", "pytorch")
    assert file.name == "growing_batch_pytorch.py"
    compile(file.text, file.name, "exec")
    stated = ExportRequest(
        schedule=measured.pilot.candidates[0],
        to="pytorch",
        epochs=measured.pilot.budget.epochs,
        workload="digits-mlp",
        rate_multiplier=measured.selected["growing batch"],
    )
    assert paybatch.schedule_file(stated) == file


def test_production_results_are_entered_and_withdrawn(
    paybatch: Paybatch, measured: PilotState
) -> None:
    adoption = paybatch.adoption(measured.id)
    assert adoption.results == ()
    result = ProductionResult(day="2026-11-01", training_h=5.0, device_h=40.0)
    with pytest.raises(Refused) as caught:
        paybatch.enter_result(measured.id, result)
    assert caught.value.status == 409
