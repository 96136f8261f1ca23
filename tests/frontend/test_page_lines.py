"""What the page's program writes: one line a record, those of the libraries it stands on too."""

import json
import os
import socket
import subprocess
import sys


def page_in_vain(port: int, how: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "frontend", "--port", str(port)]
    environment = {**os.environ, "PAYBATCH_LOG": how}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_library_that_complains_does_so_in_the_lines_that_were_asked_for() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = page_in_vain(taken.getsockname()[1], "json")
    assert ended.returncode != 0
    (line,) = map(json.loads, ended.stderr.splitlines())
    assert (line["level"], line["logger"]) == ("error", "uvicorn.error")
    assert "address already in use" in line["event"]


def test_lines_that_there_are_none_of_are_refused() -> None:
    ended = page_in_vain(1, "xml")
    assert ended.returncode == 2
    assert ended.stderr.endswith(
        "PAYBATCH_LOG: This is not one of the choices. Choose one of: json, text.\n"
    )
