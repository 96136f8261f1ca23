"""Live runs for tests: only what a test names differs."""

from dataclasses import replace
from datetime import UTC, datetime

from planner.exchange.page_states import LiveRun, LiveView, Trace
from planner.exchange.states import PilotState, RunState
from planner.pilots.run import Run

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def a_run(name, status="queued", **changes):
    state = RunState(
        id=name,
        pilot_id="p",
        run=Run(schedule="today", rate_multiplier=1.0, seed=1, purpose="selection"),
        status=status,
        priority=0,
        attempt=0,
        step=0,
        steps_planned=100,
        queue_position=None,
        reason="",
        detail="",
        worker=None,
        created_at=NOW,
        started_at=None,
        ended_at=None,
        wall_clock_s=None,
    )
    return LiveRun(
        run=replace(state, **changes),
        progress_fraction=0.0,
        expected_start_s=None,
        expected_finish_s=None,
        last_loss=None,
        last_metric=None,
        loss=Trace(),
        evaluations=Trace(),
        stage=None,
        stages=None,
        batch_size=None,
        spent_device_h=0.0,
    )


def a_view(pilot, *runs, phase="selection", cap_reached=False):
    state = PilotState(
        id="p",
        pilot=pilot,
        phase=phase,
        created_at=NOW,
        measured_on=None,
        throughput=None,
        micro_batch_plan=None,
        selected={},
        finalists=(),
        run_counts={},
        looks_used=0,
        cap_reached=cap_reached,
    )
    return LiveView(
        pilot=state,
        runs=runs,
        spent_device_h=0.0,
        spent=None,
        cap_device_h=None,
        expected_finish_s=None,
        workers=(),
        events=(),
    )
