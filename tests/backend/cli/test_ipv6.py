"""Paybatch at an address of IPv6: API, page, worker, link and doctor say it as a URL has it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from backend.access.security import load_credentials
from backend.cli.doctor import check_open_to
from backend.cli.installation import address, page_address
from backend.settings import Settings
from planner.refusal import Refusal
from tests.backend.cli.test_serve import processes_of, wait_for
from tests.support.processes import free_port

PATIENCE_S = 60


def has_ipv6() -> bool:
    with suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        return True
    return False


@pytest.mark.parametrize(
    ("host", "own", "well"),
    [
        ("::1", "http://[::1]", True),
        ("::", "http://[::1]", False),
        ("0.0.0.0", "http://127.0.0.1", False),  # noqa: S104
        ("fd00::7", "http://[fd00::7]", False),
        ("127.0.0.1", "http://127.0.0.1", True),
    ],
)
def test_programs_of_this_computer_and_doctor_know_who_reaches_an_address(
    host: str, own: str, well: bool
) -> None:
    settings = Settings(host=host)
    assert address(settings) == f"{own}:8200"
    assert page_address(settings) == settings.page_address == f"{own}:8201"
    assert check_open_to(settings).well == well
    assert httpx.URL(own).host in settings.answered_hosts


def test_brackets_belong_into_urls_only() -> None:
    with pytest.raises(Refusal, match="host_in_brackets"):
        Settings(host="[::1]")
    assert "fd00::7" in replace(Settings(), allowed_hosts=("[fd00::7]",)).answered_hosts


@pytest.fixture
def up(tmp_path: Path) -> Iterator[tuple[str, str, Path]]:
    """Addresses of API and page, and the folder, of a Paybatch that was started at ``::1``."""
    if not has_ipv6():
        pytest.fail("this computer has no ::1; deselect this test, or give its loopback one")
    port, page_port = free_port(), free_port()
    environment = {
        **os.environ,
        "PAYBATCH_HOST": "::1",
        "PAYBATCH_PORT": str(port),
        "PAYBATCH_PAGE_PORT": str(page_port),
        "PAYBATCH_DATA_DIR": str(tmp_path / "data"),
    }
    command = [sys.executable, "-m", "backend.cli", "up", "--device", "cpu", "--lang", "en"]
    with (tmp_path / "up.out").open("wb") as out, (tmp_path / "up.log").open("wb") as log:
        started = subprocess.Popen(command, env=environment, stdout=out, stderr=log)
    try:
        wait_for(lambda: b"ready" in (tmp_path / "up.out").read_bytes())
        yield f"http://[::1]:{port}", f"http://[::1]:{page_port}", tmp_path
        started.send_signal(signal.SIGINT)
        assert started.wait(PATIENCE_S) == 0
    finally:
        started.kill()
        started.wait()
        wait_for(lambda: not processes_of(tmp_path))


@pytest.mark.slow
def test_everything_runs_at_an_address_of_ipv6(up: tuple[str, str, Path]) -> None:
    api, page, folder = up
    credentials = load_credentials(folder / "data" / "credentials.json")
    assert credentials is not None
    link = (folder / "up.out").read_text().split()[3]
    assert link.startswith(f"{api}/sign-in?code=pb_")
    entered = httpx.get(link, timeout=PATIENCE_S)
    assert (entered.status_code, entered.headers["location"]) == (303, f"{page}/")
    assert httpx.get(f"{page}/", timeout=PATIENCE_S).status_code == 200
    assert httpx.get(f"{page}/", headers={"Host": "[::2]"}, timeout=PATIENCE_S).status_code == 421
    owner = {"Authorization": f"Bearer {credentials.admin_token}"}
    (worker,) = wait_for(
        lambda: httpx.get(f"{api}/api/workers", headers=owner, timeout=PATIENCE_S).json()
    )
    assert worker["name"] == "cpu"
    order = {"name": "x", "scope": "viewer"}
    for headers, status in (
        ({"Origin": page}, 201),
        ({"Origin": api}, 201),
        ({"Origin": "http://[::2]:8201"}, 403),
        ({"Host": "[::2]"}, 421),
    ):
        answer = httpx.post(
            f"{api}/api/tokens", json=order, headers=owner | headers, timeout=PATIENCE_S
        )
        assert answer.status_code == status, headers
