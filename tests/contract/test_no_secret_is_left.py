"""After a whole run, no secret is in any log, file, report, backup, answer or command line."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from backend.wire.codec import decode
from planner.exchange.page_states import SignInLink
from tests.browser.programs import Paybatch, a_paybatch
from tests.contract.programs import wait_until
from tests.faults.pilots import a_curve, a_pilot
from tests.support.processes import PATIENCE_S

OUR_SHAPE = re.compile(rb"\bpb(?:wh)?_[A-Za-z0-9_-]{30,}")

KEPT_BY_THE_OWNER = {"credentials.json", "registration.token", "webhook.key"}
"""Files that hold a secret on purpose, readable by their owner only."""

WEBHOOK_SECRETS = (b"PATHSECRET0123456789", b"QUERYSECRET0123456789")

FORMATS = ("csv", "html", "xlsx", "pptx", "json", "pdf")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[bytes]]:
    """The folder of an installation that did all it can, and what it said on the way."""
    folder = tmp_path_factory.mktemp("lived")
    with a_paybatch(folder) as paybatch:
        worker = paybatch.start_worker()
        told = list(everything_done(paybatch))
        told += command_lines()
        assert worker.log
    return folder, told


def everything_done(paybatch: Paybatch) -> Iterator[bytes]:
    """Each answer that stays somewhere: files, lists and refusals."""
    api = paybatch.api
    path, key = (secret.decode() for secret in WEBHOOK_SECRETS)
    hook = f"https://hooks.example.com/{path}?key={key}"
    api.post("/api/webhook", {"url": hook}, method="PUT")
    api.post("/api/webhook:test", {})
    link = decode(SignInLink, api.post("/api/sign-in-links", {})).url
    with httpx.Client(base_url=api.url, timeout=60) as browser:
        assert browser.get(link).status_code == 303
        cookies = browser.cookies
        yield httpx.get(paybatch.page.url, cookies=dict(cookies), timeout=PATIENCE_S).content
        yield browser.get(link.replace("code=", "code=x")).content
        session = {"Authorization": f"Bearer {cookies['paybatch_session']}"}
        yield browser.get("/api/me", headers=session).content
        yield browser.get("/api/nothing", headers=session).content
        yield browser.get("/api/pilots?page=x", headers=session).content
    token = api.post("/api/tokens", {"name": "guest", "scope": "viewer"})["token"]
    yield httpx.get(
        f"{api.url}/api/pilots/{token}", headers={"Authorization": "Bearer x"}, timeout=PATIENCE_S
    ).content
    pilot = api.create(a_pilot(epochs=2, seeds=(11, 12)), throughput=a_curve())
    wait_until(lambda: api.pilot(pilot.id).phase == "done", what="the end of the pilot")
    bearer = {"Authorization": f"Bearer {api.credentials.admin_token}"}
    with httpx.Client(base_url=api.url, timeout=120, headers=bearer) as owner:
        for form in FORMATS:
            made = owner.post(
                f"/api/pilots/{pilot.id}/reports",
                json={"format": form, "language": "en"},
                headers={"Idempotency-Key": form},
            )
            if made.status_code == 201:
                yield owner.get(f"/api/reports/{made.json()['number']}/file").content
        backup = owner.post("/api/backups", headers={"Idempotency-Key": "b"}).raise_for_status()
        yield owner.get(f"/api/backups/{backup.json()['number']}/file").content
        for path in ("/api/tokens", "/api/metrics", "/api/workers", "/api/notifications"):
            yield owner.get(path).raise_for_status().content


def command_lines() -> Iterator[bytes]:
    """Of every program of this computer: all can read them."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended meanwhile
            yield path.read_bytes()


def test_no_answer_report_backup_or_command_line_holds_a_secret(
    lived: tuple[Path, list[bytes]],
) -> None:
    _, told = lived
    assert len(told) > 15
    assert not [found for text in told for found in OUR_SHAPE.findall(text)]


def test_no_file_holds_a_secret_but_those_of_its_owner(
    lived: tuple[Path, list[bytes]],
) -> None:
    folder, _ = lived
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    holding = {path.name for path in files if OUR_SHAPE.search(path.read_bytes())}
    assert holding <= KEPT_BY_THE_OWNER
    assert len([path for path in files if path.suffix == ".log" or path.name == "log"]) >= 3


def test_the_address_of_the_webhook_is_in_the_database_alone(
    lived: tuple[Path, list[bytes]],
) -> None:
    folder, _ = lived
    for path in folder.rglob("*"):
        if path.is_file() and ".sqlite" not in path.name:
            content = path.read_bytes()
            assert not [secret for secret in WEBHOOK_SECRETS if secret in content], path
