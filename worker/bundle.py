"""Members that stand at one step and take the next ones together; a run alone is a bundle of one.

What a member does between two steps is its own: an error there ends that member and no other.
"""

import time
from collections.abc import Callable

from worker.failure import failing_alone
from worker.member import Member
from worker.series import CHUNK_STEPS


class Bundle:
    """Takes steps with all members that are left.

    Attributes:
        members: Those that are not over yet.
    """

    def __init__(self, members: list[Member]) -> None:
        self.members = members
        self._stepping = False

    def each(self, action: Callable[[Member], None]) -> None:
        """Has every member do something; those that are over afterwards leave the bundle."""
        for member in self.members:
            with failing_alone([member.context]):
                action(member)
        self._part_with_those_over()

    def advance(self) -> None:
        """Takes steps until something else is due; an error in a step is every member's."""
        if not self._stepping:
            self._share_the_clock(time.monotonic())
        self._stepping = True
        with failing_alone([member.context for member in self.members]):
            for member in self.members:
                self._take_steps(member)
        self._part_with_those_over()

    def act_on_divergence(self) -> None:
        """Members that left the healthy range go back or end; going back breaks the common step.

        One that went back is released, to be claimed and trained alone.
        """
        together = len(self.members) > 1
        self.each(Member.act_on_divergence)
        if together:
            self.each(Member.release_if_behind)

    def _take_steps(self, member: Member) -> None:
        context, plan, step = member.context, member.plan, member.step
        learner, sampler, losses = member.learner, member.sampler, member.losses
        end = min(plan.next_boundary(step), step + CHUNK_STEPS)
        while step < end:
            items = plan.items[step]
            loss = learner.step(
                sampler.take(items),
                micro_batches=plan.split[items],
                rate=plan.rate[step],
                beta=plan.beta[step],
                kept=plan.kept[step],
            )
            losses.append(loss)
            step += 1
            if context.wants_attention(step):
                break
        member.take_in_losses(losses.drain())

    def _part_with_those_over(self) -> None:
        over = [member for member in self.members if member.context.over]
        if not over:
            return
        now = time.monotonic()
        for member in over:
            member.context.clock.count(0.0, now=now)
        self.members = [member for member in self.members if not member.context.over]
        if self._stepping:
            self._share_the_clock(now)

    def _share_the_clock(self, now: float) -> None:
        """From now on every member counts an equal share of the bundle's seconds."""
        for member in self.members:
            member.context.clock.count(1 / len(self.members), now=now)
