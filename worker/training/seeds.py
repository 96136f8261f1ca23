"""One seed a run, several independent streams of chance drawn from it."""

from typing import Literal

import numpy as np

Stream = Literal["order", "weights", "noise", "probe", "augmentation", "meters"]

_KEYS: dict[Stream, int] = {
    "order": 0,
    "weights": 1,
    "noise": 2,
    "probe": 3,
    "augmentation": 4,
    "meters": 5,
}


def stream_seed(seed: int, stream: Stream, *parts: int) -> int:
    """A 63-bit seed for one stream of a run; equal arguments always give the same one.

    Schedules compared on one seed share order and initial weights because neither stream draws
    from the other.

    Args:
        seed: The run's seed.
        stream: What the numbers are used for.
        parts: Further coordinates, such as the epoch.
    """
    sequence = np.random.SeedSequence(entropy=seed, spawn_key=(_KEYS[stream], *parts))
    return int(sequence.generate_state(1, np.uint64)[0] >> np.uint64(1))


def noise_seed(seed: int, *, rank: int, step: int) -> int:
    """Of dropout and the like, which every rank draws for itself.

    The first rank's is the run's own, and goes on from a checkpoint; the others begin anew.

    Args:
        seed: The run's seed.
        rank: Among those that train the run.
        step: At which it begins.
    """
    return stream_seed(seed, "noise", *((rank, step) if rank else ()))
