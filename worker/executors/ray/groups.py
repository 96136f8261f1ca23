"""Seats on several nodes: a group of places that Ray gives out together, and takes back together.

Each is a detached placement group, named like its seat, with a bundle on each of its nodes. What is
in it ends with it, so it is never only partly there: who of them ends removes it. One that its
maker left without a seat is removed at a look.
"""

import contextlib
from collections.abc import Collection, Mapping, Sequence

import ray
from ray.util.placement_group import PlacementGroup

READY_WITHIN_S = 5.0
"""A new group, until all of its bundles are reserved; nothing has to start for it."""

_EACH_ON_ITS_OWN_NODE = "STRICT_SPREAD"


def reserved(name: str, bundles: Sequence[Mapping[str, float]]) -> PlacementGroup | None:
    """The group of that name, made if there is none; nothing where the nodes have no room now."""
    group = _found(name)
    if group is None:
        group = ray.util.placement_group(
            [dict(bundle) for bundle in bundles],
            strategy=_EACH_ON_ITS_OWN_NODE,
            name=name,
            lifetime="detached",
        )
    if group.wait(READY_WITHIN_S):
        return group
    ray.util.remove_placement_group(group)
    return None


def remove(name: str) -> None:
    """Ends everything in the group of that name, if there is one."""
    group = _found(name)
    if group is not None:
        ray.util.remove_placement_group(group)


def named(prefix: str) -> frozenset[str]:
    """Groups whose names begin so."""
    table = ray.util.placement_group_table().values()
    names = (str(group["name"]) for group in table if group["state"] != "REMOVED")
    return frozenset(name for name in names if name.startswith(prefix))


def remove_abandoned(groups: Collection[str], *, seats: Collection[str]) -> None:
    """Ends those that have no seat."""
    for name in groups:
        if name not in seats:
            remove(name)


def _found(name: str) -> PlacementGroup | None:
    group: PlacementGroup | None = None
    with contextlib.suppress(ValueError):  # there is none
        group = ray.util.get_placement_group(name)
    return group
