import pytest

from planner.refusal import Refusal
from planner.workload import BUILT_IN, Workload


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
        ({"metrics": ("test_loss",)}, "metrics", "metric_unknown"),
    ],
)
def test_a_workload_that_cannot_be_planned_with_is_refused(fields, field, code):
    with pytest.raises(Refusal) as refusal:
        a_workload(**fields)
    assert (refusal.value.field, refusal.value.code) == (field, code)
