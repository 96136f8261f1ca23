import hashlib

import numpy as np

from worker.workloads.mnist1d import mnist1d


def test_the_signals_are_the_published_ones() -> None:
    """The hashes are of what ``mnist1d.make_dataset()`` of mnist1d 0.0.2.post1 gives."""
    signals, digits = mnist1d()
    assert signals.shape == (5000, 40)
    assert hashlib.sha256(signals.round(6).tobytes()).hexdigest() == (
        "a3e49301cd6d81207e6115120e4b369093607da485593686028ea556b9d8928a"
    )
    assert hashlib.sha256(digits.astype(np.uint8).tobytes()).hexdigest() == (
        "4f5f4160c519e3c47f9d3e196c161336fcd32126a9efffe4153d6e7c8b73f963"
    )


def test_making_them_leaves_the_global_generator_as_it_was() -> None:
    np.random.seed(3)  # noqa: NPY002 - it is the global generator that is looked at
    before = np.random.get_state()[1].tolist()  # noqa: NPY002
    mnist1d()
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002
