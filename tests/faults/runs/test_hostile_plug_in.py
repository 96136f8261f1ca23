"""A plug-in that pries is handed no database, no token and no key: what it may see is on a list."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from planner.exchange.states import RunState
from tests.contract.programs import wait_until
from tests.faults.runs.conftest import FOR_PLUG_INS, SECRETS, Laboratory
from tests.support import prying_plug_in
from tests.support.curve_here import curve_here
from tests.support.installation import a_pilot

pytestmark = pytest.mark.faults


def trained(laboratory: Laboratory) -> RunState:
    api = laboratory.api
    pilot = a_pilot(workload=prying_plug_in.NAME, seeds={"confirmation": [11]})
    curve = curve_here(prying_plug_in.NAME)
    run = api.runs(api.create(pilot, throughput=curve).id)[0]
    wait_until(lambda: api.run(run.id).status == "succeeded", what="the end of a run")
    return run


def test_a_plug_in_finds_no_secret_in_its_reach(laboratory: Laboratory) -> None:
    run = trained(laboratory)
    found = laboratory.prying.found()
    api, worker = laboratory.api, laboratory.worker
    secrets = [
        *SECRETS.values(),
        api.credentials.admin_token,
        api.credentials.registration_token,
        str(api.data_dir),
        api.url,
    ]
    pid, parent = str(found["pid"]), str(found["parent"])
    assert parent == str(worker.fork_server)
    reach = {
        "its environment": json.dumps(found["environment"]),
        "environments that it can read": json.dumps(found["environments"]),
        "the environment of its parent": Path(f"/proc/{parent}/environ").read_text(),
        "its command line": found["commands"][pid],
        "the command line of its parent": found["commands"][parent],
        "its open files": json.dumps(found["files"]),
        "its log": json.dumps(api.get(f"/api/runs/{run.id}/log")["lines"]),
    }
    assert [(where, one) for where, text in reach.items() for one in secrets if one in text] == []
    for name, value in FOR_PLUG_INS.items():
        assert found["environment"][name] == value
    assert not [name for name in found["environment"] if name.startswith("PAYBATCH_")]


def test_a_plug_in_has_no_file_open_but_its_own(laboratory: Laboratory) -> None:
    """No database, no store, and no line to the supervisor or to the API."""
    if not laboratory.prying.has_looked:
        trained(laboratory)
    files = laboratory.prying.found()["files"]
    assert not [file for file in files if file.startswith("socket:")]
    on_disk = [Path(file) for file in files if file.startswith("/")]
    scratch = laboratory.worker.data_dir / "scratch"
    others = [
        file
        for file in on_disk
        if not file.is_relative_to(scratch)
        and not file.is_relative_to("/dev")
        and not file.is_relative_to("/proc")
        and file.suffix != ".lock"
    ]
    assert others == []


@pytest.mark.parametrize("room", ["worker.secrecy", "backend.access.secrecy"])
def test_a_program_that_hides_cannot_be_read_by_another_of_the_same_user(room: str) -> None:
    """Once without hiding, which shows that it could be read, and once hidden."""
    told = subprocess.run(
        [sys.executable, "-c", _NEIGHBOURS.format(room=room)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert told.stdout.split() == ["read", "refused"]


_NEIGHBOURS = """
import ctypes, os
from pathlib import Path
from {room} import hide_from_plug_ins

if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # a change of user hides a program, too

def look():
    if os.fork() == 0:
        try:
            Path(f"/proc/{{os.getppid()}}/environ").read_bytes()
            os.write(1, b"read\\n")
        except PermissionError:
            os.write(1, b"refused\\n")
        os._exit(0)
    os.wait()

look()
hide_from_plug_ins()
look()
"""
