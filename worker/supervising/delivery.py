"""Brings a trainer's reports to the API, in order, each until it has arrived."""

import logging
import shutil
import time
from concurrent.futures import wait
from functools import partial
from pathlib import Path

from planner.devices.scaling import ScalingCurve
from planner.devices.throughput import ThroughputCurve
from planner.exchange.series import SeriesChunk
from planner.exchange.work import AttemptStart, CheckpointRecord, Claim, ClaimedRun, Finish
from planner.pilots.divergence import RolledBack
from worker.api import ApiAway, ApiRefused, WorkerApi
from worker.spool import Report, SpoolBroken, Stopped
from worker.supervising.held_bundle import HeldBundle
from worker.supervising.held_run import HeldRun, not_begun
from worker.supervising.log_delivery import LogDelivery
from worker.supervising.store import KEPT_AT_THE_END, CheckpointRefused, Store, StoreAway
from worker.supervising.store_thread import StoreThread

AT_ONCE = 20
"""Reports brought before the supervisor looks at its other duties; a bundle shares them."""

AT_ONCE_S = 0.5
"""After so long it looks at them in any case: a slow API holds no order up."""

UPLOAD_WAIT_S = 0.25
"""A disk has stored a checkpoint by then; a longer upload goes on beside everything else."""

log = logging.getLogger(__name__)


