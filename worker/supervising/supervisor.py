"""One device's supervisor: claims runs, has them trained, and sees that their reports arrive."""

import logging
import signal
import time
from collections.abc import Callable
from concurrent.futures import wait
from functools import partial

from planner.exchange.work import Claim, WorkerRegistration
from worker.api import ApiAway, ApiRefused, WorkerApi
from worker.scratch import Scratch
from worker.settings import WorkerSettings
from worker.supervising.delivery import Delivery
from worker.supervising.heart import Heart
from worker.supervising.held_bundle import HeldBundle
from worker.supervising.orders import Orders
from worker.supervising.readiness import Readiness
from worker.supervising.store import Store, StoreAway
from worker.supervising.store_thread import StoreThread
from worker.supervising.trainer_processes import (
    Ended,
    ForkServerLost,
    Processes,
    Started,
    TrainerProcesses,
)

TEND_S = 0.1
"""Longest pause between two looks at the spools of the runs in hand."""

LONGEST_BACK_OFF_S = 2.0

LEAVING_GRACES = 3
"""One for the trainer, the others for what it said last to arrive; `paybatch up` waits longer."""

LOOK_EVERY_S = 5.0
"""Pause between two looks, while nothing is in hand, at whether the registration still holds."""

log = logging.getLogger(__name__)


