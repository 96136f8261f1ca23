"""The next few steps of a bundle, taken by its only member's learner or by one for all members."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from worker.bundled_learner import BundledLearner
from worker.bundled_sampler import BundledSampler
from worker.failure import failing_alone
from worker.member import Member


class Steps(Protocol):
    """Steps up to the next one at which something else is due."""

    def take(self, step: int) -> None:
        """Takes the step that follows ``step`` steps; without effect when it raises."""

    def want_attention(self, step: int) -> bool:
        """Notes that ``step`` steps are done; whether anything but the next step is due."""

    def hand_out(self) -> None:
        """Gives the members what was measured in the steps taken."""


class SingleSteps:
    """Steps of one member."""

    def __init__(self, member: Member) -> None:
        self._member = member
        self._plan, self._learner, self._sampler = member.plan, member.learner, member.sampler
        self._losses = member.losses
        self.want_attention = member.context.wants_attention

    def take(self, step: int) -> None:
        """Takes the step that follows ``step`` steps."""
        plan = self._plan
        items = plan.items[step]
        loss = self._learner.step(
            self._sampler.take(items),
            micro_batches=plan.split[items],
            rate=plan.rate[step],
            beta=plan.beta[step],
            kept=plan.kept[step],
        )
        self._losses.append(loss)

    def hand_out(self) -> None:
        """Gives the member its losses."""
        self._member.take_in_losses(self._losses.drain())


class BundledSteps:
    """Steps of several members, which stand at the same one and whose plans have one outline."""

    def __init__(self, members: Sequence[Member], learner: BundledLearner, *, end: int) -> None:
        first = members[0]
        self._members = members
        self._learner = learner
        self._plan = first.plan
        self._began = first.step
        self._sampler = BundledSampler([member.sampler for member in members])
        rates = [member.plan.table.learning_rate[first.step : end] for member in members]
        self._rates = learner.parameters.new_tensor(np.stack(rates, axis=1)).unsqueeze(2).unbind()
        self._losses: list[Tensor] = []
        self._notes = [member.context.wants_attention for member in members]

    def take(self, step: int) -> None:
        """Takes the step that follows ``step`` steps with every member."""
        plan = self._plan
        items = plan.items[step]
        indices = self._sampler.take(items)
        try:
            losses = self._learner.step(
                indices,
                micro_batches=plan.split[items],
                rates=self._rates[step - self._began],
                beta=plan.beta[step],
                kept=plan.kept[step],
            )
        except (RuntimeError, MemoryError):
            self._sampler.give_back(items)
            raise
        self._losses.append(losses)

    def want_attention(self, step: int) -> bool:
        """Notes it for every member; whether any of them wants something."""
        return any([note(step) for note in self._notes])  # noqa: C419 - all of them take note

    def hand_out(self) -> None:
        """Gives the members their losses, and lets their samplers follow."""
        self._sampler.settle()
        if not self._losses:
            return
        sums = torch.stack(self._losses, dim=1).tolist()
        for member, theirs in zip(self._members, sums, strict=True):
            with failing_alone([member.context]):
                member.take_in_losses(theirs)