class Delivery:
    """Empties spools; checkpoints reach the store before the API hears of them.

    Attributes:
        logs: Brings what trainers print.
    """

    def __init__(self, api: WorkerApi, store: Store, store_thread: StoreThread) -> None:
        self.logs = LogDelivery(api)
        self._api = api
        self._store = store
        self._store_thread = store_thread
        self._turn = 0

    def deliver(self, held: HeldBundle) -> bool:
        """Brings some of what waits, each member's in order; whether nothing is left.

        Members take turns at being first, so that each comes to its own where time is short.

        Raises:
            ApiAway: What has not arrived waits for the next time.
        """
        most = max(1, AT_ONCE // len(held.members))
        until = time.monotonic() + AT_ONCE_S
        self._turn = (self._turn + 1) % len(held.members)
        all_brought = True
        for place, member in enumerate((*held.members[self._turn :], *held.members[: self._turn])):
            if place > 0 and time.monotonic() > until:
                all_brought = False
                break
            all_brought &= self._bring_some(member, most=most, until=until)
            self.logs.bring_some(member)
        held.free_log()
        return all_brought

    def hand_back(self, claim: Claim, away: StoreAway) -> None:
        """Nobody begins anew because the store is away: the runs wait for a worker that reaches it.

        Nothing is claimed here, either, until it answers again. A run that this worker may not
        read is given to it a few times more, and then no more.
        """
        log.warning("the claim goes back to the queue: %s", away)
        unreadable = away.run_id if isinstance(away, CheckpointRefused) else ""
        for run in claim.runs:
            reason = "store_refused" if run.run_id == unreadable else "store_away"
            try:
                self._api.finish(run, not_begun(run, reason))
            except ApiRefused as refused:
                log.warning("run %s was not taken back: %s", run.run_id, refused)
            except ApiAway as error:
                log.warning("the lease of what was claimed will pass: %s", error)
                return

    def finish(self, held: HeldRun, finish: Finish) -> None:
        """Ends the attempt with an outcome that its trainer could not report.

        Raises:
            ApiAway: The outcome has not arrived.
        """
        try:
            self._api.finish(held.run, finish)
        except ApiRefused as refused:
            log.error("the outcome %s was refused: %s", finish.outcome, refused)
            held.give_up()
        else:
            held.finished = True

    def _bring_some(self, held: HeldRun, *, most: int, until: float) -> bool:
        for _ in range(most):
            try:
                report = None if held.over else held.spool.peek()
                if report is None:
                    return True
                if isinstance(report, CheckpointRecord) and self._is_under_way(held, report):
                    return False
                self._bring(held, report)
            except SpoolBroken as broken:
                log.error("run %s reported what cannot be read: %s", held.run.run_id, broken)
                self.finish(held, _failed(held, "report_unreadable", str(broken)))
                return True
            held.spool.acknowledge()
            if time.monotonic() > until:
                return False
        return False

    def _is_under_way(self, held: HeldRun, record: CheckpointRecord) -> bool:
        """Whether a checkpoint has yet to reach the store: it is sent there now, if it is wanted.

        Raises:
            SpoolBroken: It would lie where another run's are.
        """
        if held.upload is None:
            folder = _folder_of(held, record)
            if not held.wants_its_checkpoint:
                return False
            held.upload = self._store_thread.do(partial(self._store.put, record.path, folder))
        wait((held.upload,), timeout=UPLOAD_WAIT_S)
        return not held.upload.done()

    def _bring(self, held: HeldRun, report: Report) -> None:
        try:
            self._hand_over(held, report)
        except ApiRefused as refused:
            if refused.is_fence:
                log.warning("the attempt is no longer ours: %s", refused)
                held.give_up()
                return
            log.error("%s was refused: %s", type(report).__name__, refused)
            detail = f"{type(report).__name__}: {refused}"
            self.finish(held, _failed(held, "report_refused", detail))

    def _hand_over(self, held: HeldRun, report: Report) -> None:
        run = held.run
        match report:
            case AttemptStart():
                self._api.start(run, report)
            case SeriesChunk():
                self._api.series(run, report)
            case CheckpointRecord():
                self._keep(held, report)
            case ThroughputCurve() | ScalingCurve():
                self._tell_speed(run, report)
            case RolledBack():
                self._go_on(held, report)
            case Finish():
                self._end(held, report)
            case Stopped():
                self._conclude(held, report)

    def _tell_speed(self, run: ClaimedRun, measured: ThroughputCurve | ScalingCurve) -> None:
        if isinstance(measured, ScalingCurve):
            self._api.scaling(run, measured)
        else:
            self._api.throughput(run, measured)

    def _end(self, held: HeldRun, finish: Finish) -> None:
        """The last word of an attempt; a run that succeeded needs few checkpoints from then on."""
        self.logs.bring_the_rest(held)
        self._api.finish(held.run, finish)
        held.finished = True
        if finish.outcome == "succeeded":
            tidy = partial(self._store.keep_newest, held.run.run_id, kept=KEPT_AT_THE_END)
            self._store_thread.do(tidy)

    def _keep(self, held: HeldRun, record: CheckpointRecord) -> None:
        """Registers a checkpoint that has been moved from scratch into the store."""
        upload, held.upload = held.upload, None
        shutil.rmtree(_folder_of(held, record), ignore_errors=True)
        if upload is None:
            return
        try:
            upload.result()
        except OSError as error:
            log.warning("the checkpoint of step %d was not stored: %s", record.step, error)
            return
        self._api.checkpoint(held.run, record)
        # Not before: the one that it replaces may be the only one that the API knows.
        self._store_thread.do(partial(self._store.keep_newest, held.run.run_id))

    def _go_on(self, held: HeldRun, back: RolledBack) -> None:
        """The attempt ended at a divergence: what the trainer says next is of the one after it."""
        self.logs.bring_some(held)
        held.go_on(self._api.roll_back(held.run, back))

    def _conclude(self, held: HeldRun, stopped: Stopped) -> None:
        """An attempt left as asked; one that nobody asked keeps its lease until that passes."""
        if held.outcome is not None:
            self.logs.bring_the_rest(held)
            finish = held.finish_at(stopped.step, wall_clock_s=stopped.wall_clock_s)
            self._api.finish(held.run, finish)
            held.finished = True


def _folder_of(held: HeldRun, record: CheckpointRecord) -> Path:
    """Where the trainer left a checkpoint.

    Raises:
        SpoolBroken: It would lie where another run's are.
    """
    run_id, attempt, step = record.path.split("/")
    if run_id != held.run.run_id:
        raise SpoolBroken(f"a checkpoint of another run, {record.path}")
    return held.scratch / "checkpoints" / attempt / step


def _failed(held: HeldRun, reason: str, detail: str) -> Finish:
    return Finish(
        outcome="failed",
        step=held.control.step,
        wall_clock_s=held.held_s,
        final_metrics={},
        reason=reason,
        detail=detail,
    )
