"""Brings what trainers print to the API: beside the reports, and never in their way."""

import logging
import time

from worker.api import ApiAway, ApiRefused, WorkerApi
from worker.supervising.held_run import HeldRun

EVERY_S = 3.0
"""Pause between two chunks of one run's log."""

MOST_MISSES = 3
"""Tries in a row after which the end of an attempt no longer waits for its last lines."""

log = logging.getLogger(__name__)


class LogDelivery:
    """Sends the lines that are new every few seconds, and all that is left before the end."""

    def __init__(self, api: WorkerApi) -> None:
        self._api = api

    def bring_some(self, held: HeldRun) -> None:
        """Brings a chunk if it is time; what does not arrive waits for the next time."""
        if time.monotonic() < held.log_due:
            return
        held.log_due = time.monotonic() + EVERY_S
        held.log.read()
        try:
            self._bring_chunk(held)
        except ApiAway as away:
            log.info("lines of the log wait: %s", away)

    def bring_the_rest(self, held: HeldRun) -> None:
        """Brings everything, for the API takes no line of an attempt that is over.

        Raises:
            ApiAway: Something has not arrived, and the end of the attempt is to wait for it.
        """
        held.log.read_to_the_end()
        try:
            while self._bring_chunk(held):
                pass
        except ApiAway:
            held.log_misses += 1
            if held.log_misses < MOST_MISSES:
                raise
            log.warning("the attempt ends without the last lines of its log")

    def _bring_chunk(self, held: HeldRun) -> bool:
        """Whether a chunk arrived, and another one may be there."""
        chunk = None if held.over else held.log.peek()
        if chunk is None:
            return False
        try:
            self._api.log(held.run, chunk)
        except ApiRefused as refused:
            log.warning("lines of the log were refused: %s", refused)
            if refused.is_fence:
                held.give_up()
        held.log.acknowledge(chunk)
        held.log_misses = 0
        return True
