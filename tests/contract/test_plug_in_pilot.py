"""The template project, installed as a user installs it, from its check to a finished pilot."""

import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from backend.wire.codec import decode
from planner.exchange.states import WorkloadState
from planner.plans.plan_facts import PlanRequest
from planner.reviews.review import Review
from planner.reviews.review_input import ReviewRequest
from tests.contract.programs import a_worker, an_api, wait_until
from tests.support.curve_here import curve_here
from tests.support.installation import a_pilot, schedule_data
from tests.support.plug_ins import install
from worker.plug_ins.checks import examine
from worker.plug_ins.installed import PlugIn, named

TEMPLATE = Path(__file__).parents[2] / "docs" / "plug-in-template"
NAME = "breast-cancer-mlp"
CURVE = curve_here(NAME)


@pytest.fixture(scope="module")
def installed_template(tmp_path_factory):
    """Installed by pip into a folder of its own."""
    folder = tmp_path_factory.mktemp("template")
    source, target = folder / "source", folder / "site"
    shutil.copytree(TEMPLATE, source)
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--no-deps", "--no-build-isolation", "--no-index", "--target", target, source),
        ],
        check=True,
        capture_output=True,
    )
    return target


@pytest.fixture
def template(installed_template, monkeypatch):
    """Where it is installed, for the programs that the test starts, too."""
    target = installed_template
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join([str(target), os.environ.get("PYTHONPATH", "")])
    )
    return target


def test_the_templates_own_tests_pass(template, monkeypatch):
    monkeypatch.syspath_prepend(template)
    (file,) = (TEMPLATE / "tests").glob("test_*.py")
    own = [test for name, test in runpy.run_path(str(file)).items() if name.startswith("test_")]
    assert len(own) >= 4
    for test in own:
        test()


def test_nothing_is_wrong_with_the_template(template, monkeypatch):
    monkeypatch.syspath_prepend(template)
    plug_in = named(NAME)
    assert isinstance(plug_in, PlugIn)
    found = [(one.check, one.outcome, one.code) for one in examine(plug_in)]
    assert [one for one in found if one[1] != "ok"] == []
    assert found[-1][0] == "bundle"


def test_the_template_is_offered_and_is_trained_to_a_verdict(template, tmp_path):
    install(template, "raise RuntimeError('no licence')", name="broken")
    pilot = a_pilot(
        workload=NAME,
        target={"metric": "validation_brier", "value": 0.1, "direction": "below"},
        budget={"epochs": 3},
        seeds={"confirmation": [11]},
        schedules=[
            schedule_data("today", role="baseline", batch_size={"initial": 16}),
            schedule_data("larger", batch_size={"initial": 64}),
        ],
    )
    with an_api(tmp_path) as api, a_worker(api, tmp_path / "worker") as worker:
        served = wait_until(lambda: known(api).get(NAME), what="the report of the workload")
        assert served.workload.version == "1.0.0"
        assert served.workload.improves("validation_brier") == "below"
        assert served.served_by == ("worker",)
        assert "broken" not in known(api)
        assert "plug-in broken is left out: Importing" in worker.log
        planned = api.post("/api/plans:compute", PlanRequest(pilot=pilot))
        assert planned["workers"] == 1
        state = api.create(pilot, throughput=CURVE)
        wait_until(lambda: api.pilot(state.id).phase == "done", what="the end of the pilot")
        body = api.post("/api/reviews:compute", ReviewRequest(pilot_id=state.id))
        review = decode(Review, body)
        assert [race.crossing is not None for race in review.races] == [True] * 2


def known(api) -> dict[str, WorkloadState]:
    listed = decode(tuple[WorkloadState, ...], api.get("/api/workloads"))
    return {state.workload.name: state for state in listed}
