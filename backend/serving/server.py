"""The server of the API: what it takes, and how it leaves."""

import gc
import logging
import os
import sys
import threading
import time
from types import FrameType

import uvicorn
from fastapi import FastAPI

from backend.serving.protocol import BACKLOG, CONNECTIONS, KEEP_ALIVE_S, PatientProtocol
from backend.settings import Settings
from backend.vitals import Vitals

LOG = logging.getLogger(__name__)

REQUESTS_END_WITHIN_S = 5.0
"""How long requests in flight may take once it is time to leave."""

GONE_WITHIN_S = 9.0
"""After which it leaves whatever still goes on: what was not committed is not acknowledged."""

HURRIED_S = 1.0
"""The same, after it was told twice."""

THREADS_END_WITHIN_S = 2.0
"""How long the threads that answered may take to hear that there is nothing more to answer."""


TAKES_TURNS_S = 0.0002
"""After which a computing thread lets the next one go on. The loop that answers everybody gives
its turn away with every byte that it sends; with Python's own 5 ms and ten such threads it would
wait 50 ms for each. Shorter turns cost more than they give."""


class Server(uvicorn.Server):
    """Leaves in order when it is told to, at the latest after a fixed time, with exit status 0.

    It is not ready from the first signal on: requests in flight are answered, the threads end
    with what they are at, and every lease goes on, for it is as new in the next process.
    """

    def __init__(self, config: uvicorn.Config, vitals: Vitals) -> None:
        super().__init__(config)
        self._vitals = vitals

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """Begins to leave at the first signal, and hurries at the second."""
        hurried = self.should_exit
        self._vitals.leaving = self.should_exit = True
        self.force_exit = hurried
        limit_s = HURRIED_S if hurried else GONE_WITHIN_S
        last = threading.Timer(limit_s, _go_now)
        last.daemon = True
        last.start()


def serve(app: FastAPI, settings: Settings) -> None:
    """Serves until it is told to stop.

    Raises:
        SystemExit: It could not start, for example because its port is taken.
    """
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        http=PatientProtocol,
        ws="none",
        access_log=False,
        server_header=False,
        log_config=None,
        limit_concurrency=CONNECTIONS,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=int(REQUESTS_END_WITHIN_S),
    )
    sys.setswitchinterval(TAKES_TURNS_S)
    settle_memory()
    server = Server(config, app.state.vitals)
    server.run()
    if not server.started:
        raise SystemExit(1)
    LOG.info("the API has stopped")
    if _is_held_up():
        _go_now()
    gc.freeze()  # else Python takes seconds to take apart what goes with the process anyway


def settle_memory() -> None:
    """What was made up to now stays: the collector would look through it again and again.

    That took a tenth of what a comparison takes, and every answer waited for it.
    """
    gc.collect()
    gc.freeze()


def _go_now() -> None:
    """The last resort, in a thread of its own: something did not end in time."""
    LOG.warning("the API leaves although something still goes on")
    logging.shutdown()
    os._exit(0)


def _is_held_up() -> bool:
    """Whether a thread is stuck in something; those that only wait for work end when told to."""
    deadline_s = time.monotonic() + THREADS_END_WITHIN_S
    ours = threading.current_thread()
    held = [one for one in threading.enumerate() if not one.daemon and one is not ours]
    for thread in held:
        thread.join(max(0.0, deadline_s - time.monotonic()))
    return any(thread.is_alive() for thread in held)
