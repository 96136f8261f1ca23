"""Pilots and their runs: planned, started, watched, ordered about and read."""

from collections.abc import Mapping
from threading import Event
from typing import Any

from paybatch.asking import Asking, address_of
from paybatch.connection import new_key
from paybatch.series import RunSeries, run_series
from paybatch.waiting import Told, wait_for
from planner.devices.throughput import ThroughputCurve
from planner.exchange.decisions import SeedsOrder
from planner.exchange.page_states import Example, PilotSummary
from planner.exchange.series import SeriesGroup
from planner.exchange.states import CapRaise, PilotState, RunState, WorkloadState
from planner.measurements.measurement import RunRecord
from planner.money import Money
from planner.pilots.pilot import Pilot
from planner.pilots.run import RunStatus
from planner.plans.plan_facts import PlanFacts

PilotGiven = Pilot | Mapping[str, Any]
"""A pilot, or what a pilot file holds: the installation says what is wrong with it."""


class Pilots(Asking):
    """What is done with pilots before and while they run."""

    def examples(self) -> tuple[Example, ...]:
        """Pilots that are ready to be started."""
        return self.connection.send(tuple[Example, ...], "GET", "/api/examples")

    def workloads(self) -> tuple[WorkloadState, ...]:
        """Workloads that can be planned, with the workers that train them now."""
        return self.connection.send(tuple[WorkloadState, ...], "GET", "/api/workloads")

    def plan(self, pilot: PilotGiven, *, pilot_rate_per_device_h: Money | None = None) -> PlanFacts:
        """What a pilot would cost and take, with warnings; nothing is stored."""
        body = {"pilot": pilot, "pilot_rate_per_device_h": pilot_rate_per_device_h}
        return self._asked(PlanFacts, "/api/plans:compute", body)

    def start(
        self,
        pilot: PilotGiven,
        *,
        throughput: ThroughputCurve | None = None,
        measure_again: bool = False,
        key: str | None = None,
    ) -> PilotState:
        """Starts a pilot.

        Args:
            pilot: As it is fixed from now on.
            throughput: Measured before, on the device that will train.
            measure_again: Whether the throughput is measured though a known curve would do.
            key: Of at most 200 characters: a script that is run again with it gets the same pilot.
                Without it every call starts another one.
        """
        body = {"pilot": pilot, "throughput": throughput, "measure_again": measure_again}
        headers = new_key() if key is None else {"Idempotency-Key": key}
        return self.connection.send(PilotState, "POST", "/api/pilots", body=body, headers=headers)

    def pilots(self, *, search: str = "") -> tuple[PilotSummary, ...]:
        """Pilots, newest first; ``search`` is part of a name."""
        return self._every(PilotSummary, "/api/pilots:summaries", {"search": search or None})

    def pilot(self, pilot_id: str) -> PilotState:
        """A pilot and where it stands."""
        return self.connection.send(PilotState, "GET", address_of("pilots", pilot_id))

    def wait(
        self, pilot_id: str, *, told: Told | None = None, timeout_s: float | None = None
    ) -> PilotState:
        """The pilot once it is done or cancelled.

        Args:
            pilot_id: Which.
            told: Called with its state at first and after every change.
            timeout_s: Seconds; None: as long as it takes.

        Raises:
            Blocked: It waits for a person: a run failed, or a cap was reached.
            TimeoutError: It took longer.
        """
        return wait_for(
            lambda: self.pilot(pilot_id), told=told, timeout_s=timeout_s, pause=Event().wait
        )

    def runs(self, pilot_id: str, *, status: RunStatus | None = None) -> tuple[RunState, ...]:
        """Runs of a pilot, oldest first."""
        return self._every(RunState, "/api/runs", {"pilot_id": pilot_id, "status": status})

    def records(self, pilot_id: str) -> tuple[RunRecord, ...]:
        """Every run of a pilot with its attempts and live measurements."""
        path = f"{address_of('pilots', pilot_id)}/records"
        return self.connection.send(tuple[RunRecord, ...], "GET", path)

    def series(self, run_id: str, group: SeriesGroup = "evaluation") -> RunSeries:
        """One group of a run's series, every point of it."""
        return run_series(self.connection, run_id, group)

    def cancel(self, run_id: str, *, reason: str = "") -> RunState:
        """Cancels a run; a running one is asked to stop."""
        return self._ordered(RunState, f"{address_of('runs', run_id)}:cancel", reason)

    def pause(self, run_id: str, *, reason: str = "") -> RunState:
        """Pauses a run; a running one saves a checkpoint first."""
        return self._ordered(RunState, f"{address_of('runs', run_id)}:pause", reason)

    def resume(self, run_id: str, *, reason: str = "") -> RunState:
        """Queues a paused run again."""
        return self._ordered(RunState, f"{address_of('runs', run_id)}:resume", reason)

    def retry(self, run_id: str, *, reason: str = "") -> RunState:
        """Queues a failed, diverged or capped run again."""
        return self._ordered(RunState, f"{address_of('runs', run_id)}:retry", reason)

    def cancel_pilot(self, pilot_id: str, *, reason: str = "") -> PilotState:
        """Ends a pilot and all its runs."""
        return self._ordered(PilotState, f"{address_of('pilots', pilot_id)}:cancel", reason)

    def raise_caps(self, pilot_id: str, caps: CapRaise) -> PilotState:
        """Lets a pilot use more; its capped runs are queued again."""
        path = f"{address_of('pilots', pilot_id)}:raise-cap"
        return self.connection.send(PilotState, "POST", path, body=caps)

    def add_seeds(self, pilot_id: str, seeds: int, *, reason: str = "") -> PilotState:
        """Adds seeds to a finished pilot; judging them is another look."""
        body = SeedsOrder(seeds=seeds, reason=reason)
        return self._made(PilotState, f"{address_of('pilots', pilot_id)}:add-seeds", body)
