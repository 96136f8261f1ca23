import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from backend.settings import settings_from

ROOT = Path(__file__).parents[1]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
ROOMS = ("planner", "wording", "backend", "frontend", "worker", "paybatch")
STARTED = {
    "backend": "backend",
    "frontend": "frontend",
    "worker": "worker",
    "worker-gpu": "worker",
}

PROGRAMS = {"backend": "backend.__main__", "frontend": "frontend.__main__", "worker": "worker.main"}

each_service = pytest.mark.parametrize("name", SERVICES)
each_room = pytest.mark.parametrize("room", ["backend", "frontend", "worker"])


def dockerfile(room: str) -> str:
    return (ROOT / "docker" / f"{room}.Dockerfile").read_text(encoding="utf-8")


def copied(room: str) -> list[str]:
    """What an image takes from the project."""
    lines = re.findall(r"^COPY (.+)$", dockerfile(room), flags=re.MULTILINE)
    return [source for line in lines for source in line.split()[:-1]]


def test_there_is_an_api_a_page_a_worker_and_a_gpu_worker_on_request():
    assert set(SERVICES) == set(STARTED)
    assert {name for name in SERVICES if "profiles" in SERVICES[name]} == {"worker-gpu"}
    assert SERVICES["worker-gpu"]["profiles"] == ["gpu"]
    (device,) = SERVICES["worker-gpu"]["deploy"]["resources"]["reservations"]["devices"]
    assert device["capabilities"] == ["gpu"]


def test_only_this_computer_reaches_what_is_published():
    published = {name: SERVICES[name].get("ports", []) for name in SERVICES}
    assert published == {
        "backend": ["127.0.0.1:8200:8200"],
        "frontend": ["127.0.0.1:8201:8201"],
        "worker": [],
        "worker-gpu": [],
    }


def test_the_database_lies_in_a_volume_that_only_the_api_opens():
    mounts = {name: SERVICES[name].get("volumes", []) for name in SERVICES}
    assert [name for name in mounts if any("database:" in mount for mount in mounts[name])] == [
        "backend"
    ]
    assert mounts["backend"] == ["database:/data"]
    assert "PAYBATCH_DATA_DIR=/data" in dockerfile("backend")
    named = {mount.split(":")[0] for found in mounts.values() for mount in found}
    assert named == set(COMPOSE["volumes"])


@each_service
def test_a_service_is_built_watched_and_held_tight(name):
    service = SERVICES[name]
    assert service["build"]["dockerfile"] == f"docker/{STARTED[name]}.Dockerfile"
    assert service["healthcheck"]["test"][0] == "CMD"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@each_service
def test_whoever_needs_the_api_waits_until_it_answers(name):
    waits_for = SERVICES[name].get("depends_on", {})
    expected = {} if name == "backend" else {"backend": {"condition": "service_healthy"}}
    assert waits_for == expected


@each_room
def test_an_image_has_a_pinned_base_the_lock_and_a_user_who_is_not_root(room):
    text = dockerfile(room)
    assert re.findall(r"^FROM (.+)$", text, flags=re.MULTILINE) == ["python:3.11-slim-bookworm"]
    assert f'-c requirements.lock -e ".[{room}]"' in text
    assert "requirements.lock" in copied(room)
    assert re.findall(r"^USER (.+)$", text, flags=re.MULTILINE) == ["paybatch"]
    assert text.index("USER paybatch") < text.index("CMD")


@each_room
def test_what_an_image_takes_is_let_through_to_the_builder(room):
    let_through = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), flags=re.MULTILINE)
    assert set(copied(room)) <= set(let_through)
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"


@each_room
def test_what_an_image_takes_is_enough_to_start_its_program(room, tmp_path):
    for source in copied(room):
        place = tmp_path / source
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, place)
    program = (
        f"import sys, {PROGRAMS[room]}\n"
        f"rooms = [m for n, m in sys.modules.items() if n.split('.')[0] in {ROOMS}]\n"
        "print(*{m.__file__ for m in rooms if m.__file__}, sep='\\n')"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PATH": "", "HOME": str(tmp_path), "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert loaded.returncode == 0, loaded.stderr
    paths = loaded.stdout.split()
    assert [path for path in paths if not Path(path).is_relative_to(tmp_path)] == []
    assert [path for path in paths if Path(path).parent == tmp_path / room] != []


@pytest.mark.parametrize("name", [name for name in SERVICES if "command" in SERVICES[name]])
def test_a_command_is_a_program_of_ours_with_options_that_it_has(name):
    python, flag, module, *options = SERVICES[name]["command"]
    assert (python, flag, module) == ("python", "-m", STARTED[name])
    told = subprocess.run(
        [sys.executable, "-m", module, "--help"], cwd=ROOT, capture_output=True, text=True
    )
    assert told.returncode == 0
    known = set(re.findall(r"--[a-z-]+", told.stdout))
    assert {option for option in options if option.startswith("--")} <= known


def test_the_api_understands_its_settings_and_answers_its_neighbours():
    given = SERVICES["backend"]["environment"] | {"PAYBATCH_REGISTRATION_TOKEN": "t" * 32}
    settings = settings_from(given)
    assert set(settings.allowed_hosts) == {"127.0.0.1", "localhost", "backend"}
    assert "http://backend:8200" in SERVICES["frontend"]["command"]
    assert (settings.port, settings.page_port) == (8200, 8201)


def test_who_waits_for_the_api_waits_until_it_is_ready_and_every_log_is_for_machines():
    assert "/api/ready" in SERVICES["backend"]["healthcheck"]["test"][-1]
    assert {service["environment"]["PAYBATCH_LOG"] for service in SERVICES.values()} == {"json"}


def test_no_secret_is_written_down():
    assert COMPOSE["secrets"] == {
        "registration_token": {"environment": "PAYBATCH_REGISTRATION_TOKEN"}
    }
    stated = {
        variable: value
        for service in SERVICES.values()
        for variable, value in service.get("environment", {}).items()
        if re.search(r"TOKEN|SECRET|PASSWORD|KEY", variable)
    }
    assert list(stated) == ["PAYBATCH_REGISTRATION_TOKEN"]
    assert stated["PAYBATCH_REGISTRATION_TOKEN"].startswith("${PAYBATCH_REGISTRATION_TOKEN:?")
    assert "/.env" in (ROOT / ".gitignore").read_text().splitlines()


def test_make_writes_a_registration_token_that_only_its_owner_can_read(tmp_path):
    command = ["make", "--silent", "-f", str(ROOT / "Makefile"), ".env"]
    subprocess.run(command, cwd=tmp_path, check=True)
    kept = tmp_path / ".env"
    assert re.fullmatch(r"PAYBATCH_REGISTRATION_TOKEN=[0-9a-f]{64}\n", kept.read_text())
    assert kept.stat().st_mode & 0o077 == 0
