"""Whether a worker could begin what it claims; every beat tells what stands in the way."""

import logging

from worker.scratch import Scratch
from worker.supervising.heart import Heart
from worker.supervising.store import Store, StoreAway

NEEDED_BYTES = 4 * 2**20
"""Free room of the scratch disk below which nothing is claimed."""

log = logging.getLogger(__name__)


class Readiness:
    """Looks at the disk and at the store; the log says once when one of them fails."""

    def __init__(self, scratch: Scratch, store: Store, heart: Heart) -> None:
        self._scratch = scratch
        self._store = store
        self._heart = heart

    def is_ready(self) -> bool:
        """Whether there is room, and what a run resumes from can be fetched."""
        return self.has_room() and self._reaches_store()

    def has_room(self) -> bool:
        """Whether the scratch disk has room."""
        full = self._scratch.free_bytes() < NEEDED_BYTES
        if full and not self._heart.disk_full:
            log.warning("the disk is full: nothing is claimed until there is room")
        self._heart.disk_full = full
        return not full

    def _reaches_store(self) -> bool:
        try:
            self._store.make_sure()
        except StoreAway as away:
            if not self._heart.store_away:
                log.warning("nothing is claimed until its store is back: %s", away)
            self._heart.store_away = True
        else:
            if self._heart.store_away:
                log.info("%s is back: runs are claimed again", self._store.url)
            self._heart.store_away = False
        return not self._heart.store_away
