"""One Paybatch behind both of its doors, as docker-compose.yml puts them: plain, and by TLS."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.browser.conftest import browser as browser
from tests.browser.programs import Paybatch, a_paybatch
from tests.proxy.caddy import CaddyMissing, Door, a_door, find_caddy
from tests.support.processes import PATIENCE_S, free_port


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.proxy)


@pytest.fixture(scope="session")
def caddy() -> Path:
    try:
        return find_caddy()
    except CaddyMissing as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture(scope="session")
def tls_port() -> int:
    return free_port()


@pytest.fixture(scope="session")
def behind(tmp_path_factory: pytest.TempPathFactory, tls_port: int) -> Iterator[Paybatch]:
    """API and page, which know under which name others reach them."""
    folder = tmp_path_factory.mktemp("behind")
    with a_paybatch(folder, origin=f"https://localhost:{tls_port}") as paybatch:
        yield paybatch


@pytest.fixture(scope="session")
def plain(
    caddy: Path, behind: Paybatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Door]:
    """The door of this computer alone."""
    del caddy  # else it is told what to install
    folder = tmp_path_factory.mktemp("plain") / "caddy"
    urls = {"api_url": behind.api.url, "page_url": behind.page.url}
    with a_door(folder, port=free_port(), tls=False, **urls) as door:
        yield door


@pytest.fixture(scope="session")
def tls(
    caddy: Path, behind: Paybatch, tls_port: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Door]:
    """The door of everybody, under a name."""
    del caddy  # else it is told what to install
    folder = tmp_path_factory.mktemp("tls") / "caddy"
    urls = {"api_url": behind.api.url, "page_url": behind.page.url}
    with a_door(folder, port=tls_port, tls=True, **urls) as door:
        yield door


@pytest.fixture
def anybody(plain: Door) -> Iterator[httpx.Client]:
    """Somebody at the plain door."""
    with httpx.Client(base_url=plain.url, timeout=PATIENCE_S) as client:
        yield client


@pytest.fixture
def owner(behind: Paybatch, tls: Door) -> Iterator[httpx.Client]:
    """The owner's programs at the door by TLS."""
    headers = {"Authorization": f"Bearer {behind.api.credentials.admin_token}"}
    with httpx.Client(
        base_url=tls.url, headers=headers, verify=tls.trust(), timeout=PATIENCE_S
    ) as client:
        yield client
