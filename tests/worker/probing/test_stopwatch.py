import pytest

from worker.probing import stopwatch
from worker.probing.stopwatch import CpuStopwatch, CudaStopwatch


class FakeEvent:
    """A device's event: recording takes the time that the device shows, in milliseconds."""

    shows_ms = 0.0

    def __init__(self) -> None:
        self.at_ms: float | None = None

    def record(self) -> None:
        FakeEvent.shows_ms += 1
        self.at_ms = FakeEvent.shows_ms

    def synchronize(self) -> None:
        assert self.at_ms is not None

    def elapsed_time(self, end: "FakeEvent") -> float:
        assert self.at_ms is not None
        assert end.at_ms is not None
        return end.at_ms - self.at_ms


@pytest.mark.parametrize("laps", [0, 1, 254, 255, 256, 257, 600])
def test_a_ring_of_events_keeps_every_lap(laps: int) -> None:
    watch = CudaStopwatch(new_event=FakeEvent)
    watch.start()
    for _ in range(laps):
        watch.lap()
    assert watch.laps_s() == pytest.approx([0.001] * laps)
    watch.start()
    watch.lap()
    assert watch.laps_s() == pytest.approx([0.001])


def test_a_cpu_counts_the_seconds_of_this_thread_alone() -> None:
    watch = CpuStopwatch()
    watch.start()
    sum(range(100_000))
    watch.lap()
    (lap_s,) = watch.laps_s()
    assert lap_s > 0
    assert isinstance(stopwatch.stopwatch_for("cpu"), CpuStopwatch)
