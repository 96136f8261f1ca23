import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from backend.main import create_app
from backend.settings import Settings, settings_from

ROOT = Path(__file__).parents[1]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
ROOMS = ("planner", "wording", "backend", "frontend", "worker", "paybatch")
STARTED = {
    "proxy": "proxy",
    "proxy-tls": "proxy",
    "backend": "backend",
    "frontend": "frontend",
    "worker": "worker",
    "worker-gpu": "worker",
}
"""Services that are built here, and the image of each."""

OF_OTHERS = {"database": "postgres:17.6-bookworm"}
TWO_STEPS = ["python:3.11-slim-bookworm AS build", "python:3.11-slim-bookworm"]
BASES = {
    "proxy": ["caddy:2.10.2-alpine"],
    "backend": TWO_STEPS,
    "frontend": TWO_STEPS,
    "worker": TWO_STEPS,
}
WAITS_FOR = {
    "database": set(),
    "backend": {"database"},
    "frontend": {"backend"},
    "worker": {"backend"},
    "worker-gpu": {"backend"},
    "proxy": {"backend", "frontend"},
    "proxy-tls": {"backend", "frontend"},
}
CADDYFILE = (ROOT / "docker" / "Caddyfile").read_text(encoding="utf-8")

PROGRAMS = {"backend": "backend.__main__", "frontend": "frontend.__main__", "worker": "worker.main"}

each_service = pytest.mark.parametrize("name", SERVICES)
each_built = pytest.mark.parametrize("name", STARTED)
each_image = pytest.mark.parametrize("image", BASES)
each_room = pytest.mark.parametrize("room", ["backend", "frontend", "worker"])


def dockerfile(room: str) -> str:
    return (ROOT / "docker" / f"{room}.Dockerfile").read_text(encoding="utf-8")


def copied(room: str) -> list[str]:
    """What an image takes from the project."""
    lines = re.findall(r"^COPY (?!--from)(.+)$", dockerfile(room), flags=re.MULTILINE)
    return [source for line in lines for source in line.split()[:-1]]


def test_there_is_all_of_it_and_a_gpu_worker_and_a_public_door_on_request():
    assert set(SERVICES) == set(STARTED) | set(OF_OTHERS)
    profiles = {
        name: SERVICES[name]["profiles"] for name in SERVICES if "profiles" in SERVICES[name]
    }
    assert profiles == {"worker-gpu": ["gpu"], "proxy-tls": ["tls"]}
    (device,) = SERVICES["worker-gpu"]["deploy"]["resources"]["reservations"]["devices"]
    assert device["capabilities"] == ["gpu"]


def test_one_port_is_published_for_this_computer_and_more_only_on_request():
    published = {name: SERVICES[name]["ports"] for name in SERVICES if "ports" in SERVICES[name]}
    assert published == {"proxy": ["127.0.0.1:8200:8200"], "proxy-tls": ["80:80", "443:443"]}


def test_the_database_lies_in_a_volume_of_its_own_and_only_the_api_reaches_it():
    mounts = {name: SERVICES[name].get("volumes", []) for name in SERVICES}
    assert mounts["database"] == ["postgresql:/var/lib/postgresql/data"]
    assert mounts["backend"] == ["database:/data"]
    assert "PAYBATCH_DATA_DIR=/data" in dockerfile("backend")
    assert COMPOSE["networks"]["data"] == {"internal": True}
    beside_it = {name for name in SERVICES if "data" in SERVICES[name]["networks"]}
    assert beside_it == {"database", "backend"}
    named = {mount.split(":")[0] for found in mounts.values() for mount in found}
    assert named == set(COMPOSE["volumes"])


@each_built
def test_a_service_of_ours_is_built_from_a_file_that_is_there(name):
    assert SERVICES[name]["build"]["dockerfile"] == f"docker/{STARTED[name]}.Dockerfile"
    assert "image" not in SERVICES[name]
    assert all((ROOT / source).exists() for source in copied(STARTED[name]))


