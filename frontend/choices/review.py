"""What a review is recomputed with: everything that somebody assumes otherwise than the pilot."""

import re
from dataclasses import dataclass, replace
from typing import Any

from frontend.choices.uncertain import Ends, Pair, Uncertain, in_order, pairs_of
from planner.economics.assumptions import Assumptions, Range
from planner.economics.correlations import Correlations
from planner.money import Money
from planner.pilots.pilot import HardwareChoice, Pilot
from planner.refusal import Refusal
from planner.reviews.review_input import ReviewRequest
from wording.assumption_fields import (
    FIELDS,
    PRODUCTION_FIELDS,
    RANGED,
    Field,
    Values,
    meant,
    typed,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Everything that somebody assumes otherwise than the pilot says.

    Attributes:
        base: The pilot's assumptions, in the currency of the review.
        hardware: Row of the price book, perhaps at an own price.
        pilot_rate: Price of an hour of the pilot's own device; None for that of the price book.
        price_day: ISO date whose prices are used; None for the newest.
        changed: Numbers that differ from the pilot's, as typed.
        uncertain: Ranges and correlations; None for the pilot's own.
    """

    base: Assumptions
    hardware: HardwareChoice
    pilot_rate: Money | None
    changed: Values
    price_day: str | None = None
    uncertain: Uncertain | None = None


def request_for(pilot_id: str, pilot: Pilot, choice: Choice) -> ReviewRequest:
    """The review that somebody asks for.

    Raises:
        Refusal: Typed numbers do not go together.
    """
    production = pilot.production
    if production is not None:
        production = replace(production, **_meant(PRODUCTION_FIELDS, choice.changed))
    count = production.device_count if production else pilot.hardware.device_count
    changed = _meant(FIELDS, choice.changed)
    uncertain = choice.uncertain or own_uncertain(choice.base, choice.changed)
    assumed = replace(choice.base, **changed, ranges={}, correlations=None)
    ranges = _ranges(uncertain, assumed)
    return ReviewRequest(
        pilot_id=pilot_id,
        hardware=replace(choice.hardware, device_count=count),
        production=production,
        assumptions=replace(assumed, ranges=ranges, correlations=_correlations(uncertain)),
        pilot_rate_per_device_h=choice.pilot_rate,
        price_day=choice.price_day,
    )


def own_uncertain(base: Assumptions, changed: Values) -> Uncertain:
    """The pilot's own ranges and correlations, as people type them.

    A number that somebody changed has lost its range: it was one around another number.
    """
    kept = [name for name in in_order(list(base.ranges)) if name not in changed]
    together = {pair: _correlation(base.correlations, pair) for pair in pairs_of(kept)}
    return Uncertain(
        ends={
            name: Ends(
                low=typed(RANGED[name], base.ranges[name].low),
                high=typed(RANGED[name], base.ranges[name].high),
            )
            for name in kept
        },
        together={pair: value for pair, value in together.items() if value},
    )


def _correlation(joined: Correlations | None, pair: Pair) -> float:
    """Of two assumptions; 0 where nobody named both."""
    if joined is None or not set(pair) <= set(joined.names):
        return 0.0
    row, column = (joined.names.index(name) for name in pair)
    return joined.matrix[row][column]


def _ranges(uncertain: Uncertain, assumed: Assumptions) -> dict[str, Range]:
    """Ranges as the model holds them; an empty end is the assumed value."""
    ranges = {}
    for name, ends in uncertain.ends.items():
        value = float(getattr(assumed, name))
        low, high = (
            value if end is None else meant(RANGED[name], end) for end in (ends.low, ends.high)
        )
        try:
            ranges[name] = Range(low=low, high=high)
        except Refusal as refusal:
            raise Refusal(f"ranges.{name}", refusal.code, **refusal.params) from refusal
    return ranges


def _correlations(uncertain: Uncertain) -> Correlations | None:
    """The matrix of all pairs that were named; the refusal of a cell is one of its pair."""
    if not uncertain.together:
        return None
    names = in_order([name for pair in uncertain.together for name in pair])

    def cell(one: str, other: str) -> float:
        if one == other:
            return 1.0
        return uncertain.together.get((one, other), uncertain.together.get((other, one), 0.0))

    matrix = tuple(tuple(cell(one, other) for other in names) for one in names)
    try:
        return Correlations(names=tuple(names), matrix=matrix)
    except Refusal as refusal:
        row, column = map(int, re.findall(r"\d+", refusal.field))
        pair = ".".join(in_order([names[row], names[column]]))
        raise Refusal(f"correlations.{pair}", refusal.code, **refusal.params) from refusal


def _meant(fields: tuple[Field, ...], changed: Values) -> dict[str, Any]:
    return {
        field.name: meant(field, changed[field.name]) for field in fields if field.name in changed
    }
