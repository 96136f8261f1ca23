import math

import pytest

from planner.pilots.workload import BUILT_IN, Workload
from planner.refusal import Refusal


def a_workload(**fields) -> Workload:
    defaults = {
        "name": "w",
        "training_samples": 60,
        "validation_samples": 20,
        "test_samples": 20,
        "classes": 10,
    }
    return Workload(**{**defaults, **fields})


def test_the_digits_are_split_into_all_of_their_samples():
    digits = BUILT_IN["digits-mlp"]
    split = (digits.training_samples, digits.validation_samples, digits.test_samples)
    assert sum(split) == 1797


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"name": ""}, "name", "empty"),
        ({"training_samples": 0}, "training_samples", "below_minimum"),
        ({"validation_samples": 0}, "validation_samples", "below_minimum"),
        ({"test_samples": -1}, "test_samples", "below_minimum"),
        ({"classes": 1}, "classes", "below_minimum"),
        ({"metrics": ()}, "metrics", "below_minimum"),
        ({"training_samples": 2**40 + 1}, "training_samples", "above_maximum"),
        ({"guessing_loss": math.nan}, "guessing_loss", "not_finite"),
        ({"version": "1" * 501}, "version", "too_long"),
        ({"metrics": ("test_loss",)}, "metrics[0]", "metric_unknown"),
        ({"metrics": ("validation_f 1",)}, "metrics[0]", "metric_unknown"),
        ({"metrics": ("validation_loss",) * 2}, "metrics[1]", "metric_repeated"),
        ({"metrics": ("validation_f1",)}, "directions", "direction_missing"),
        ({"directions": {"validation_f1": "above"}}, "directions", "metric_unknown"),
        ({"directions": {"validation_loss": "above"}}, "directions", "wrong_direction"),
    ],
)
def test_a_workload_that_cannot_be_planned_with_is_refused(fields, field, code):
    with pytest.raises(Refusal) as refusal:
        a_workload(**fields)
    assert (refusal.value.field, refusal.value.code) == (field, code)


def test_a_workload_may_measure_what_only_it_knows():
    own = {"metrics": ("validation_loss", "validation_brier")}
    workload = a_workload(**own, directions={"validation_brier": "below"})
    assert workload.improves("validation_brier") == "below"
    assert workload.improves("validation_loss") == "below"
    assert workload.improves("validation_accuracy") is None


def test_a_model_that_guesses_among_ten_classes_loses_ln_10_unless_the_workload_says_otherwise():
    assert a_workload().loss_of_guessing == math.log(10)
    assert a_workload(guessing_loss=0.7).loss_of_guessing == 0.7
    assert a_workload(classes=None).loss_of_guessing is None


def test_another_version_serves_a_pilot_if_its_sizes_and_metrics_are_the_same():
    assert a_workload().serves_as(a_workload(version="2", source="elsewhere", guessing_loss=2.0))
    assert not a_workload().serves_as(a_workload(training_samples=61))
    assert not a_workload().serves_as(a_workload(metrics=("validation_loss",)))
