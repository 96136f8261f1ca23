"""How a seat's devices lie on the nodes of a cluster: on one wherever one has so many.

What a node has in all is known, what is free on each is not: Ray tells that in no public call. So
there are several layouts to try one after the other, and whether one fits now, trying tells.
"""

from collections.abc import Sequence

Layout = tuple[int, ...]
"""Devices on each node, none without any; the seat's worker is on the first."""

MOST_TRIED = 8
"""Layouts that are tried, beginning again after the last."""


def layouts(devices: int, nodes: Sequence[int]) -> tuple[Layout, ...]:
    """Where so many devices can lie, what is best first; nothing where all nodes have too few.

    Fewer nodes are better than more: what they say to each other costs time. On the same number
    of nodes as many devices as possible are on one of them, since that leaves others whole; or
    they are shared out evenly, which fits where all are partly taken.

    Args:
        devices: That train one run together.
        nodes: Most devices of a seat that each node could have, were it empty.
    """
    widest = sorted(nodes, reverse=True)
    if widest and widest[0] >= devices:
        return ((devices,),)
    found: dict[Layout, None] = {}
    for count in range(2, min(len(widest), devices) + 1):
        used = widest[:count]
        if min(used) > 0 and sum(used) >= devices:
            found[_full(devices, used)] = None
            found[_even(devices, used)] = None
    return tuple(found)[:MOST_TRIED]


def _full(devices: int, widest: Sequence[int]) -> Layout:
    """As many as possible on the first ones, and at least one on each."""
    layout: list[int] = []
    for place, most in enumerate(widest):
        for_others = len(widest) - place - 1
        layout.append(min(most, devices - sum(layout) - for_others))
    return tuple(layout)


def _even(devices: int, widest: Sequence[int]) -> Layout:
    """As close to the same number as they allow."""
    layout = [0] * len(widest)
    for _ in range(devices):
        roomy = [place for place, most in enumerate(widest) if layout[place] < most]
        layout[min(roomy, key=lambda place: layout[place])] += 1
    return tuple(layout)
