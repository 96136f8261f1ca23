"""The Caddyfile of the images as Caddy itself reads it."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.proxy.caddy import CADDYFILE, at_home


@pytest.mark.parametrize("address", ["http://:8200", "localhost", "pay.example.com"])
def test_caddy_understands_it_at_every_address(caddy: Path, address: str, tmp_path: Path):
    command = [caddy, "validate", "--config", CADDYFILE, "--adapter", "caddyfile"]
    environment = os.environ | at_home(tmp_path) | {"PAYBATCH_ADDRESS": address}
    told = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    assert '"level":"error"' not in told.stderr


def test_it_is_written_as_caddy_writes_it(caddy: Path):
    told = subprocess.run([caddy, "fmt", CADDYFILE], capture_output=True, text=True)
    assert told.stdout == CADDYFILE.read_text(encoding="utf-8")
