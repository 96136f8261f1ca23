"""Asks two servers in turn how long an answer takes, in a process that does nothing else.

One is the API; what the other one takes is the computer's, not ours.
"""

import http.client
import json
import sys
import threading
import time
from http import HTTPStatus

EVERY_S = 0.02


def main() -> None:
    """``python -m tests.faults.probing PORT CONTROL_PORT TIMES``: JSON, seconds by path."""
    port, control, times = (int(number) for number in sys.argv[1:])
    taken: dict[str, list[float]] = {"/api/health": [], "/api/ready": [], "control": []}
    failed, slowness = 0, 1.0
    pause = threading.Event()
    for _ in range(times):
        for path in ("/api/health", "/api/ready"):
            took_s, status, _ = _asked(port, path)
            taken[path].append(took_s)
            failed += status != HTTPStatus.OK
        took_s, _, said = _asked(control, "/")
        taken["control"].append(took_s)
        slowness = float(said or slowness)
        pause.wait(EVERY_S)
    sys.stdout.write(json.dumps({"taken": taken, "failed": failed, "slowness": slowness}))


def _asked(port: int, path: str) -> tuple[float, int, bytes]:
    """Seconds from a new connection to the whole answer, its status (0 for none) and body."""
    began_s = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        return time.perf_counter() - began_s, answer.status, body
    except OSError:
        return time.perf_counter() - began_s, 0, b""
    finally:
        connection.close()


if __name__ == "__main__":
    main()
