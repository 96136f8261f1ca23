"""Bundles that do not fit into memory: half of one does, or a member alone, or nothing."""

from pathlib import Path

import torch

from planner.exchange.work import Finish
from tests.worker.builders import a_claimed_run, attempt, attempts
from tests.worker.training.test_bundle import constant, outcome_of, same_points, some_runs
from worker.workloads.digits_mlp import DigitsMlp


class Hungry(DigitsMlp):
    """Its model runs out of memory when it sees more than some items at a time.

    Attributes:
        most_items: In a step.
        most_evaluated: In an evaluation.
        seen: Members in each step.
        evaluated: Members in each evaluation.
    """

    def __init__(self, most_items: int, *, most_evaluated: int = 10**9) -> None:
        self.most_items = most_items
        self.most_evaluated = most_evaluated
        self.seen: list[int] = []
        self.evaluated: list[int] = []

    def network(self) -> torch.nn.Module:
        return Counting(super().network(), self)


class Counting(torch.nn.Module):
    def __init__(self, model: torch.nn.Module, workload: Hungry) -> None:
        super().__init__()
        self.model = model
        self.workload = workload

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        members = _members_of(inputs)
        hungry = self.workload
        most = hungry.most_items if self.training else hungry.most_evaluated
        if members * len(inputs) > most:
            raise torch.OutOfMemoryError("too many items")
        (hungry.seen if self.training else hungry.evaluated).append(members)
        outputs: torch.Tensor = self.model(inputs)
        return outputs


def _members_of(inputs: torch.Tensor) -> int:
    """How many members' inputs these are, seen from inside of one member's model."""
    if not torch._C._functorch.is_batchedtensor(inputs):
        return 1
    return len(torch._C._functorch.get_unwrapped(inputs))


def test_a_bundle_that_does_not_fit_into_memory_goes_on_in_halves(tmp_path: Path) -> None:
    hungry = Hungry(most_items=2 * 100)
    runs = [*some_runs(schedule=constant(64)), a_claimed_run(schedule=constant(64), seed=14)]
    together = attempts(runs, tmp_path / "t", execution="mapped", workload=hungry)
    assert max(hungry.seen) == 2
    for number, (run, reports) in enumerate(zip(runs, together, strict=True)):
        assert outcome_of(reports) == "succeeded"
        same_points(reports, attempt(run, tmp_path / f"alone-{number}"))


def test_members_that_cannot_be_evaluated_together_are_evaluated_one_by_one(
    tmp_path: Path,
) -> None:
    hungry = Hungry(most_items=10**9, most_evaluated=1200)
    runs = some_runs(schedule=constant(64))
    together = attempts(runs, tmp_path / "t", execution="mapped", workload=hungry)
    assert max(hungry.seen) == 3
    for number, (run, reports) in enumerate(zip(runs, together, strict=True)):
        assert outcome_of(reports) == "succeeded"
        same_points(reports, attempt(run, tmp_path / f"alone-{number}"))


def test_a_run_that_does_not_fit_alone_fails_with_that_reason(tmp_path: Path) -> None:
    runs = some_runs()
    together = attempts(runs, tmp_path / "t", execution="mapped", workload=Hungry(200))
    for reports in together:
        end = reports[-1]
        assert isinstance(end, Finish)
        assert (end.outcome, end.reason) == ("failed", "out_of_memory")
        assert end.step == 26  # the steps of 256 samples begin there
