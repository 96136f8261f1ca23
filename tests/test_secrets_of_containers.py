"""The secrets that `make compose` writes beside docker-compose.yml."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_make_writes_secrets_that_only_its_owner_can_read(tmp_path):
    command = ["make", "--silent", "-f", str(ROOT / "Makefile"), ".env"]
    subprocess.run(command, cwd=tmp_path, check=True)
    kept = tmp_path / ".env"
    written = r"PAYBATCH_REGISTRATION_TOKEN=[0-9a-f]{64}\nPAYBATCH_DATABASE_PASSWORD=[0-9a-f]{64}\n"
    assert re.fullmatch(written, kept.read_text())
    assert kept.stat().st_mode & 0o077 == 0
