"""Signs of life: a thread that beats for the runs in hand and passes on what is wanted of them."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from planner.exchange.work import Beat, BeatReply, RunBeat, WorkerWelcome
from worker.api import ApiAway, ApiRefused, WorkerApi
from worker.supervising.held_bundle import HeldBundle

DEADLINE_SHARE = 0.7
"""Share of the lease, counted from the beat's departure, for which the trainer may go on."""

log = logging.getLogger(__name__)


class Heart:
    """Beats while runs are held; a slow delivery or a long claim never holds it up.

    Attributes:
        disowned: Whether the API does not know this worker any more.
        disk_full: Whether to say, also without runs, that there is no room to begin anything.
        store_away: Whether to say, likewise, that the store of checkpoints does not answer.
    """

    def __init__(self, api: WorkerApi, welcome: WorkerWelcome) -> None:
        self.disowned = False
        self.disk_full = False
        self.store_away = False
        self._api = api
        self._welcome = welcome
        self._held: HeldBundle | None = None
        self._idle_since = time.monotonic()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._live, name="heart", daemon=True)

    def start(self) -> None:
        """Begins to beat."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after the beat that is under way."""
        self._stopped.set()
        self._thread.join()

    def say_goodbye(self) -> None:
        """Tells the API that the worker goes; without it, that is noticed some time later."""
        try:
            self._api.beat(Beat(runs=(), leaving=True))
        except (ApiAway, ApiRefused) as error:
            log.info("nobody heard this worker's goodbye: %s", error)

    def deadline_from(self, sent_at: float) -> float:
        """Until when a trainer may go on after a claim or beat that left at ``sent_at``."""
        return sent_at + DEADLINE_SHARE * self._welcome.lease_s

    def hold(self, held: HeldBundle) -> None:
        """Beats for these runs from now on, each until it is over."""
        with self._lock:
            self._held = held

    @contextmanager
    def holding_while_prepared(self, held: HeldBundle) -> Iterator[None]:
        """Beats from now on; where what follows fails, no more, and nothing of it is left."""
        self.hold(held)
        try:
            yield
        except OSError:
            self.let_go()
            held.close()
            raise

    def let_go(self) -> None:
        """Beats for no run; afterwards nothing of it is touched here."""
        with self._lock:
            self._held = None
            self._idle_since = time.monotonic()

    def idle_for_s(self) -> float:
        """Seconds since the last run was over; 0 while one is held."""
        return 0.0 if self._held is not None else time.monotonic() - self._idle_since

    def _live(self) -> None:
        while not self._stopped.wait(self._welcome.beat_s):
            held = self._held
            try:
                if held is not None:
                    self._beat(held)
                elif self.disk_full or self.store_away:
                    self._api.beat(self._sign(()))
            except ApiAway as away:
                log.warning("no beat was accepted: %s", away)
            except ApiRefused as refused:
                log.error("a beat was refused: %s", refused)
                self.disowned = refused.is_about_the_worker
            except Exception:  # outermost loop of the thread: without beats every run is lost
                log.exception("a beat failed")

    def _beat(self, held: HeldBundle) -> None:
        sent_at = time.monotonic()
        with self._lock:
            if self._held is not held:
                return
            signs = tuple(
                RunBeat(
                    run_id=member.run.run_id,
                    attempt=member.run.attempt,
                    token=member.token,
                    step=member.control.step,
                )
                for member in held.going_on
            )
        if not signs:
            return
        reply = self._api.beat(self._sign(signs))
        with self._lock:
            if self._held is held:
                self._obey(held, reply, sent_at)

    def _sign(self, runs: tuple[RunBeat, ...]) -> Beat:
        return Beat(runs=runs, disk_full=self.disk_full, store_away=self.store_away)

    def _obey(self, held: HeldBundle, reply: BeatReply, sent_at: float) -> None:
        commands = {order.run_id: order.command for order in reply.runs}
        for member in held.members:
            command = commands.get(member.run.run_id)
            if command == "fenced":
                member.give_up()
            elif command is not None:
                member.command = command
                member.extend(self.deadline_from(sent_at))
