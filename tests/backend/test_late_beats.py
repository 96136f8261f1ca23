"""A beat that the end of its attempt overtook: it was read before, and is heard after it."""

import pytest

from tests.support.installation import Api, a_pilot
from tests.support.planted_worker import planted_curve


@pytest.mark.parametrize("outcome", ["diverged", "lost", "released"])
def test_it_changes_nothing_of_the_run(api: Api, outcome: str) -> None:
    api.create(a_pilot(seeds={"confirmation": [11]}), throughput=planted_curve())
    worker = api.worker()
    claim = worker.claim()
    assert claim is not None
    (run,) = claim.runs
    worker.start(run, from_step=0)
    ended = worker.finish(run, step=5, outcome=outcome)
    leases = api.installation.leases
    assert not leases.renew(run.run_id, run.attempt, token=claim.token, step=60)
    assert leases.held_s(run.run_id) == 0.0
    assert api.run(run.run_id).step == ended.step
