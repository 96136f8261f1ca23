import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from backend.access.security import load_credentials
from backend.cli import main
from backend.cli.leaving import Leaving
from backend.cli.processes import GRACE_S, Children, EndedEarly, version_at
from tests.support.processes import free_port

PATIENCE_S = 60


def wait_for(condition):
    deadline = time.monotonic() + PATIENCE_S
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def processes_of(folder):
    """Ids of programs that were given this folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            arguments = entry.read_bytes()
        except OSError:
            continue
        if str(folder).encode() in arguments:
            found.append(int(entry.parent.name))
    return found


@pytest.fixture
def up(tmp_path):
    """Paybatch, started as people start it."""
    port = free_port()
    environment = {
        **os.environ,
        "PAYBATCH_PORT": str(port),
        "PAYBATCH_PAGE_PORT": str(free_port()),
        "PAYBATCH_DATA_DIR": str(tmp_path / "data"),
    }
    (tmp_path / "sets").mkdir()
    (tmp_path / "sets" / "cifar-100-binary.tar.gz").touch()
    command = [sys.executable, "-m", "backend.cli", "up", "--device", "cpu", "--lang", "en"]
    command += ["--data", str(tmp_path / "sets")]
    with (tmp_path / "up.out").open("wb") as out, (tmp_path / "up.log").open("wb") as log:
        started = subprocess.Popen(command, env=environment, stdout=out, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: version_at(url))
        yield started, url, tmp_path
    finally:
        started.kill()
        started.wait()
        wait_for(lambda: not processes_of(tmp_path))


def workers_at(url, folder):
    credentials = load_credentials(folder / "data" / "credentials.json")
    headers = {"Authorization": f"Bearer {credentials.admin_token}"}
    return httpx.get(f"{url}/api/workers", headers=headers, timeout=PATIENCE_S).json()


def test_up_brings_a_worker_to_the_api_and_ctrl_c_ends_everything(up):
    started, url, folder = up
    (worker,) = wait_for(lambda: workers_at(url, folder))
    assert worker["name"] == "cpu"
    assert {"digits-mlp", "cifar100-resnet18"} <= set(worker["workloads"])
    assert "cifar10-resnet18" not in worker["workloads"]
    assert (folder / "data" / "registration.token").stat().st_mode & 0o077 == 0
    started.send_signal(signal.SIGINT)
    assert started.wait(PATIENCE_S) == 0
    assert version_at(url) is None
    assert processes_of(folder) == []
    out, log = ((folder / f"up.{end}").read_text(encoding="utf-8") for end in ("out", "log"))
    assert out.startswith(f"Paybatch is ready: {url}/sign-in?code=pb_")
    assert "Stopping; running trainings save a checkpoint first." in log.splitlines()


def the_program(command, module):
    """Id of the program that a command started, by the module that it runs."""
    children = Path(f"/proc/{command.pid}/task/{command.pid}/children").read_text().split()
    arguments = {int(one): Path(f"/proc/{one}/cmdline").read_text().split("\0") for one in children}
    return next(one for one, words in arguments.items() if words[1:3] == ["-m", module])


def test_a_worker_that_ends_is_started_again_and_an_api_that_ends_ends_everything(up):
    started, url, folder = up
    (first,) = wait_for(lambda: workers_at(url, folder))
    killed = the_program(started, "worker")
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: {one["id"] for one in workers_at(url, folder)} - {first["id"]})
    assert the_program(started, "worker") != killed
    assert started.poll() is None
    told = "The worker cpu ended (by SIGKILL). API and page go on; it is started again in 1 s."
    assert told in (folder / "up.log").read_text(encoding="utf-8").splitlines()
    os.kill(the_program(started, "backend"), signal.SIGKILL)
    assert started.wait(PATIENCE_S) == 1
    assert processes_of(folder) == []
    *_, last = (folder / "up.log").read_text(encoding="utf-8").splitlines()
    assert last == (
        "api ended by itself (by SIGKILL); everything was stopped. Its last lines are above."
    )


def test_nothing_outlives_a_killed_command(up):
    started, url, folder = up
    wait_for(lambda: workers_at(url, folder))
    started.kill()
    wait_for(lambda: not processes_of(folder))
    wait_for(lambda: version_at(url) is None)


def up_in_vain(folder, **ports):
    """What ``up`` says to people where it cannot start; nothing is written."""
    command = ["up", "--device", "cpu", "--lang", "en"]
    command += [word for name, port in ports.items() for word in (f"--{name}", str(port))]
    environment = {"PAYBATCH_DATA_DIR": str(folder / "other")}
    ended = CliRunner().invoke(main, command, env=environment)
    assert ended.exit_code == 1
    assert not (folder / "other").exists()
    return ended.output


def test_log_lines_that_there_are_none_of_are_refused_before_anything_starts(tmp_path, monkeypatch):
    monkeypatch.setenv("PAYBATCH_LOG", "xml")
    environment = {"PAYBATCH_DATA_DIR": str(tmp_path / "other")}
    command = ["up", "--port", str(free_port()), "--lang", "en"]
    ended = CliRunner().invoke(main, command, env=environment)
    assert ended.exit_code == 2
    assert ended.stderr.startswith("PAYBATCH_LOG: This is not one of the choices.")
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("taken_by", ["port", "page-port"])
def test_a_taken_port_is_told_before_anything_starts(tmp_path, taken_by):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = up_in_vain(tmp_path, **{"port": free_port(), taken_by: port})
    assert said.startswith(f"Another program on this computer uses port {port}.")


def test_a_second_paybatch_leads_to_the_first(up):
    _, url, folder = up
    said = up_in_vain(folder, port=int(url.rpartition(":")[2]))
    assert f" already runs at {url}: " in said


def test_a_program_that_ends_by_itself_is_noticed_by_name(tmp_path):
    with Children() as children:
        children.start("quick", ["this"], os.environ, log=tmp_path / "log")
        with pytest.raises(EndedEarly, match=r"^quick ended with 0$"):
            wait_for(children.check)
    assert "Zen of Python" in (tmp_path / "log").read_text(encoding="utf-8")


STUBBORN = "import signal, threading\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"


def test_whoever_asks_twice_does_not_wait_for_a_program_that_does_not_leave(tmp_path):
    (tmp_path / "stubborn.py").write_text(
        STUBBORN + "print('here', flush=True)\nthreading.Event().wait()"
    )
    leaving = Leaving()
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    with Children(leaving) as children:
        child = children.start("stubborn", ["stubborn"], environment, log=tmp_path / "log")
        wait_for(lambda: "here" in (tmp_path / "log").read_text())
        leaving.ask()
        leaving.ask()
        children.watch(leaving)
        began_s = time.monotonic()
    assert time.monotonic() - began_s < GRACE_S
    assert not Path(f"/proc/{child}").exists()


def test_the_worker_gets_its_own_arguments():
    ended = subprocess.run(
        [sys.executable, "-m", "backend.cli", "worker", "--", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "--token-file" in ended.stdout


def test_a_setting_that_means_nothing_is_refused_in_the_readers_language(monkeypatch):
    monkeypatch.setenv("PAYBATCH_PORT", "0")
    answer = CliRunner().invoke(main, ["api", "--lang", "ja"])
    assert answer.exit_code == 2
    assert answer.stderr == "PAYBATCH_PORT：ポート番号は1〜65,535で指定してください。\n"


def test_up_prints_one_link_that_leads_to_the_page_and_open_prints_another(up):
    _, url, folder = up
    out = folder / "up.out"
    wait_for(lambda: "Ctrl-C" in out.read_text(encoding="utf-8"))
    printed = out.read_text(encoding="utf-8").splitlines()[0].rpartition(" ")[2]
    environment = {**os.environ, "PAYBATCH_DATA_DIR": str(folder / "data")}
    command = [sys.executable, "-m", "backend.cli", "open", "--url", url]
    opened = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    for link in (printed, opened.stdout.strip()):
        answer = httpx.get(link, follow_redirects=False, timeout=PATIENCE_S)
        assert answer.status_code == 303
        assert httpx.get(answer.headers["location"], timeout=PATIENCE_S).status_code == 200
