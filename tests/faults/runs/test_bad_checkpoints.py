"""P8: a bad checkpoint never stops or poisons a run."""

import dataclasses
import pickle
import random
import shutil
from pathlib import Path

import pytest
import torch

from backend.wire.codec import decode
from planner.exchange.work import AttemptStart
from planner.measurements.measurement import RunRecord
from planner.pilots.run import Attempt
from tests.contract.programs import ApiProcess, a_worker, an_api, wait_until
from tests.contract.test_worker_against_api import (
    BASELINE,
    EPOCHS,
    a_curve,
    a_pilot,
    assert_undisturbed,
    first_run,
)
from tests.faults.conftest import Often, PromiseOf
from tests.faults.runs.canary import a_canary
from tests.faults.runs.damage import DAMAGES
from tests.worker.builders import a_claimed_run, attempt, checkpoints_in, points
from tests.worker.resuming import finish_of, newest_tensors
from worker.job import LocalCheckpoint
from worker.spool import Report

pytestmark = pytest.mark.faults

STEPS_BETWEEN = 300


def test_a_canary_sings_when_it_is_opened(tmp_path: Path) -> None:
    """Otherwise its silence would say nothing."""
    pickle.loads(a_canary(tmp_path / "sang"))  # noqa: S301 - it is ours
    assert (tmp_path / "sang").exists()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("checkpoints")


@pytest.fixture(scope="module")
def whole(folder: Path) -> list[Report]:
    """A run nothing happened to, with a checkpoint after each of its 31 steps."""
    return attempt(a_claimed_run(), folder / "whole", checkpoint_every_s=0.0)


@pytest.fixture(scope="module")
def of_another_seed(folder: Path) -> Path:
    reports = attempt(a_claimed_run(seed=12), folder / "other")
    return checkpoints_in(folder / "other", reports)[0].folder


def copies(saved: tuple[LocalCheckpoint, ...], to: Path) -> tuple[LocalCheckpoint, ...]:
    """The checkpoints in a place of their own, where a test may damage them."""
    found = []
    for one in saved:
        shutil.copytree(one.folder, to / one.folder.name)
        found.append(dataclasses.replace(one, folder=to / one.folder.name))
    return tuple(found)


def test_a_run_goes_on_from_the_newest_checkpoint_that_is_whole_and_ends_as_if_undisturbed(
    folder: Path,
    whole: list[Report],
    of_another_seed: Path,
    tmp_path: Path,
    rng: random.Random,
    often: Often,
    promise: PromiseOf,
) -> None:
    """One, two or all of three checkpoints are bad; all of them sends it to its very start."""
    saved = checkpoints_in(folder / "whole", whole)
    expected, steps = newest_tensors(folder / "whole", whole), points(whole, "train")
    tally = promise("P8")
    for place in range(often(whole=120, short=40)):
        here = tmp_path / str(place)
        newest = rng.randrange(len(saved) - 3)
        known = copies(saved[newest : newest + 3], here / "a")
        bad = rng.randint(1, 3)
        damages = [rng.choice(DAMAGES) for _ in range(bad)]
        for damage, one in zip(damages, known[:bad], strict=True):
            damage(one.folder, of_another_seed, rng)
        again = attempt(
            dataclasses.replace(a_claimed_run(), attempt=2),
            here / "b",
            checkpoints=known,
        )
        begins = known[bad].step if bad < 3 else 0
        assert again[0] == AttemptStart(from_step=begins, bundle_size=1), damages
        assert finish_of(again).final_metrics == finish_of(whole).final_metrics, damages
        ours = newest_tensors(here / "b", again)
        assert all(torch.equal(ours[name], expected[name]) for name in expected), damages
        after = {step: point for step, point in steps.items() if step > begins}
        assert points(again, "train") == after, damages
        assert not list(here.rglob("the canary sang"))
        tally.add(bad_checkpoints=bad, to_the_start=int(bad == 3), poisoned=0, stopped=0)


