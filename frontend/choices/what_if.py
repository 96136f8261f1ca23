"""What is asked about other device counts and other hardware, from a review and what was typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from planner.devices.throughput import ThroughputCurve
from planner.economics.rates import THIS_COMPUTER, RateCard
from planner.money import Money
from planner.projections.device_speed import TypedPoint
from planner.projections.what_if_request import HardwareOption, TodayPlan, WhatIfRequest
from planner.reviews.review import Review
from planner.reviews.schedule_review import ScheduleReview

Speed = dict[str, Any]
"""Fields of a HardwareOption that say how fast it is, alone or with others."""

MEASURED_HERE = "measured-here"
"""In the place of a fabric's id: the connection as it was measured with this workload."""

_BYTES_PER_MB = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody typed.

    Attributes:
        fabric_id: What connects the devices; empty for nothing known, `MEASURED_HERE` for what a
            worker's own devices showed.
        payload_mb: Size of the gradient, in megabytes.
        deadline_h: Longest training that will do; 0 for any.
        budget: Dearest training that will do, in the review's currency; 0 for any.
        other: Another row of the price book.
        other_points: Batch and seconds of two steps on it, where nobody measured it.
    """

    fabric_id: str = ""
    payload_mb: float = 0.0
    deadline_h: float = 0.0
    budget: float = 0.0
    other: RateCard | None = None
    other_points: tuple[TypedPoint, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Speeds that somebody measured.

    Attributes:
        own: Curve that the pilot ran with; None before it was measured.
        numbers: Newest stored curve of the pilot's workload by device.
        scaling: Newest measurement on several devices by the name of one, likewise.
    """

    own: ThroughputCurve | None
    numbers: Mapping[str, int]
    scaling: Mapping[str, int] = field(default_factory=dict)

    def speed_of(self, card: RateCard) -> Speed:
        """What is known of a device, as a request takes it; nothing where nobody measured it."""
        if self.own is not None and card.id == THIS_COMPUTER:
            return {"throughput": self.own}
        if self.own is not None and self.own.device == card.device:
            return {"throughput": self.own}
        number = self.numbers.get(card.device)
        return {} if number is None else {"curve_number": number}

    def scaling_of(self, card: RateCard) -> int | None:
        """What was measured on several of a device; None where nothing was."""
        if self.own is not None and card.id == THIS_COMPUTER:
            return self.scaling.get(self.own.device)
        return self.scaling.get(card.device)


def what_if_request(
    review: Review, reviewed: ScheduleReview, asked: Asked, known: Known
) -> WhatIfRequest | None:
    """The request; None where the candidate's stages to the target are not known."""
    if not reviewed.stages_to_target:
        return None
    own = _own(review, asked, known)
    others = () if asked.other is None else (_other(asked, asked.other, own.name, known),)
    currency = review.assumptions.currency
    return WhatIfRequest(
        hardware=(own, *others),
        stages=reviewed.stages_to_target,
        payload_bytes=asked.payload_mb * _BYTES_PER_MB,
        device_use=review.assumptions.device_use,
        deadline_h=asked.deadline_h or None,
        budget=Money(amount=asked.budget, currency=currency) if asked.budget else None,
        today=TodayPlan(hardware=own.name, device_count=review.device_count),
        assumptions=review.assumptions,
    )


def _own(review: Review, asked: Asked, known: Known) -> HardwareOption:
    """The review's hardware; where only its half-saturation batch is known, that holds all."""
    card, speed = review.price, known.speed_of(review.price)
    if review.speed_points:
        speed = {"typed_points": review.speed_points, "communication_included": True}
    connection = {} if review.speed_points else _connection(card, asked, known)
    production = review.production
    return HardwareOption(
        name=card.device,
        price_per_device_h=card.rent_per_gpu_hour,
        price_source=card.reference,
        largest_micro_batch_size=(production.maximum_batch_size_per_device if production else None),
        **speed,
        **connection,
    )


def _connection(card: RateCard, asked: Asked, known: Known) -> Speed:
    """What connects several of a device, and what was measured on several, where it was."""
    number = known.scaling_of(card)
    measured = {} if number is None else {"scaling_number": number}
    if asked.fabric_id != MEASURED_HERE:
        return {"fabric_id": asked.fabric_id or None, **measured}
    return {"connected_as_measured": number is not None, **measured}


def _other(asked: Asked, card: RateCard, own_name: str, known: Known) -> HardwareOption:
    name = card.device if card.device != own_name else f"{card.device}, {card.vendor or card.id}"
    speed = known.speed_of(card) or {"typed_points": asked.other_points}
    return HardwareOption(name=name, price_id=card.id, **speed, **_connection(card, asked, known))
