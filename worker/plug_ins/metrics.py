"""The metrics of a plug-in: names, values and directions, checked."""

import re
from collections.abc import Mapping
from typing import cast

from torch import Tensor

from planner.inference.quality import Direction
from planner.pilots.workload import TARGET_METRICS
from worker.plug_ins.problem import PlugInWrong, shown

METRIC_NAME = "validation_"
"""Before a metric's own name, as a pilot names it."""

_NAME = re.compile(r"[A-Za-z0-9_]{1,60}")


def checked_metrics(given: object, *, samples: int) -> Mapping[str, Tensor]:
    """What ``metrics()`` gave: one value for each of so many samples, by name.

    Raises:
        PlugInWrong: It is anything else.
    """
    if not isinstance(given, Mapping):
        raise PlugInWrong("metrics_wrong", got=shown(given))
    for name, values in given.items():
        if not isinstance(name, str) or name == "loss" or not _NAME.fullmatch(name):
            raise PlugInWrong("metric_name_wrong", metric=name)
        if not isinstance(values, Tensor) or values.shape != (samples,):
            raise PlugInWrong("metric_wrong", metric=name, expected=samples, got=shown(values))
    return {name: values.float() for name, values in given.items()}


def checked_directions(given: object, names: tuple[str, ...]) -> dict[str, Direction]:
    """Side on which each metric improves.

    Raises:
        PlugInWrong: One of them has none.
    """
    stated = given if isinstance(given, Mapping) else {}
    found: dict[str, Direction] = {}
    for name in names:
        direction = stated.get(name) or TARGET_METRICS.get(f"{METRIC_NAME}{name}")
        if direction is None:
            raise PlugInWrong("direction_missing", metric=name)
        if direction not in ("above", "below"):
            raise PlugInWrong("direction_wrong", metric=name, got=repr(direction))
        found[name] = cast("Direction", direction)
    return found
