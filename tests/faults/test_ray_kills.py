"""Head, dispatcher and trainer of a run on Ray, killed in turn: it goes on, and nothing twice."""

import os
import signal
from pathlib import Path

import pytest

from tests.contract.programs import ApiProcess, an_api, children, wait_until
from tests.faults.conftest import PromiseOf
from tests.faults.left_behind import doubled_steps, missing_steps, whole_series
from tests.faults.pilots import EPOCH_STEPS, a_curve, a_pilot
from tests.support.dispatcher_process import DispatcherProcess, a_dispatcher
from tests.support.ray_cluster import RayCluster, all_gone, descendants

pytestmark = [pytest.mark.ray, pytest.mark.slow, pytest.mark.timeout(1800)]

EPOCHS = 500


def go_on(api: ApiProcess, run_id: str, *, after_attempt: int) -> None:
    """Returns once a later attempt makes steps of its own."""

    def later() -> bool:
        run = api.run(run_id)
        assert run.status in ("queued", "running"), run
        return run.status == "running" and run.attempt > after_attempt

    wait_until(later, what="another attempt")
    begun = api.run(run_id).step
    wait_until(lambda: api.run(run_id).step > begun, what="a step of it")


def trainer_of(cluster: RayCluster) -> int:
    def found() -> list[str]:
        return [
            trainer
            for seat in cluster.seat_programs()
            for server in children(seat)
            for trainer in children(int(server))
        ]

    return int(wait_until(found, what="a trainer")[0])


def test_head_dispatcher_and_trainer_are_killed_in_turn_and_the_run_finishes(
    tmp_path: Path, promise: PromiseOf
) -> None:
    folder = tmp_path / "ray"
    with an_api(tmp_path) as api, RayCluster(cpus=1, gpus=1) as cluster:
        run, *others = api.runs(api.create(a_pilot(epochs=EPOCHS), throughput=a_curve()).id)
        for other in others:
            api.order(other.id, "cancel")
        first = DispatcherProcess(api, cluster.address, folder)
        wait_until(lambda: api.run(run.id).step > 0, what="the first step")

        os.kill(trainer_of(cluster), signal.SIGKILL)
        go_on(api, run.id, after_attempt=1)

        first.kill()
        before = api.run(run.id)
        wait_until(lambda: api.run(run.id).step > before.step, what="steps without it")
        assert api.run(run.id).attempt == before.attempt

        with a_dispatcher(api, cluster.address, folder, options=("--idle-s", "2")):
            (seat,) = cluster.seat_programs()
            of_the_seat = [seat, *descendants(seat)]
            cluster.kill()
            wait_until(lambda: all_gone(of_the_seat), what="the end of all in the seat")
            cluster.start()
            go_on(api, run.id, after_attempt=before.attempt)
            wait_until(
                lambda: api.run(run.id).status == "succeeded", what="its end", patience_s=600
            )
            wait_until(lambda: not cluster.seat_programs(), what="the end of the idle seat")
        series = whole_series(api, run.id, "train")
    steps = EPOCHS * EPOCH_STEPS
    doubles = doubled_steps(series)
    promise("P5").add(kills=3, losses=missing_steps(series, steps), doubles=doubles)
    assert series.steps == tuple(range(1, steps + 1))
    assert doubles == 0
