"""What-ifs: rows of the price book, stored curves and measured fabrics joined to a request."""

from dataclasses import replace

from backend.published.fabrics import fabric
from backend.published.price_book import PriceBook, shipped_book
from backend.repositories import curves as curve_rows
from backend.repositories import scaling as scaling_rows
from backend.services import prices
from backend.services.curves import curve_of
from backend.services.scaling import scaling_of
from backend.unit_of_work import UnitOfWork
from planner.devices.scaling import ScalingCurve
from planner.devices.throughput import ThroughputCurve
from planner.projections.what_if import what_if
from planner.projections.what_if_request import HardwareOption, WhatIfRequest
from planner.projections.what_if_values import WhatIf
from planner.refusal import Refusal


def compute(work: UnitOfWork, request: WhatIfRequest) -> WhatIf:
    """The answer to a what-if; nothing is stored.

    Raises:
        Refusal: A curve, a measurement, a fabric or a price that is named does not exist, at its
            field.
    """
    named = [one.price_id for one in request.hardware if one.price_id is not None]
    book = prices.of_day(work, ids=named)
    return what_if(
        replace(
            request,
            hardware=tuple(
                looked_up(
                    one,
                    f"hardware[{place}]",
                    book=book,
                    curve=_curve(work, one, place),
                    scaling=_scaling(work, one, place),
                )
                for place, one in enumerate(request.hardware)
            ),
        )
    )


def looked_up(
    option: HardwareOption,
    field: str,
    *,
    book: PriceBook | None = None,
    curve: ThroughputCurve | None = None,
    scaling: ScalingCurve | None = None,
) -> HardwareOption:
    """A hardware with its fabric and its price in the place of their ids.

    Args:
        option: As it was asked for.
        field: Its place in the request.
        book: Prices; without it those that Paybatch comes with.
        curve: What its curve number stands for.
        scaling: What the number of its measurement on several devices stands for.
    """
    if curve is not None:
        option = replace(option, throughput=curve, curve_number=None)
    if scaling is not None:
        option = replace(option, scaling=scaling, scaling_number=None)
    if option.fabric_id is not None:
        found = fabric(option.fabric_id)
        if found is None:
            raise Refusal(f"{field}.fabric_id", "fabric_unknown", fabric=option.fabric_id)
        option = replace(option, fabric=found, fabric_id=None)
    if option.price_id is not None:
        card = (book or shipped_book()).cards.get(option.price_id)
        if card is None:
            raise Refusal(f"{field}.price_id", "price_unknown", profile=option.price_id)
        option = replace(
            option,
            price_per_device_h=card.rent_per_gpu_hour,
            price_id=None,
            price_source=card.reference,
        )
    return option


def _curve(work: UnitOfWork, option: HardwareOption, place: int) -> ThroughputCurve | None:
    if option.curve_number is None:
        return None
    row = curve_rows.find(work.session, option.curve_number)
    if row is None:
        number = str(option.curve_number)
        raise Refusal(f"hardware[{place}].curve_number", "curve_not_found", id=number)
    return curve_of(row)


def _scaling(work: UnitOfWork, option: HardwareOption, place: int) -> ScalingCurve | None:
    if option.scaling_number is None:
        return None
    row = scaling_rows.find(work.session, option.scaling_number)
    if row is None:
        number = str(option.scaling_number)
        raise Refusal(f"hardware[{place}].scaling_number", "scaling_not_found", id=number)
    return scaling_of(row)
