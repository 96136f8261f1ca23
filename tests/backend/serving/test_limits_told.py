"""The limits that operators read are those that the server has."""

import re
from pathlib import Path

from backend.access.guard import LARGEST_ADDRESS_BYTES
from backend.routes.turns import AT_ONCE, TURN_WITHIN_S
from backend.serving.protocol import BACKLOG, CONNECTIONS, KEEP_ALIVE_S

OPERATIONS = Path(__file__).parents[3] / "docs" / "operations.md"


def test_the_documents_tell_the_limits_of_the_code() -> None:
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|", OPERATIONS.read_text("utf-8"), re.MULTILINE)
    told = dict(rows)
    assert told["connections at once"] == f"{CONNECTIONS}"
    assert told["connections that wait to be taken"] == f"{BACKLOG}"
    assert told["idle between two requests"] == f"{KEEP_ALIVE_S} s"
    assert told["address"] == f"{LARGEST_ADDRESS_BYTES // 2**10} KiB"
    computed = told["reports, reviews and plans computed at once"]
    assert computed == f"{AT_ONCE}, others wait up to {TURN_WITHIN_S:.0f} s"
