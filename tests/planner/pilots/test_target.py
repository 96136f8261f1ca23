import pytest

from planner.inference.quality import Direction
from planner.pilots.target import Quality, Target
from planner.pilots.workload import TARGET_METRICS
from planner.refusal import Refusal


@pytest.mark.parametrize(
    ("metric", "value", "direction", "field", "code"),
    [
        ("test_loss", 0.4, "below", "metric", "target_on_test_data"),
        ("test_accuracy", 0.9, "above", "metric", "target_on_test_data"),
        ("", 0.4, "below", "metric", "empty"),
        ("validation_loss", float("nan"), "below", "value", "not_finite"),
        ("validation_loss", 0.0, "below", "value", "not_positive"),
        ("validation_accuracy", 90.0, "above", "value", "accuracy_above_one"),
        ("validation_loss", 0.4, "above", "direction", "wrong_direction"),
        ("validation_accuracy", 0.9, "below", "direction", "wrong_direction"),
    ],
)
def test_a_target_that_no_run_could_honestly_reach_is_refused(
    metric: str, value: float, direction: Direction, field: str, code: str
):
    with pytest.raises(Refusal) as refusal:
        Target(metric=metric, value=value, direction=direction)
    assert (refusal.value.field, refusal.value.code) == (field, code)


def test_a_target_holds_for_at_least_one_evaluation():
    with pytest.raises(Refusal) as refusal:
        Target(metric="train_loss", value=0.4, direction="below", sustained_evaluations=0)
    assert (refusal.value.field, refusal.value.code) == ("sustained_evaluations", "below_minimum")


@pytest.mark.parametrize(("metric", "direction"), TARGET_METRICS.items())
def test_every_evaluated_metric_can_be_a_target_in_its_own_direction(
    metric: str, direction: Direction
):
    assert Target(metric=metric, value=0.5, direction=direction).direction == direction


def test_a_metric_of_a_plug_in_may_improve_either_way():
    above = Target(metric="bleu", value=-3.0, direction="above")
    below = Target(metric="bleu", value=-3.0, direction="below")
    assert (above.direction, below.direction) == ("above", "below")


@pytest.mark.parametrize(
    ("metric", "tolerance", "direction", "field", "code"),
    [
        ("test_accuracy", 0.01, None, "metric", "quality_on_test_data"),
        ("full_gradient_norm", 0.01, None, "metric", "gradient_norm_is_not_quality"),
        ("validation_accuracy", -0.01, None, "tolerance", "negative"),
        ("validation_accuracy", float("nan"), None, "tolerance", "not_finite"),
        ("validation_accuracy", 0.01, "below", "direction", "wrong_direction"),
        ("bleu", 0.01, None, "direction", "direction_missing"),
    ],
)
def test_a_gate_that_would_not_guard_quality_is_refused(
    metric: str, tolerance: float, direction: Direction | None, field: str, code: str
):
    with pytest.raises(Refusal) as refusal:
        Quality(metric=metric, tolerance=tolerance, direction=direction)
    assert (refusal.value.field, refusal.value.code) == (field, code)


def test_a_known_metric_says_itself_on_which_side_it_improves():
    assert Quality(metric="validation_accuracy", tolerance=0.01).improves == "above"
    assert Quality(metric="validation_loss", tolerance=0.01).improves == "below"
    assert Quality(metric="bleu", tolerance=0.01, direction="above").improves == "above"
