"""A dispatcher that dies between a seat's creation and its order: ``ADDRESS NAME GPUS``.

It prints how the seat does, which is told nothing for `TOLD_WITHIN_S`.
"""

import os
import sys

import ray

from worker.executors.ray import link

TOLD_WITHIN_S = 5.0


def main() -> None:
    address, name, gpus = sys.argv[1:]
    link.connect(address)
    request = {
        "name": name,
        "takes": {"GPU": int(gpus)},
        "accelerator": "",
        "told_within_s": TOLD_WITHIN_S,
    }
    seat = link.make_seat(request)
    sys.stdout.write(ray.get(seat.state.remote())["phase"])
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
