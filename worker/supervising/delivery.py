"""Brings a trainer's reports to the API, in order, each until it has arrived."""

import logging
import shutil

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
from worker.supervising.store import KEPT_AT_THE_END, Store, StoreAway

AT_ONCE = 20
"""Reports brought before the supervisor looks at its other duties; a bundle shares them."""

log = logging.getLogger(__name__)


class Delivery:
    """Empties spools; checkpoints reach the store before the API hears of them.

    Attributes:
        logs: Brings what trainers print.
    """

    def __init__(self, api: WorkerApi, store: Store) -> None:
        self.logs = LogDelivery(api)
        self._api = api
        self._store = store

    def deliver(self, held: HeldBundle) -> bool:
        """Brings some of what waits, each member's in order; whether nothing is left.

        Raises:
            ApiAway: What has not arrived waits for the next time.
        """
        most = max(1, AT_ONCE // len(held.members))
        all_brought = True
        for member in held.members:
            all_brought &= self._bring_some(member, most=most)
            self.logs.bring_some(member)
        held.free_log()
        return all_brought

    def hand_back(self, claim: Claim, away: StoreAway) -> None:
        """Nobody begins anew because the store is away: the runs wait for a worker that reaches it.

        Nothing is claimed here, either, until it answers again.
        """
        log.warning("the claim goes back to the queue: %s", away)
        for run in claim.runs:
            try:
                self._api.finish(run, not_begun(run, "store_away"))
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

    def _bring_some(self, held: HeldRun, *, most: int) -> bool:
        for _ in range(most):
            try:
                report = None if held.over else held.spool.peek()
                if report is None:
                    return True
                self._bring(held, report)
            except SpoolBroken as broken:
                log.error("run %s reported what cannot be read: %s", held.run.run_id, broken)
                self.finish(held, _failed(held, "report_unreadable", str(broken)))
                return True
            held.spool.acknowledge()
        return False

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
            self._store.keep_newest(held.run.run_id, kept=KEPT_AT_THE_END)

    def _keep(self, held: HeldRun, record: CheckpointRecord) -> None:
        """Moves a checkpoint from scratch into the store, and registers it.

        Of an attempt that is asked to leave only the last one is wanted, for there is little time.
        Of others all are: where deliveries stay behind, the last one is always yet to come.

        Raises:
            SpoolBroken: It would lie where another run's are.
        """
        run_id, attempt, step = record.path.split("/")
        if run_id != held.run.run_id:
            raise SpoolBroken(f"a checkpoint of another run, {record.path}")
        folder = held.scratch / "checkpoints" / attempt / step
        if held.is_to_leave and held.spool.waits_behind(CheckpointRecord, before=RolledBack):
            shutil.rmtree(folder, ignore_errors=True)
            return
        try:
            self._store.put(record.path, folder)
        except OSError as error:
            log.warning("the checkpoint of step %d was not stored: %s", record.step, error)
            return
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        self._api.checkpoint(held.run, record)
        self._store.keep_newest(held.run.run_id)

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


def _failed(held: HeldRun, reason: str, detail: str) -> Finish:
    return Finish(
        outcome="failed",
        step=held.control.step,
        wall_clock_s=held.held_s,
        final_metrics={},
        reason=reason,
        detail=detail,
    )
