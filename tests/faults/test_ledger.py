"""Figures of several tests become one row a promise."""

from tests.faults.ledger import Figures, table_of


def test_counts_are_summed_and_recoveries_give_median_and_worst_in_the_order_of_promises() -> None:
    first, second, other = Figures("P2"), Figures("P2"), Figures("P10")
    first.add(kills=2, losses=0)
    second.add(kills=1, acks=1500, jumps=3)
    for seconds in (1.0, 2.0, 9.0):
        first.recovered(seconds)
    other.add(jumps=1)
    assert table_of([other.noted(), first.noted(), second.noted()]) == [
        "  P2  kills 3, acks 1,500, losses 0, jumps 3, "
        "recovered in 2.00 s (median), 9.00 s (worst)",
        " P10  jumps 1",
    ]
