"""Rate cards: what using hardware costs, in one place, on one day."""

from dataclasses import dataclass
from typing import Literal

from planner.bounds import check_at_least, check_name, check_not_negative, check_positive
from planner.devices.fabric import Interconnect
from planner.devices.throughput import ThroughputCurve
from planner.economics.ownership import Ownership
from planner.money import Money, require_day
from planner.refusal import require

RateKind = Literal["on_demand", "spot", "reserved", "owned", "this_computer", "own"]

THIS_COMPUTER = "this-computer"
"""Profile id of the device that the pilot itself ran on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotTerms:
    """How often rented devices are taken away, and what that costs a training.

    Attributes:
        interruptions_per_device_h: Of one device; a job on K devices is interrupted K times that.
        checkpoint_interval_h: Training hours between two checkpoints; the work since the last one
            is lost.
        restart_h: From an interruption until the training goes on.
    """

    interruptions_per_device_h: float
    checkpoint_interval_h: float
    restart_h: float = 0.0

    def __post_init__(self) -> None:
        check_not_negative(self.interruptions_per_device_h, "interruptions_per_device_h")
        check_positive(self.checkpoint_interval_h, "checkpoint_interval_h")
        check_not_negative(self.restart_h, "restart_h")


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
        region: Where the device stands; empty if the price is the same everywhere or unknown.
        spot: Interruptions, of a spot price; None if nobody entered them, then none are counted.
        ownership: What an owned device costs, from which its price follows; None if only a price
            was entered.
        row: Number of this price in the book's history; 0 for one that ships with Paybatch or was
            typed for one review.
    """

    id: str
    device: str
    vendor: str
    kind: RateKind
    rent_per_gpu_hour: Money
    board_w: float | None = None
    as_of: str | None = None
    source: str = ""
    region: str = ""
    spot: SpotTerms | None = None
    ownership: Ownership | None = None
    row: int = 0

    def __post_init__(self) -> None:
        check_name(self.id, "id")
        check_name(self.device, "device")
        check_at_least(self.row, 0, "row")
        require(self.rent_per_gpu_hour.amount >= 0, "rent_per_gpu_hour", "negative")
        if self.board_w is not None:
            check_positive(self.board_w, "board_w")
        if self.as_of is not None:
            require_day(self.as_of, "as_of")
        taken_away = self.kind == "spot"
        require(self.spot is None or taken_away, "spot", "spot_terms_of_other_kind")
        owned = self.kind == "owned"
        require(self.ownership is None or owned, "ownership", "ownership_of_other_kind")

    @property
    def reference(self) -> str:
        """Where an amount of this card comes from: its row of the book, source and day."""
        row = f"{self.id} #{self.row}" if self.row else self.id
        return ", ".join(part for part in (row, self.source, self.as_of) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class HardwareProfile:
    """The hardware a review is computed for.

    Attributes:
        rate_card: What one device costs.
        device_count: Devices that train together.
        throughput: Curve of the pilot's workload on one such device; None if never measured.
        interconnect: Between the devices; None: what they say to each other takes no time.
    """

    rate_card: RateCard
    device_count: int
    throughput: ThroughputCurve | None = None
    interconnect: Interconnect | None = None

    def __post_init__(self) -> None:
        check_at_least(self.device_count, 1, "device_count")
