from dataclasses import replace

import pytest

from planner.pilots.run import Attempt
from planner.refusal import Refusal
from planner.reviews.review_input import PilotEvidence, ReviewRequest, check_steps
from planner.reviews.selection import Selection
from tests.support.known_pilot import CURVE, PLAN, WORKLOAD, known_pilot, records_of

PILOT = known_pilot()
RECORDS = (
    *records_of(PILOT, "today", [10.0] * 5),
    *records_of(PILOT, "large", [9.0] * 5),
)


def brought(**changes):
    fields = {
        "pilot": PILOT,
        "records": RECORDS,
        "throughput": CURVE,
        "micro_batch_plan": PLAN,
        "selection": Selection(
            selected={"today": 1.0, "large": 1.0}, finalists=("large",), at_edge=()
        ),
    }
    return PilotEvidence(**(fields | changes))


def changed(place, **changes):
    return tuple(
        replace(record, **changes) if number == place else record
        for number, record in enumerate(RECORDS)
    )


def refusal_of(call, *given, **changes):
    with pytest.raises(Refusal) as refused:
        call(*given, **changes)
    return refused.value.field, refused.value.code


def test_evidence_of_one_pilot_is_taken():
    evidence = brought()
    check_steps(evidence, WORKLOAD)
    assert evidence.records == RECORDS


def test_a_run_of_a_schedule_that_the_pilot_does_not_have_is_refused():
    stranger = changed(3, run=replace(RECORDS[3].run, schedule="another"))
    found = refusal_of(brought, records=stranger)
    assert found == ("records[3].run.schedule", "schedule_not_in_pilot")


def test_two_runs_under_one_name_are_refused():
    found = refusal_of(brought, records=changed(4, run_id=RECORDS[0].run_id))
    assert found == ("records[4]", "run_repeated")


def test_the_same_run_twice_is_refused():
    found = refusal_of(brought, records=(*RECORDS, replace(RECORDS[2], run_id="again")))
    assert found == ("records[10].run", "run_repeated")


def test_a_curve_of_another_workload_is_refused():
    found = refusal_of(brought, throughput=replace(CURVE, workload="mnist1d-mlp"))
    assert found == ("throughput.workload", "throughput_of_other_workload")


def test_a_selection_chooses_a_rate_for_every_schedule():
    partial = Selection(selected={"today": 1.0}, finalists=(), at_edge=())
    found = refusal_of(brought, selection=partial)
    assert found == ("selection.selected", "schedule_not_selected")


def test_a_finalist_is_one_of_the_pilots_schedules():
    selection = Selection(selected={"today": 1.0, "large": 1.0}, finalists=("larger",), at_edge=())
    found = refusal_of(brought, selection=selection)
    assert found == ("selection.finalists[0]", "schedule_not_in_pilot")


def test_nothing_is_measured_beyond_the_end_of_a_run():
    last = RECORDS[7].measurements[-1]
    beyond = replace(last, step=last.step + 1)
    evidence = brought(records=changed(7, measurements=(*RECORDS[7].measurements, beyond)))
    found = refusal_of(check_steps, evidence, WORKLOAD)
    assert found == ("records[7]", "measured_beyond_plan")


def test_nothing_is_executed_beyond_the_end_of_a_run():
    longer = Attempt(number=1, from_step=0, to_step=981, evaluations=21)
    evidence = brought(records=changed(0, attempts=(longer,)))
    assert refusal_of(check_steps, evidence, WORKLOAD) == ("records[0]", "measured_beyond_plan")


@pytest.mark.parametrize(
    "fields", [{}, {"pilot_id": "one", "evidence": brought()}], ids=["neither", "both"]
)
def test_a_review_is_of_a_stored_pilot_or_of_brought_evidence(fields):
    found = refusal_of(ReviewRequest, **fields)
    assert found == ("pilot_id", "one_of_pilot_and_evidence")


def test_looks_are_counted_from_one():
    assert refusal_of(ReviewRequest, pilot_id="one", look=0) == ("look", "below_minimum")
