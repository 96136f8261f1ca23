"""A learner whose steps several ranks take together: each its part of the items, one sum a step."""

import torch
from torch import Tensor

from planner.devices.batch_plan import MicroBatchPlan
from worker.training.learner import Learner
from worker.training.ranks import Ranks

_RIDING_ALONG = 2
"""Numbers behind the gradients: the sum of the losses, and whether the first rank is wanted."""


class RankedLearner:
    """Accumulates this rank's gradients without a word, then adds up those of all ranks, once.

    Every item weighs ``1 / items`` of the whole step, so parts need not be equal. Afterwards
    every rank makes the same update with the same numbers: nobody sends parameters.

    Attributes:
        attention: Whether the first rank wanted something else than the next step when the last
            one began.
    """

    def __init__(self, learner: Learner, ranks: Ranks, *, plan: MicroBatchPlan | None) -> None:
        self._learner = learner
        self._ranks = ranks
        self._plan = plan
        self._vector = learner.gradients.new_zeros(len(learner.gradients) + _RIDING_ALONG)
        learner.move_to(
            parameters=learner.parameters,
            gradients=self._vector[:-_RIDING_ALONG],
            momentum=learner.momentum,
        )
        self._loss, self._wish = self._vector[-2], self._vector[-1]
        self._on_cpu = self._vector.device.type == "cpu"
        self.attention = False

    def step(
        self,
        indices: Tensor,
        *,
        micro_batches: tuple[int, ...],
        rate: float,
        beta: float,
        kept: float,
        wish: bool,
    ) -> Tensor:
        """One step; the sum of the losses of all its samples, overwritten by the next step.

        Args:
            indices: Of all samples of the step, the same on every rank.
            micro_batches: Of this rank's part of them.
            rate: As `Learner.step` takes it, and the next two.
            beta: Momentum.
            kept: Share of the momentum buffer that stays.
            wish: Whether this rank, the first, wants attention after the step.

        Raises:
            RankLost: Another rank is gone.
        """
        self._vector.zero_()
        told = None if self._on_cpu else self._ranks.tell(wish)
        if wish and self._on_cpu:
            self._wish.fill_(1.0)
        if micro_batches or self._learner.augments:
            self._add_gradients(indices, micro_batches)
        self._ranks.sum_up(self._vector)
        self._learner.move(rate=rate, beta=beta, kept=kept)
        self.attention = bool(self._wish > 0 if told is None else self._ranks.heard(told))
        return self._loss

    def average_buffers(self) -> None:
        """Running statistics become the mean of those of all ranks; each saw only its items."""
        self._ranks.average(self._learner.model.buffers())

    def _add_gradients(self, indices: Tensor, micro_batches: tuple[int, ...]) -> None:
        weight = self._learner.weight_of_an_item(len(indices))
        part = self._ranks.part(len(indices))
        inputs = self._inputs_of(indices, part)
        chosen = torch.split(inputs, list(micro_batches))
        labels = torch.split(self._learner.labels_of(indices[part]), list(micro_batches))
        for some, theirs in zip(chosen, labels, strict=True):
            self._loss.add_(self._learner.add_gradients(some, theirs, weight))

    def _inputs_of(self, indices: Tensor, part: slice) -> Tensor:
        """This rank's inputs.

        An augmentation sees all items as it would on one device, in the same micro-batches: what
        happens to an item does not depend on the number of ranks.
        """
        if not self._learner.augments:
            return self._learner.inputs_of(indices[part])
        whole = (len(indices),) if self._plan is None else self._plan.split(len(indices))
        kept, begin = [], 0
        for some in torch.split(indices, list(whole)):
            changed = self._learner.inputs_of(some)
            kept.append(changed[max(part.start - begin, 0) : max(part.stop - begin, 0)])
            begin += len(some)
        return torch.cat(kept)