def test_images_of_others_are_pinned_to_a_version():
    assert {name: SERVICES[name]["image"] for name in OF_OTHERS} == OF_OTHERS
    bases = [base for found in BASES.values() for base in found]
    for image in (*OF_OTHERS.values(), *bases):
        assert re.search(r":[0-9]+(\.[0-9]+)+-", image), image


@each_service
def test_a_service_is_watched_and_held_tight(name):
    service = SERVICES[name]
    assert service["healthcheck"]["test"][0] == "CMD"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@each_service
def test_whoever_needs_others_waits_until_they_answer(name):
    waits_for = SERVICES[name].get("depends_on", {})
    assert waits_for == {other: {"condition": "service_healthy"} for other in WAITS_FOR[name]}


@each_image
def test_an_image_has_a_pinned_base_and_a_user_who_is_not_root(image):
    text = dockerfile(image)
    assert re.findall(r"^FROM (.+)$", text, flags=re.MULTILINE) == BASES[image]
    assert re.findall(r"^USER (.+)$", text, flags=re.MULTILINE) == ["paybatch"]
    assert text.index("USER paybatch") < text.index("CMD")
    assert SERVICES["database"]["user"] == "postgres"


@each_room
def test_an_image_is_installed_from_the_lock_and_keeps_nothing_of_the_build(room):
    _, build, final = dockerfile(room).split("\nFROM ")
    wanted = {"worker": "worker,s3"}.get(room, room)
    assert f'-c requirements.lock -e ".[{wanted}]"' in build
    assert "requirements.lock" in copied(room)
    assert "PIP_NO_CACHE_DIR=1" in build
    assert "--without-pip" in build
    assert re.findall(r"^COPY (.+)$", final, flags=re.MULTILINE) == [
        "--from=build /venv /venv",
        "--from=build /app /app",
    ]
    assert "pip" not in final


@each_image
def test_what_an_image_takes_is_let_through_to_the_builder(image):
    let_through = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), flags=re.MULTILINE)
    assert set(copied(image)) <= set(let_through)
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
    settings = settings_of_the_api("")
    assert set(settings.allowed_hosts) == {"127.0.0.1", "localhost", "backend"}
    assert "http://backend:8200" in SERVICES["frontend"]["command"]
    assert (settings.port, settings.page_port) == (8200, 8201)
    assert settings.database_url == "postgresql://paybatch:secret@database/paybatch"
    assert settings.origin == settings.page_address == "http://127.0.0.1:8200"


def test_one_name_serves_it_by_tls():
    settings = settings_of_the_api("pay.example.com")
    assert settings.origin == settings.page_address == "https://pay.example.com"
    assert "pay.example.com" in settings.answered_hosts
    assert composed(SERVICES["frontend"]["command"][-1], "pay.example.com").split(",") == [
        "127.0.0.1",
        "localhost",
        "pay.example.com",
    ]
    address = SERVICES["proxy-tls"]["environment"]["PAYBATCH_ADDRESS"]
    assert composed(address, "pay.example.com") == "pay.example.com"
    assert SERVICES["proxy"]["environment"]["PAYBATCH_ADDRESS"] == "http://:8200"
    assert re.search(r"@tls protocol https\n\s+header @tls \?Strict-Transport-Security", CADDYFILE)


def test_its_health_is_asked_where_the_proxy_tells_it():
    asked = {SERVICES[name]["healthcheck"]["test"][-1] for name in ("proxy", "proxy-tls")}
    (told,) = re.findall(r"{\$PAYBATCH_PROXY_HEALTH:(.+)} {\n\s+bind 127.0.0.1", CADDYFILE)
    assert asked == {f"{told}/"}


