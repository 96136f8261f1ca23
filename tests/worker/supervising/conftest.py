import json
import tempfile
from pathlib import Path

import pytest

from planner.exchange.work import ClaimedRun, Device
from tests.worker.builders import FOR_EVER
from tests.worker.supervising.jobs import JobFor
from worker.codec import encode
from worker.control import Control
from worker.data.places import DataPlaces
from worker.job import JobMember, TrainerJob
from worker.workloads.digits_mlp import DigitsMlp


@pytest.fixture(scope="module")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data set, prepared before any trainer needs it."""
    folder = tmp_path_factory.mktemp("cache")
    DigitsMlp().load(DataPlaces(cache_dir=folder))
    return folder


@pytest.fixture
def job_for(tmp_path: Path, cache_dir: Path) -> JobFor:
    """Makes the job file of a run, each in a scratch folder of its own."""

    def job_for(run: ClaimedRun) -> Path:
        scratch = Path(tempfile.mkdtemp(dir=tmp_path))
        Control.create(scratch / "control", deadline=FOR_EVER).close()
        job = TrainerJob(
            execution="sequential",
            members=(JobMember(run=run, checkpoints=(), scratch=scratch),),
            device=Device(kind="cpu", name="CPU", memory_bytes=2**30),
            visible_devices="",
            versions="torch 2.13.0",
            places=DataPlaces(cache_dir=cache_dir),
            lock_dir=tmp_path,
            checkpoint_every_s=30.0,
        )
        (scratch / "job.json").write_text(json.dumps(encode(job)))
        return scratch / "job.json"

    return job_for
