"""The proxy of the tests: the Caddy of the system, with the Caddyfile that the images have.

``python -m tests.proxy.caddy`` prints its path, or says what to install.
"""

import os
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.support.processes import PATIENCE_S, free_port, wait_until

VARIABLE = "PAYBATCH_CADDY"

INSTALL = (
    "The tests of the proxy need {missing}. On Debian: "
    "apt-get install --no-install-recommends caddy. "
    f"Another Caddy: set {VARIABLE} to the path of its program."
)

CADDYFILE = Path(__file__).parents[2] / "docker" / "Caddyfile"


class CaddyMissing(Exception):
    """What to install before the proxy can be tested."""


def find_caddy() -> Path:
    """The program.

    Raises:
        CaddyMissing: There is none.
    """
    named = os.environ.get(VARIABLE)
    found = named or shutil.which("caddy")
    if found is None or not Path(found).is_file():
        missing = f"Caddy ({named} does not exist)" if named else "Caddy"
        raise CaddyMissing(INSTALL.format(missing=missing))
    return Path(found)


class Door:
    """One proxy in front of a page and an API, on loopback.

    Attributes:
        url: Where it serves both.
        plain_url: Where it leads to that, if it serves by TLS.
    """

    def __init__(self, folder: Path, *, port: int, tls: bool, api_url: str, page_url: str) -> None:
        self.url = f"https://localhost:{port}" if tls else f"http://127.0.0.1:{port}"
        http_port, self._health = free_port(), f"http://127.0.0.1:{free_port()}"
        self.plain_url = f"http://localhost:{http_port}"
        self._folder = folder
        self._log = folder / "caddy.log"
        folder.mkdir()
        environment = {
            "PAYBATCH_ADDRESS": f"localhost:{port}" if tls else f"http://:{port}",
            "PAYBATCH_BIND": "127.0.0.1",
            "PAYBATCH_HTTP_PORT": str(http_port),
            "PAYBATCH_API": api_url.removeprefix("http://"),
            "PAYBATCH_PAGE": page_url.removeprefix("http://"),
            "PAYBATCH_PROXY_HEALTH": self._health,
        }
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [find_caddy(), "run", "--config", CADDYFILE, "--adapter", "caddyfile"],
                env=os.environ | at_home(folder) | environment,
                stdout=log,
                stderr=log,
            )
        wait_until(self._is_well, what=f"a healthy proxy, see {self._log}")

    @property
    def most_memory_bytes(self) -> int:
        """The most that the program ever held."""
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="utf-8")
        (line,) = (one for one in status.splitlines() if one.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024

    def trust(self) -> ssl.SSLContext:
        """What believes the certificates that this proxy signs itself, and no others."""
        root = self._folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        return ssl.create_default_context(cafile=str(root))

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE_S)

    def _is_well(self) -> bool:
        assert self._process.poll() is None, self._log.read_text(encoding="utf-8")
        try:
            return httpx.get(self._health).status_code == httpx.codes.NO_CONTENT
        except httpx.TransportError:
            return False


@contextmanager
def a_door(folder: Path, *, port: int, tls: bool, api_url: str, page_url: str) -> Iterator[Door]:
    door = Door(folder, port=port, tls=tls, api_url=api_url, page_url=page_url)
    try:
        yield door
    finally:
        door.close()


def at_home(folder: Path) -> dict[str, str]:
    """Where Caddy keeps what it makes, as variables of its environment."""
    return {name: str(folder) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}


def main() -> None:
    """Prints the path, or says what to install."""
    try:
        sys.stdout.write(f"Proxy of the tests: {find_caddy()}\n")
    except CaddyMissing as missing:
        sys.exit(str(missing))


if __name__ == "__main__":
    main()
