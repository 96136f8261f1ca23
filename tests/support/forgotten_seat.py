"""A dispatcher that dies before it tells a seat what to do: ``ADDRESS NAME MADE GPUS...``.

The seat is on as many nodes as there are numbers of GPUs. ``MADE`` is all that was made before:
``seat`` or, of one on several nodes, its ``group``. It prints how the seat does, which is told
nothing for `TOLD_WITHIN_S`, or ``none``.
"""

import os
import sys
from typing import Any

import ray

from worker.executors.ray import groups, link

TOLD_WITHIN_S = 5.0


def main() -> None:
    address, name, made, *gpus = sys.argv[1:]
    link.connect(address)
    request = {
        "name": name,
        "takes": [{"GPU": int(count)} for count in gpus],
        "accelerator": "",
        "told_within_s": TOLD_WITHIN_S,
    }
    sys.stdout.write(phase_of(request, made))
    sys.stdout.flush()
    os._exit(0)


def phase_of(request: dict[str, Any], made: str) -> str:
    if len(request["takes"]) == 1:
        return str(ray.get(link.make_seat(request).state.remote())["phase"])
    group = groups.reserved(request["name"], request["takes"])
    assert group is not None
    if made == "group":
        return "none"
    seat, *_ = link.make_group(request, group)
    return str(ray.get(seat.state.remote())["phase"])


if __name__ == "__main__":
    main()
