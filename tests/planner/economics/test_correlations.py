import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.economics.correlations import Correlations
from planner.refusal import Refusal

RATE, PEOPLE, DELAY = "engineer_rate_per_h", "adoption_engineer_h", "cost_of_delay_per_day"


def of_three(first, second, third) -> Correlations:
    """Correlations of rate with people, rate with delay, people with delay."""
    return Correlations(
        names=(RATE, PEOPLE, DELAY),
        matrix=((1.0, first, second), (first, 1.0, third), (second, third, 1.0)),
    )


def refused(**wrong) -> Refusal:
    right = {"names": (RATE, PEOPLE), "matrix": ((1.0, 0.5), (0.5, 1.0))}
    with pytest.raises(Refusal) as caught:
        Correlations(**{**right, **wrong})
    return caught.value


def test_the_factor_is_a_square_root_of_the_matrix():
    correlations = of_three(0.8, 0.3, -0.2)
    factor = correlations.factor()
    assert factor @ factor.T == pytest.approx(np.array(correlations.matrix))


def test_perfect_correlation_is_possible_though_its_matrix_is_singular():
    factor = of_three(1.0, 1.0, 1.0).factor()
    assert factor @ factor.T == pytest.approx(np.ones((3, 3)))


def test_a_matrix_that_says_two_things_of_one_pair_is_refused_with_both():
    refusal = refused(matrix=((1.0, 0.5), (0.4, 1.0)))
    assert (refusal.field, refusal.code) == ("matrix[1][0]", "correlation_not_symmetric")
    assert refusal.params == {"first": PEOPLE, "second": RATE, "value": 0.4, "other": 0.5}


def test_impossible_correlations_are_refused_at_the_pair_that_is_in_the_way():
    """Two that go with the third almost exactly cannot go against each other."""
    with pytest.raises(Refusal) as caught:
        of_three(0.9, 0.9, -0.9)
    assert caught.value.field == "matrix[2][1]"
    assert caught.value.code == "correlation_impossible"
    assert (caught.value.params["first"], caught.value.params["second"]) == (DELAY, PEOPLE)


@given(cells=st.tuples(*[st.floats(-1, 1)] * 3))
def test_what_the_refusal_says_to_do_is_enough(cells):
    try:
        of_three(*cells)
    except Refusal as refusal:
        factor = refusal.params["factor"]
        assert 0 < factor < 1
        of_three(*[cell * factor for cell in cells])


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"names": (RATE, RATE)}, "names", "correlation_repeated"),
        ({"matrix": ((1.0, 0.5),)}, "matrix", "lengths_differ"),
        ({"matrix": ((1.0, 0.5), (0.5,))}, "matrix[1]", "lengths_differ"),
        ({"matrix": ((1.0, 1.5), (1.5, 1.0))}, "matrix[1][0]", "out_of_range"),
        ({"matrix": ((0.9, 0.5), (0.5, 1.0))}, "matrix[0][0]", "correlation_with_itself"),
        ({"matrix": ((1.0, float("nan")), (float("nan"), 1.0))}, "matrix[1][0]", "out_of_range"),
    ],
)
def test_a_matrix_that_cannot_be_one_is_refused_at_its_place(wrong, field, code):
    refusal = refused(**wrong)
    assert (refusal.field, refusal.code) == (field, code)
