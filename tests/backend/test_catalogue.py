"""The workloads that workers bring: known, planned with, trained, and never mixed up."""

from dataclasses import replace

from backend.wire.codec import decode
from planner.devices.batch_plan import MicroBatchPlan
from planner.exchange.states import PilotRequest, WorkloadState
from planner.pilots.workload import BUILT_IN, Workload
from planner.plans.plan_facts import PlanRequest
from planner.reviews.review_input import PilotEvidence, ReviewRequest
from tests.support.installation import Api, a_pilot, problem
from tests.support.planted_worker import falling_loss, planted_curve

OURS = Workload(
    name="ours",
    version="1.0",
    training_samples=640,
    validation_samples=100,
    test_samples=100,
    metrics=("train_loss", "validation_loss", "full_gradient_norm", "validation_hits"),
    directions={"validation_hits": "above"},
)
PILOT = a_pilot(workload="ours")
CURVE = planted_curve(workload="ours")


def with_hits(*_):
    falling = falling_loss(0.2)
    return lambda share: {
        "train_loss": falling(share)["train_loss"],
        "validation_loss": falling(share)["validation_loss"],
        "full_gradient_norm": 1.0,
        "validation_hits": 10 * share,
    }


def known(api: Api) -> dict[str, WorkloadState]:
    listed = decode(tuple[WorkloadState, ...], api.get("/api/workloads").json())
    return {state.workload.name: state for state in listed}


def create(api: Api, pilot, **headers):
    body = PilotRequest(pilot=pilot, throughput=CURVE)
    return api.post("/api/pilots", body, **{"Idempotency-Key": "key", **headers})


def test_a_workload_is_unknown_until_a_worker_brings_it(api: Api):
    assert problem(create(api, PILOT)) == (422, "workload_unknown", "pilot.workload")
    api.worker(plug_ins=(OURS,), name="desk")
    assert known(api)["ours"] == WorkloadState(workload=OURS, served_by=("desk",))
    assert create(api, PILOT).status_code == 201


def test_a_workload_stays_known_when_its_worker_is_gone_and_its_pilot_waits(api: Api):
    api.worker(plug_ins=(OURS,))
    api.clock.pass_s(3600)
    assert known(api)["ours"].served_by == ()
    facts = api.post("/api/plans:compute", PlanRequest(pilot=PILOT)).json()
    assert [one["code"] for one in facts["warnings"]].count("workload_served_by_no_worker") == 1
    pilot = create(api, PILOT).json()["id"]
    assert {run.status for run in api.runs(pilot)} == {"queued"}
    api.worker(plug_ins=(OURS,), plant=with_hits).work_until_idle()
    assert api.pilot(pilot).phase == "done"


def test_a_pilot_may_race_to_a_metric_that_only_its_workload_knows(api: Api):
    worker = api.worker(plug_ins=(OURS,), plant=with_hits)
    target = {"metric": "validation_hits", "value": 5.0, "direction": "above"}
    downwards = a_pilot(workload="ours", target=target | {"direction": "below"})
    assert problem(create(api, downwards)) == (422, "wrong_direction", "pilot.target.direction")
    pilot = create(api, a_pilot(workload="ours", target=target)).json()["id"]
    worker.work_until_idle()
    review = api.post("/api/reviews:compute", ReviewRequest(pilot_id=pilot)).json()
    (race, *_) = review["races"]
    assert race["crossing"]["epochs"] == 2.0  # half of four epochs: 10 x share = 5


def test_a_plug_in_cannot_take_the_name_of_a_built_in_workload_and_its_others_stay(api: Api):
    thief = replace(OURS, name="digits-mlp")
    worker = api.worker(plug_ins=(thief, OURS))
    (refused,) = worker.welcome.refused
    assert (refused.name, refused.code) == ("digits-mlp", "workload_is_built_in")
    assert known(api)["digits-mlp"].workload == BUILT_IN["digits-mlp"]
    assert known(api)["ours"].served_by == ("planted",)


def test_a_new_version_with_the_same_data_and_metrics_goes_on_with_its_pilots(api: Api):
    api.worker(plug_ins=(OURS,))
    pilot = create(api, PILOT).json()["id"]
    mended = api.worker(plug_ins=(replace(OURS, version="1.1"),), plant=with_hits)
    assert mended.welcome.refused == ()
    assert known(api)["ours"].workload.version == "1.1"
    mended.work_until_idle()
    assert api.pilot(pilot).phase == "done"


def test_a_version_with_other_data_is_refused_while_a_pilot_is_under_way(api: Api):
    worker = api.worker(plug_ins=(OURS,), plant=with_hits)
    create(api, PILOT)
    larger = replace(OURS, version="2.0", training_samples=1280)
    (refused,) = api.worker(plug_ins=(larger,), name="new").welcome.refused
    assert (refused.code, refused.params["pilot"]) == ("workload_changed", PILOT.name)
    assert known(api)["ours"] == WorkloadState(workload=OURS, served_by=("planted",))
    worker.work_until_idle()
    assert api.worker(plug_ins=(larger,), name="newer").welcome.refused == ()
    assert known(api)["ours"] == WorkloadState(workload=larger, served_by=("newer",))


def test_a_finished_pilot_keeps_its_numbers_when_its_workload_changes(api: Api):
    worker = api.worker(plug_ins=(OURS,), plant=with_hits)
    pilot = create(api, PILOT).json()["id"]
    worker.work_until_idle()
    before = api.post("/api/reviews:compute", ReviewRequest(pilot_id=pilot)).json()
    api.worker(plug_ins=(replace(OURS, version="2.0", training_samples=1280),))
    assert api.post("/api/reviews:compute", ReviewRequest(pilot_id=pilot)).json() == before


def test_measurements_that_carry_their_workload_are_reviewed_where_nobody_knows_it(api: Api):
    evidence = PilotEvidence(
        pilot=PILOT,
        records=(),
        throughput=CURVE,
        micro_batch_plan=MicroBatchPlan(largest_micro_batch_size=1024),
    )
    alone = api.post("/api/reviews:compute", ReviewRequest(evidence=evidence))
    assert problem(alone) == (422, "workload_unknown", "evidence.pilot.workload")
    carried = ReviewRequest(evidence=replace(evidence, workload=OURS))
    assert api.post("/api/reviews:compute", carried).status_code == 200
