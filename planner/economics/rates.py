"""Rate cards: what using hardware costs, in one place, on one day."""

from dataclasses import dataclass
from typing import Literal

from planner.bounds import check_at_least, check_name, check_positive
from planner.devices.throughput import ThroughputCurve
from planner.money import Money, require_day
from planner.refusal import require

RateKind = Literal["on_demand", "spot", "reserved", "owned", "this_computer", "own"]

THIS_COMPUTER = "this-computer"
"""Profile id of the device that the pilot itself ran on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateCard:
    """What one device costs in one place on one day.

    Attributes:
        id: Row of the price book, or a name of the user's own.
        device: Name of the device, such as ``H100 SXM``.
        vendor: Who sells it; empty for own hardware.
        kind: How it is paid for.
        rent_per_gpu_hour: Price of one device for one hour.
        board_w: Power of one device under load; None if unknown.
        as_of: ISO date on which the price was read; None means undated, and is shown so.
        source: Where the price was read.
    """

    id: str
    device: str
    vendor: str
    kind: RateKind
    rent_per_gpu_hour: Money
    board_w: float | None = None
    as_of: str | None = None
    source: str = ""

    def __post_init__(self) -> None:
        check_name(self.id, "id")
        check_name(self.device, "device")
        require(self.rent_per_gpu_hour.amount >= 0, "rent_per_gpu_hour", "negative")
        if self.board_w is not None:
            check_positive(self.board_w, "board_w")
        if self.as_of is not None:
            require_day(self.as_of, "as_of")


@dataclass(frozen=True, slots=True, kw_only=True)
class HardwareProfile:
    """The hardware a review is computed for.

    Attributes:
        rate_card: What one device costs.
        device_count: Devices that train together.
        throughput: Curve of the pilot's workload on one such device; None if never measured.
    """

    rate_card: RateCard
    device_count: int
    throughput: ThroughputCurve | None = None

    def __post_init__(self) -> None:
        check_at_least(self.device_count, 1, "device_count")