class Supervisor:
    """Holds at most one claim; everything but the beats happens in the main thread."""

    def __init__(
        self,
        settings: WorkerSettings,
        *,
        registration: WorkerRegistration,
        api: WorkerApi,
        heart: Heart,
        store: Store,
        store_thread: StoreThread,
        scratch: Scratch,
        outdated: Callable[[], bool] = lambda: False,
        processes: Callable[[], Processes] = TrainerProcesses,
    ) -> None:
        """Nobody else speaks to the store.

        ``outdated`` says whether the worker can now train something else than it registered.
        ``processes`` makes what starts its trainers.
        """
        self._settings = settings
        self._api = api
        self._heart = heart
        self._store = store
        self._scratch = scratch
        self._registration = registration
        self._store_thread = store_thread
        self._delivery = Delivery(api, store, self._store_thread)
        self._orders = Orders(settings, self._delivery, self._signal)
        self._readiness = Readiness(scratch, store, heart)
        self._start_processes = processes
        self._processes = processes()
        self._held: HeldBundle | None = None
        self._leaving = False
        self._back_off_s = 0.0
        self._next_try = 0.0
        self._outdated = outdated
        self._next_look = time.monotonic() + LOOK_EVERY_S

    def leave(self) -> None:
        """Asks the loop to end; safe in a signal handler."""
        self._leaving = True

    def work(self) -> None:
        """Claims and trains until somebody asks to leave, or the worker has to register again.

        That is when the API does not know it any more, or, between two claims, when its
        registration holds no more.
        """
        while not self._leaving and not self._heart.disowned:
            if self._held is None and self._look_at_itself():
                break
            if self._held is None:
                self._look_for_work_with_room()
            else:
                self._tend(self._held)
        self._let_the_trainer_leave()
        self._processes.close()
        self._release_the_rest()

    def _look_at_itself(self) -> bool:
        """Whether the registration holds no more; looked at now and then, or for cause."""
        if time.monotonic() < self._next_look and self._processes.are_whole:
            return False
        self._next_look = time.monotonic() + LOOK_EVERY_S
        return self._outdated()

    def _look_for_work_with_room(self) -> None:
        """Claims nothing that could not be prepared: other workers may have room for it.

        Nor does it while the store is busy with what nobody waits for any more.
        """
        if self._store_thread.busy:
            self._wait(TEND_S)
        elif self._readiness.is_ready():
            self._look_for_work()
        else:
            self._wait(LONGEST_BACK_OFF_S)

    def _look_for_work(self) -> None:
        sent_at = time.monotonic()
        try:
            claim = self._api.claim(
                maximum_runs=self._settings.bundle,
                fewest_devices=self._settings.fewest_devices,
            )
        except ApiAway as away:
            self._note_absence(away)
            self._wait(self._back_off_s)
            return
        except ApiRefused as refused:
            if not refused.is_about_the_worker:
                raise
            self._heart.disowned = True
            return
        self._back_off_s = 0.0
        if claim is None:
            self._wait(self._settings.poll_s)
            return
        self._start_trainer(claim, deadline=self._heart.deadline_from(sent_at))

    def _start_trainer(self, claim: Claim, *, deadline: float) -> None:
        try:
            held = HeldBundle(claim, folder=self._scratch.new_folder(), deadline=deadline)
            # Checkpoints may take longer to fetch than a lease lasts.
            with self._heart.holding_while_prepared(held):
                self._prepare(held)
        except StoreAway as away:
            self._delivery.hand_back(claim, away)
            return
        except OSError:
            log.exception("the claim cannot be prepared; its lease will pass")
            self._wait(LONGEST_BACK_OFF_S)
            return
        if not held.going_on:
            self._let_go_of(held)
            return
        for run in claim.runs:
            log.info("claimed %s of run %s", run.purpose, run.run_id)
        self._held = held
        try:
            self._processes.start(held.job_file)
        except ForkServerLost:
            self._replace_fork_server()
        except OSError:
            log.exception("the trainer cannot be started; the lease of its run will pass")
            held.ended = True

    def _prepare(self, held: HeldBundle) -> None:
        """Fetches what the runs resume from, for as long as somebody wants one of them.

        Raises:
            StoreAway: It is not known whether there is something to resume from.
            OSError: It could not be written down here.
        """
        write = partial(held.write_job, self._settings, self._registration, self._store)
        written = self._store_thread.do(write)
        while held.going_on and not wait((written,), timeout=TEND_S).done:
            if self._leaving:
                held.give_back("worker_left")
            self._orders.end_unbegun(held)
        if held.going_on:
            written.result()

    def _tend(self, held: HeldBundle) -> None:
        self._wait(TEND_S)
        held.look_whether_it_died()
        self._readiness.has_room()
        held.share_anew()
        if self._leaving:
            held.give_back("worker_left")
        self._orders.carry_out(held)
        if time.monotonic() < self._next_try:
            return
        try:
            was_over = held.ended
            all_brought = self._delivery.deliver(held)
            self._orders.tell_of_the_overdue(held)
            if all_brought and was_over:
                self._conclude(held)
        except ApiAway as away:
            self._note_absence(away)
            self._next_try = time.monotonic() + self._back_off_s
        else:
            self._back_off_s = 0.0

    def _wait(self, timeout_s: float) -> None:
        """Waits for news of the trainer."""
        held = self._held
        try:
            for event in self._processes.wait(timeout_s):
                if held is not None and isinstance(event, Started):
                    held.pid = event.pid
                elif held is not None and isinstance(event, Ended) and event.pid == held.pid:
                    held.ended, held.exit_code = True, event.exit_code
        except ForkServerLost:
            self._replace_fork_server()

    def _replace_fork_server(self) -> None:
        """The fork server is gone, and took its trainer along.

        Nothing beats for its runs any more. That the trainer was killed is told once it is seen to
        be gone and another fork server is ready; where it is not in time, their lease passes.
        """
        log.error("the fork server is gone; another one is started")
        self._heart.let_go()
        self._processes.close()
        if self._held is not None:
            self._held.lose_fork_server()
        self._processes = self._start_processes()

    def _signal(self, pid: int, number: signal.Signals) -> None:
        try:
            self._processes.signal(pid, number)
        except ForkServerLost:
            self._replace_fork_server()

    def _conclude(self, held: HeldBundle) -> None:
        """The trainer is gone and all it said has arrived: whatever is missing is said here.

        A trainer that vanished without an outcome was killed. Its runs are not failed: they go
        back to the queue, at once where it is known how it ended, else without beats.
        """
        killed = held.why_killed
        for member in held.going_on:
            self._delivery.logs.bring_the_rest(member)
            if member.outcome is not None:
                self._delivery.finish(member, member.cut_off())
            elif killed:
                log.warning("run %s was not finished: %s", member.run.run_id, killed)
                self._delivery.finish(member, member.lost(killed))
            else:
                log.warning("run %s was not finished; its lease will pass", member.run.run_id)
        for member in held.members:
            log.info("let go of run %s at step %d", member.run.run_id, member.control.step)
        self._held = None
        self._let_go_of(held)

    def _let_go_of(self, held: HeldBundle) -> None:
        """Its files go once the store is done with them."""
        self._heart.let_go()
        self._store_thread.do(held.close)

    def _let_the_trainer_leave(self) -> None:
        """Waits for last checkpoints and for their arrival, but not for ever."""
        self._leaving = True
        until = time.monotonic() + LEAVING_GRACES * self._settings.stop_grace_s
        while self._held is not None and time.monotonic() < until:
            self._tend(self._held)

    def _release_the_rest(self) -> None:
        """What has not arrived by now never will: the next attempt makes it again, and at once."""
        held, self._held = self._held, None
        if held is None:
            self._heart.let_go()
            return
        try:
            for member in held.going_on:
                log.warning("run %s is released before all of it arrived", member.run.run_id)
                self._delivery.finish(member, member.cut_off())
        except ApiAway as away:
            log.warning("the lease of what is left will pass: %s", away)
        self._let_go_of(held)

    def _note_absence(self, away: ApiAway) -> None:
        if not self._back_off_s:
            log.warning("the API is away: %s", away)
        self._back_off_s = min(2 * self._back_off_s or self._settings.poll_s, LONGEST_BACK_OFF_S)
