"""What drives the result: the net present value at both ends of every uncertain input."""

from planner.chart import Axis, Chart, Series
from planner.economics.business_case import BusinessCase


def tornado_chart(case: BusinessCase) -> Chart | None:
    """One series an input, the longest swing first: its P10 and P90, and the worth at each.

    A renderer draws each series as a bar from the smaller to the larger worth, around ``base``.
    None where nothing is uncertain.
    """
    bars = case.propagation.tornado
    if not bars:
        return None
    return Chart(
        key="tornado",
        x=Axis(label="net_present_value", unit=case.npv.currency),
        y=Axis(label="value_of_input"),
        series=tuple(
            Series(
                name=bar.name,
                role="point",
                x=(bar.npv_at_low.amount, bar.npv_at_high.amount),
                y=(bar.low_value, bar.high_value),
            )
            for bar in bars
        ),
        params={"base": case.npv.amount},
    )
