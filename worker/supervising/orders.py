"""Sees that whoever is wanted away leaves, and that nobody waits long for what was ordered."""

import logging
import signal
import time
from collections.abc import Callable

from worker.api import ApiAway
from worker.settings import WorkerSettings
from worker.supervising.delivery import Delivery
from worker.supervising.held_bundle import HeldBundle
from worker.supervising.held_run import OUTCOMES, HeldRun, not_begun

LAST_WORDS_S = 1.5
"""For what an attempt said to arrive, counted from when it had to have left.

With a beat's pause before it, an order is carried out within ten seconds.
"""

Send = Callable[[int, signal.Signals], None]
"""Sends a signal to a trainer."""

log = logging.getLogger(__name__)


class Orders:
    """What somebody wants of runs in hand; used by the supervisor's main thread."""

    def __init__(self, settings: WorkerSettings, delivery: Delivery, send: Send) -> None:
        self._settings = settings
        self._delivery = delivery
        self._send = send

    def carry_out(self, held: HeldBundle) -> None:
        """Asks whoever is wanted away to leave: the trainer, or members of it while others go on.

        A member that still does not leave long after its outcome was told without it breaks its
        bundle up: the others are released, and go on from their checkpoints.
        """
        _note_who_is_asked(held)
        if held.ended or held.pid is None:
            return
        if held.is_to_leave:
            self._see_off(held, held.pid)
            return
        for member in held.members:
            if member.is_to_leave and not self._has_time_to_leave(member):
                log.error("run %s does not leave its bundle, which ends", member.run.run_id)
                held.give_back("bundle_broken")

    def tell_of_the_overdue(self, held: HeldBundle) -> None:
        """Whoever cancelled or paused a run does not wait for what it or others are at.

        That may be a step that does not end, thousands of reports that wait for a slow API, or a
        checkpoint on its way to a slow store. The run stands where it was last seen; a paused one
        goes on from the last checkpoint that the API was told of, for reports arrive in order.
        """
        for member in held.going_on:
            if member.asked_at is None or member.command not in OUTCOMES:
                continue
            late_s = time.monotonic() - member.asked_at - self._settings.stop_grace_s
            said_all = late_s > 0 and member.spool.peek() is None
            if not said_all and late_s <= LAST_WORDS_S:
                continue
            log.warning("run %s is over before all it said arrived", member.run.run_id)
            if said_all:
                self._delivery.logs.bring_the_rest(member)
            self._delivery.finish(member, member.cut_off())
            member.overdue = member.finished

    def end_unbegun(self, held: HeldBundle) -> None:
        """Ends what nobody wants any more before a trainer was started for it."""
        for member in held.going_on:
            if member.outcome is None:
                continue
            end = not_begun(member.run, member.given_back, outcome=member.outcome)
            try:
                self._delivery.finish(member, end)
            except ApiAway as away:
                log.warning("an outcome waits for the API: %s", away)
                return
            member.give_up()  # a trainer that is started for others leaves it alone

    def _has_time_to_leave(self, member: HeldRun) -> bool:
        """Asks a member to leave by itself; nobody waits for one that has left."""
        member.control.ask_to_stop()
        if member.over and not member.is_still_there():
            return True
        asked_at = member.asked_at or time.monotonic()
        return time.monotonic() < asked_at + self._settings.member_grace_s

    def _see_off(self, held: HeldBundle, pid: int) -> None:
        """Asks the trainer to leave, and insists when it does not."""
        now = time.monotonic()
        if held.asked_at is None:
            held.asked_at = now
            self._send(pid, signal.SIGTERM)
        elif now > held.asked_at + self._settings.stop_grace_s:
            self._send(pid, signal.SIGKILL)


def _note_who_is_asked(held: HeldBundle) -> None:
    """From now on their time runs, whatever the trainer is doing, or whether it is there at all."""
    for member in held.members:
        if member.is_to_leave and member.asked_at is None:
            member.asked_at = time.monotonic()