def composed(text: str, site: str) -> str:
    """What Docker makes of a text with variables in it."""
    known = {"PAYBATCH_SITE": site, "PAYBATCH_DATABASE_PASSWORD": "secret"}
    known["PAYBATCH_REGISTRATION_TOKEN"] = "t" * 32

    def value(found: re.Match[str]) -> str:
        name, sign, word = found.groups()
        has = known.get(name, "")
        return (word if has else "") if sign == ":+" else (has or ("" if sign == ":?" else word))

    return re.sub(r"\$\{(\w+)(:[-+?])([^}]*)\}", value, text)


def settings_of_the_api(site: str) -> Settings:
    given = SERVICES["backend"]["environment"]
    return settings_from({name: composed(text, site) for name, text in given.items()})


def test_what_a_proxy_says_of_a_request_counts_and_nobody_else_s_word():
    addresses = {
        SERVICES[name]["networks"]["edge"]["ipv4_address"] for name in ("proxy", "proxy-tls")
    }
    for name in ("backend", "frontend"):
        assert set(SERVICES[name]["environment"]["FORWARDED_ALLOW_IPS"].split(",")) == addresses
    assert {name for name in SERVICES if "edge" in SERVICES[name]["networks"]} == {
        "proxy",
        "proxy-tls",
        "backend",
        "frontend",
    }


def test_the_proxy_leads_every_route_of_the_api_there_and_no_page_of_ours():
    (paths,) = re.findall(r"@api path (.+)", CADDYFILE)
    shapes = [re.compile(path.replace("*", ".*") + "$") for path in paths.split()]

    def leads_to_api(path: str) -> bool:
        return any(shape.match(path) for shape in shapes)

    routes = {route.path for route in create_app(Settings()).routes}
    assert [path for path in routes if not leads_to_api(path)] == []
    pages = ("/", "/plan", "/live", "/settings", "/_stcore/stream", "/_stcore/health", "/static/x")
    assert [path for path in pages if leads_to_api(path)] == []
    assert "reverse_proxy {$PAYBATCH_API:backend:8200}" in CADDYFILE.split("handle {")[0]
    assert "reverse_proxy {$PAYBATCH_PAGE:frontend:8201}" in CADDYFILE.split("handle {")[1]


def test_who_waits_for_the_api_waits_until_it_is_ready_and_every_log_is_for_machines():
    assert "/api/ready" in SERVICES["backend"]["healthcheck"]["test"][-1]
    ours = [SERVICES[name]["environment"] for name in STARTED if STARTED[name] != "proxy"]
    assert {environment["PAYBATCH_LOG"] for environment in ours} == {"json"}


def test_no_secret_is_written_down():
    assert COMPOSE["secrets"] == {
        "registration_token": {"environment": "PAYBATCH_REGISTRATION_TOKEN"},
        "database_password": {"environment": "PAYBATCH_DATABASE_PASSWORD"},
    }
    stated = {
        (name, variable): value
        for name, service in SERVICES.items()
        for variable, value in service.get("environment", {}).items()
        if re.search(r"TOKEN|SECRET|PASSWORD|KEY|DATABASE_URL", variable)
    }
    ours = {place for place in stated if place[0] == "backend"}
    assert ours == {
        ("backend", "PAYBATCH_REGISTRATION_TOKEN"),
        ("backend", "PAYBATCH_DATABASE_URL"),
    }
    for place in ours:
        assert re.search(r"\$\{PAYBATCH_(REGISTRATION_TOKEN|DATABASE_PASSWORD):\?", stated[place])
    assert stated["database", "POSTGRES_PASSWORD_FILE"] == "/run/secrets/database_password"
    keys = {place: value for place, value in stated.items() if place[0].startswith("worker")}
    assert {key[4:] for _, key in keys} == {"ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN"}
    assert set(keys.values()) == {None}
    assert {name for name, _ in stated} == {"backend", "database", "worker", "worker-gpu"}
    assert "/.env" in (ROOT / ".gitignore").read_text().splitlines()