def test_a_whole_checkpoint_of_another_run_or_step_is_not_gone_on_from(
    folder: Path, whole: list[Report], tmp_path: Path, promise: PromiseOf
) -> None:
    """The database names another run's files with their right hash: only the content tells."""
    other = attempt(a_claimed_run(seed=12), folder / "seed")
    theirs = checkpoints_in(folder / "seed", other)[0]
    newer, older = checkpoints_in(folder / "whole", whole)[3:5]
    wrong_step = dataclasses.replace(newer, step=newer.step + 1)
    again = attempt(
        dataclasses.replace(a_claimed_run(), attempt=2),
        tmp_path / "again",
        checkpoints=(theirs, wrong_step, older),
    )
    assert again[0] == AttemptStart(from_step=older.step, bundle_size=1)
    assert finish_of(again).final_metrics == finish_of(whole).final_metrics
    promise("P8").add(bad_checkpoints=2, poisoned=0, stopped=0)


def test_a_worker_s_run_survives_whatever_happened_to_its_store_while_it_was_paused(
    tmp_path: Path, rng: random.Random, often: Often, promise: PromiseOf
) -> None:
    """Real programs: paused, its newest checkpoint damaged, resumed, again and again."""
    damages = rng.sample(DAMAGES, k=often(whole=len(DAMAGES), short=3))
    epochs = EPOCHS * len(damages)  # some 5,400 steps for each
    reports = attempt(
        a_claimed_run(schedule=BASELINE, epochs=epochs, seed=11), tmp_path / "undisturbed"
    )
    other = checkpoints_in(tmp_path / "undisturbed", reports)[0].folder
    store = tmp_path / "w/store"
    with an_api(tmp_path) as api, a_worker(api, tmp_path / "w") as worker:
        pilot_id = api.create(a_pilot(epochs=epochs), throughput=a_curve()).id
        run_id = first_run(api, pilot_id).id
        for run in api.runs(pilot_id):
            if run.id != run_id:
                api.order(run.id, "cancel")
        for number, damage in enumerate(damages, start=1):
            paused_at = paused(api, run_id)
            known = stored(store, run_id)
            is_last = number == len(damages)
            for folder in known if is_last else known[-1:]:
                damage(folder, other, rng)
            api.order(run_id, "resume")
            begins = start_of(api, run_id, attempt=number + 1)
            assert begins == 0 if is_last else begins < paused_at
            promise("P8").add(bad_checkpoints=1, to_the_start=int(begins == 0))
        wait_until(lambda: api.run(run_id).status == "succeeded", what="success")
        assert_undisturbed(api, run_id, store, tmp_path / "undisturbed", reports)
        assert "cannot be prepared" not in worker.log
    assert not list(tmp_path.rglob("the canary sang"))


def paused(api: ApiProcess, run_id: str) -> int:
    """Pauses the run once it has gone on for a while; the step at which it stands."""
    past = api.run(run_id).step + STEPS_BETWEEN
    wait_until(lambda: api.run(run_id).step > past, what="further steps")
    api.order(run_id, "pause")
    wait_until(lambda: api.run(run_id).status != "running", what="the pause of a running run")
    found = api.run(run_id)
    assert found.status == "paused", "it ended first: it needs more epochs"
    return found.step


def stored(store: Path, run_id: str) -> list[Path]:
    """The run's checkpoints, newest last."""
    found = store.glob(f"{run_id}/a*/step-*")
    return sorted(found, key=lambda at: (int(at.parent.name[1:]), int(at.name[5:])))


def start_of(api: ApiProcess, run_id: str, *, attempt: int) -> int:
    """The step at which one of the run's attempts begins, as soon as it has said so."""
    path = f"/api/pilots/{api.run(run_id).pilot_id}/records"

    def begun() -> list[Attempt]:
        records = decode(tuple[RunRecord, ...], api.get(path))
        (record,) = [one for one in records if one.run_id == run_id]
        return [one for one in record.attempts if one.number == attempt]

    (found,) = wait_until(begun, what="the start of an attempt")
    return int(found.from_step)
