"""The next few steps of a bundle, taken by its only member's learner or by one for all members."""

from collections import deque
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from worker.training.bundled_learner import BundledBatch, BundledLearner
from worker.training.failure import failing_alone
from worker.training.member import Member
from worker.training.ranked_learner import RankedLearner


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


class RankedSteps:
    """Steps of one member that several ranks take together, each with its part of the items.

    Whether anything else is due is the first rank's to say. Its wish rides along with the next
    step, so that all ranks stop after the same one, a step later than the first would alone.
    """

    def __init__(self, member: Member, learner: RankedLearner) -> None:
        self._member = member
        self._plan, self._sampler, self._losses = member.plan, member.sampler, member.losses
        self._learner = learner
        self._wish = False

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
            wish=self._wish,
        )
        self._losses.append(loss)

    def want_attention(self, step: int) -> bool:
        """Notes that ``step`` steps are done; whether the first rank wanted something before."""
        self._wish = self._member.context.wants_attention(step)
        return self._learner.attention

    def hand_out(self) -> None:
        """Gives the member its losses, and every rank the same model."""
        self._learner.average_buffers()
        self._member.take_in_losses(self._losses.drain())


class BundledSteps:
    """Steps of several members, which stand at the same one and whose plans have one outline."""

    def __init__(self, members: Sequence[Member], learner: BundledLearner, *, end: int) -> None:
        """At most up to the step ``end``, within one epoch."""
        first = members[0]
        self._members = members
        self._learner = learner
        self._plan = first.plan
        self._began = first.step
        self._end = end
        rates = [member.plan.table.learning_rate[first.step : end] for member in members]
        self._rates = learner.parameters.new_tensor(np.stack(rates, axis=1)).unsqueeze(2).unbind()
        self._orders = torch.stack([member.sampler.rest() for member in members])
        self._fetched = 0
        self._ahead: deque[BundledBatch] = deque()
        self._means: list[Tensor] = []
        self._notes = [member.context.wants_attention for member in members]

    def take(self, step: int) -> None:
        """Takes the step that follows ``step`` steps with every member."""
        if not self._ahead:
            self._fetch(step)
        plan = self._plan
        means = self._learner.step(
            self._ahead.popleft(),
            micro_batches=plan.split[plan.items[step]],
            rates=self._rates[step - self._began],
            beta=plan.beta[step],
            kept=plan.kept[step],
        )
        self._means.append(means)

    def want_attention(self, step: int) -> bool:
        """Notes it for every member; whether any of them wants something."""
        return any([note(step) for note in self._notes])  # noqa: C419 - all of them take note

    def hand_out(self) -> None:
        """Gives the members their losses, and lets their samplers follow."""
        if not self._means:
            return
        items = self._plan.items[self._began : self._began + len(self._means)]
        means = torch.stack(self._means, dim=1).double()
        sums = (means * means.new_tensor(items)).tolist()
        for member, theirs in zip(self._members, sums, strict=True):
            member.sampler.take(sum(items))
            with failing_alone([member.context]):
                member.take_in_losses(theirs)

    def _fetch(self, step: int) -> None:
        """The samples of the next steps of one size, as many as are fetched at once."""
        items = self._plan.items[step]
        most = min(self._end, step + self._learner.steps_at_once(items))
        steps = 1
        while step + steps < most and self._plan.items[step + steps] == items:
            steps += 1
        chosen = self._orders[:, self._fetched : self._fetched + steps * items]
        self._ahead.extend(self._learner.batches(chosen, steps=steps))
        self._fetched += steps * items
