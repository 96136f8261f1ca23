"""What a rank other than the first sees of the world: it follows, and keeps its words to itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from torch import Tensor

from planner.exchange.series import SeriesChunk
from planner.exchange.work import Finish
from worker.spool import Report, Stopped, failure_spool
from worker.training.run_context import RunContext


class FollowingContext(RunContext):
    """Decides nothing, saves nothing, and says nothing but its own failure.

    Whether to stop, to wait for the lease or to look around is the first rank's to say; what all
    ranks know alike (the end, a divergence) happens on each of them.
    """

    @property
    def _spool_name(self) -> str:
        return failure_spool(self.ranks.rank)

    def resume_at(self, step: int) -> None:
        """The first rank notes it."""

    def should_stop(self) -> bool:
        """The first rank is asked."""
        return False

    def wants_attention(self, _step: int) -> bool:
        """The first rank does."""
        return False

    def wait_for_lease(self) -> None:
        """The first rank waits, and the others for it."""

    @property
    def report_due(self) -> bool:
        """Nothing is reported."""
        return False

    @property
    def checkpoint_due(self) -> bool:
        """Nothing is saved."""
        return False

    def report(self, report: Report) -> None:
        """Notes the end; a failure is kept for whoever started the ranks, with who failed."""
        if isinstance(report, Finish) and report.outcome == "failed":
            who = f"rank {self.ranks.rank} of {self.ranks.count}"
            super().report(replace(report, detail=f"{who}:\n{report.detail}"))
        self.over = self.over or isinstance(report, Finish | Stopped)

    def save_checkpoint(
        self,
        step: int,
        *,
        tensors: Mapping[str, Tensor],
        state: Callable[[], Mapping[str, Any]],
        series: Sequence[Callable[[], SeriesChunk]] = (),
    ) -> None:
        """The first rank saves the state that all of them share."""
