"""What waits in the queue, told in its order to whoever may bring in workers for it."""

from dataclasses import dataclass

from planner.bounds import check_at_least
from planner.devices.device_count import check_device_count


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRuns:
    """Queued runs that the same workers can take.

    Attributes:
        workload: What a worker must be able to train.
        device: Name of the device that a worker must have; None for any.
        store_url: Store that a worker must reach; None for any.
        runs: How many there are.
        device_count: Devices that a worker must have at least.
    """

    workload: str
    device: str | None
    store_url: str | None
    runs: int
    device_count: int = 1

    def __post_init__(self) -> None:
        check_at_least(self.runs, 1, "runs")
        check_device_count(self.device_count)

    def could_go_to(
        self,
        *,
        workloads: tuple[str, ...],
        device: str | None,
        store_url: str | None,
        device_count: int,
    ) -> bool:
        """Whether a worker that is like this could take them; None is not known, and may fit."""
        if self.device_count > device_count:
            return False
        if workloads and self.workload not in workloads:
            return False
        if device is not None and self.device not in (None, device):
            return False
        return store_url is None or self.store_url in (None, store_url)
