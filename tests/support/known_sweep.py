"""A sweep of three rates whose truth is simple: every schedule is fastest at twice its rate."""

from planner.reviews.review import make_review
from planner.reviews.selection import Selection
from tests.support.known_pilot import GROWING, LARGE, TODAY, known_pilot, records_of, review_input


def a_swept_pilot(**changes):
    fields = {
        "schedules": [TODAY, LARGE, GROWING],
        "seeds": {"confirmation": [11, 12, 13], "selection": [1, 2, 3]},
        "rate_multipliers": [0.5, 1, 2],
    }
    return known_pilot(**(fields | changes))


def sweep_of(pilot, epochs):
    """Every schedule is fastest at twice its rate."""
    effort = {0.5: 1.5, 1.0: 1.2, 2.0: 1.0}
    return [
        record
        for name, at_epoch in epochs.items()
        for factor in pilot.rate_multipliers
        for record in records_of(
            pilot,
            name,
            [at_epoch * effort[factor]] * len(pilot.seeds.selection),
            purpose="selection",
            rate_multiplier=factor,
        )
    ]


AT_EPOCH = {"today": 10.0, "large": 9.0, "growing": 8.0}
FROZEN = Selection(
    selected=dict.fromkeys(AT_EPOCH, 2.0), finalists=("large",), at_edge=tuple(AT_EPOCH)
)


def confirmed_at_twice(pilot, names):
    return [
        record
        for name in names
        for record in records_of(pilot, name, [AT_EPOCH[name]] * 3, rate_multiplier=2.0)
    ]


def a_swept_review(pilot=None, **changes):
    pilot = pilot or a_swept_pilot()
    records = [*sweep_of(pilot, AT_EPOCH), *confirmed_at_twice(pilot, ["today", "large"])]
    return make_review(review_input(pilot, records, **({"selection": FROZEN} | changes)))
