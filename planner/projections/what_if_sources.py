"""Where the numbers of a hardware come from."""

from planner.devices.fabric import Fabric
from planner.devices.scaling_link import measured_interconnect
from planner.money import Money
from planner.projections.device_speed import DeviceSpeed
from planner.projections.what_if_request import HardwareOption
from planner.projections.what_if_values import Source, SourceOrigin


def sources(option: HardwareOption) -> tuple[Source, ...]:
    """Of its speed, its fabric and its price, in this order."""
    return (
        _of_speed(option.speed),
        _of_connection(option),
        _of_price(option.price_per_device_h, option.price_source),
    )


def _of_speed(speed: DeviceSpeed | None) -> Source:
    if speed is None:
        return Source(quantity="throughput", origin="unknown")
    return Source(quantity="throughput", origin=speed.origin, source=speed.source)


def _of_connection(option: HardwareOption) -> Source:
    """A connection that was measured with this workload says so by where it was measured."""
    if option.connected_as_measured and option.scaling is not None:
        found = measured_interconnect(option.scaling)
        return _of_fabric(None if found is None else found.fabric, included=False)
    return _of_fabric(option.fabric, included=option.communication_included)


def _of_fabric(fabric: Fabric | None, *, included: bool) -> Source:
    if fabric is None:
        return Source(quantity="fabric", origin="included" if included else "unknown")
    origin: SourceOrigin = "measured" if fabric.measured else "typed"
    return Source(quantity="fabric", origin=origin, source=fabric.source)


def _of_price(price: Money | None, source: str) -> Source:
    if price is None:
        return Source(quantity="price", origin="unknown")
    return Source(quantity="price", origin="price_book" if source else "typed", source=source)
