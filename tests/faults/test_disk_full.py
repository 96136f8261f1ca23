"""P11: a disk without room is told, corrupts nothing, and is left behind by itself."""

import resource
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from backend.wire.codec import encode
from planner.exchange.states import PilotRequest, RunState
from tests.contract.programs import CALM_LEASE_S, ApiProcess, a_worker, wait_until
from tests.faults.conftest import Often, PromiseOf
from tests.faults.left_behind import whole_series
from tests.faults.pilots import a_curve
from tests.faults.pilots import a_pilot as digits
from tests.support.installation import a_pilot
from tests.support.old_databases import content_of
from tests.support.planted_worker import planted_curve

DISK_MIB = 64

EPOCHS = 60
"""Long enough to be met under way, whatever else the computer does."""


@contextmanager
def a_small_disk(place: Path) -> Iterator[Path]:
    """A disk of 64 MiB in memory at a folder."""
    place.mkdir()
    options = f"size={DISK_MIB}m,mode=700"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("only root mounts a disk; the limit on the size of files is tested anyway")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def fill(disk: Path) -> Path:
    """Takes all the room there is, and next to nothing of what is given up meanwhile."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        size = 2**20
        while size and (disk / "ballast").exists():
            try:
                file.write(bytes(size))
            except OSError:
                size //= 2
    return filler


class People:
    """Who make pilots, and note what they were told."""

    def __init__(self, api: ApiProcess) -> None:
        headers = {"Authorization": f"Bearer {api.credentials.admin_token}"}
        self.http = httpx.Client(base_url=api.url, headers=headers, timeout=60)
        self.acknowledged: set[str] = set()
        self.refusals = 0

    def close(self) -> None:
        self.http.close()

    def make_pilot(self) -> int:
        body = encode(PilotRequest(pilot=a_pilot(name="full"), throughput=planted_curve()))
        once = {"Idempotency-Key": uuid4().hex}
        answer = self.http.post("/api/pilots", json=body, headers=once)
        if answer.status_code == httpx.codes.CREATED:
            self.acknowledged.add(answer.json()["id"])
        else:
            assert answer.status_code == httpx.codes.INSUFFICIENT_STORAGE, answer.text
            assert answer.json()["code"] == "storage_full"
            self.refusals += 1
        return answer.status_code

    def first_run(self) -> Any:
        return self.http.get("/api/runs", params={"status": "queued"}).json()["items"][0]

    def cancel(self, run_id: str) -> str:
        answer = self.http.post(f"/api/runs/{run_id}:cancel", json={"reason": "no room"})
        return str(answer.raise_for_status().json()["status"])


@pytest.mark.faults
def test_a_full_disk_is_told_ends_are_still_recorded_and_work_goes_on_when_there_is_room(
    tmp_path: Path, often: Often, promise: PromiseOf
) -> None:
    figures = promise("P11")
    with a_small_disk(tmp_path / "api") as disk:
        api = ApiProcess(tmp_path, ballast_mib=8, backup_every_h=0)
        stack = ExitStack()
        try:
            people = stack.enter_context(closing(People(api)))
            for _ in range(often(whole=3, short=1)):
                wait_until(lambda: people.make_pilot() == httpx.codes.CREATED, what="a pilot")
                filler = fill(disk)
                wait_until(lambda: people.make_pilot() == httpx.codes.INSUFFICIENT_STORAGE)
                wait_until(lambda: not (disk / "ballast").exists(), what="the reserve given up")
                assert people.cancel(people.first_run()["id"]) == "cancelled"
                filler.unlink()
                wait_until(lambda: people.make_pilot() == httpx.codes.CREATED, what="room again")
                assert (disk / "ballast").stat().st_size == 8 * 2**20
                figures.add(fills=1)
            api.kill()
            found = content_of(api.data_dir / "paybatch.sqlite")
            lost = people.acknowledged - {row[0] for row in found["pilots"]}
            figures.add(acks=len(people.acknowledged), refusals=people.refusals, losses=len(lost))
            assert lost == set()
        finally:
            stack.close()
            api.close()


def limit_files(pid: int, size_bytes: int) -> None:
    """No file of a process may grow past a size, however much room there is."""
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size_bytes, hard))


@pytest.mark.faults
def test_a_limit_on_files_is_told_corrupts_nothing_and_is_left_behind(
    tmp_path: Path, often: Often, promise: PromiseOf
) -> None:
    figures = promise("P11")
    api = ApiProcess(tmp_path, backup_every_h=0)
    stack = ExitStack()
    try:
        people = stack.enter_context(closing(People(api)))
        for _ in range(often(whole=20, short=2)):
            assert people.make_pilot() == httpx.codes.CREATED
            limit_files(api.pid, 4096)
            assert people.make_pilot() == httpx.codes.INSUFFICIENT_STORAGE
            limit_files(api.pid, resource.RLIM_INFINITY)
            assert people.make_pilot() == httpx.codes.CREATED
            figures.add(limits=1)
        api.kill()
        found = content_of(api.data_dir / "paybatch.sqlite")
        lost = people.acknowledged - {row[0] for row in found["pilots"]}
        figures.add(acks=len(people.acknowledged), refusals=people.refusals, losses=len(lost))
        assert lost == set()
    finally:
        stack.close()
        api.close()


@pytest.mark.faults
def test_a_trainer_whose_disk_is_full_waits_and_goes_on_without_a_gap(
    tmp_path: Path, promise: PromiseOf
) -> None:
    figures = promise("P11")
    api = ApiProcess(tmp_path, backup_every_h=0, lease_s=CALM_LEASE_S)
    try:
        with a_worker(api, tmp_path / "worker") as worker:
            one = digits(epochs=EPOCHS, seeds=(11,))
            pilot = api.create(one, throughput=a_curve())
            run = wait_until(lambda: under_way(api, pilot.id), what="a run under way")
            trainer = worker.trainer
            limit_files(trainer, 1)
            wait_until(lambda: is_idle(trainer), what="a trainer that waits")
            assert api.run(run.id).status == "running"
            limit_files(trainer, resource.RLIM_INFINITY)
            wait_until(lambda: api.run(run.id).status == "succeeded", what="its end")
            assert api.run(run.id).attempt == 1
            steps = whole_series(api, run.id, "train").steps
            assert steps == tuple(range(1, len(steps) + 1))
            assert steps[-1] == api.run(run.id).steps_planned
            figures.add(waits=1, missing_steps=0)
    finally:
        api.close()


def under_way(api: ApiProcess, pilot_id: str) -> RunState | None:
    found = [run for run in api.runs(pilot_id) if run.status == "running" and run.step > 100]
    return found[0] if found else None


def is_idle(pid: int) -> bool:
    """Whether a process used no time of the processor for longer than between two reports."""
    before = ticks(pid)
    threading.Event().wait(2.5)
    return ticks(pid) - before <= 1


def ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
