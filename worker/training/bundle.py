"""Members that stand at one step and take the next ones together; a run alone is a bundle of one.

What a member does between two steps is its own: an error there ends that member and no other.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial

from planner.devices.throughput import Execution
from worker.plug_ins.problem import PlugInWrong
from worker.training.bundled_evaluation import BundledEvaluator
from worker.training.bundled_learner import NOT_THIS_WAY, BundledLearner
from worker.training.failure import failing_alone
from worker.training.member import Member
from worker.training.memory import is_out_of_memory
from worker.training.ranked_learner import RankedLearner
from worker.training.series import CHUNK_STEPS
from worker.training.steps import BundledSteps, RankedSteps, SingleSteps, Steps

log = logging.getLogger(__name__)


class Bundle:
    """Takes steps with all members that are left.

    Attributes:
        members: Those that are not over yet, and not split off.
    """

    def __init__(self, members: list[Member], execution: Execution = "sequential") -> None:
        self.members = members
        self._execution = execution
        self._learner: BundledLearner | None = None
        self._evaluator: BundledEvaluator | None = None
        self._ranked: RankedLearner | None = None
        self._stepping = False
        self._too_large = False

    def each(self, action: Callable[[Member], None]) -> None:
        """Has every member do something; those that are over afterwards leave the bundle."""
        for member in self.members:
            with failing_alone([member.context]):
                action(member)
        self._part_with_those_over()

    def begin(self) -> None:
        """Every member says where it starts, before anybody takes a step."""
        self.each(partial(Member.begin, bundle_size=len(self.members)))

    def measure(self) -> None:
        """Measures what is due after the last step; metrics in one pass for all members."""
        if len(self.members) > 1 and all(member.evaluation_due for member in self.members):
            self._evaluate_together()
        self.each(Member.measure)

    def stop_when_asked(self) -> None:
        """Those that somebody wants to end leave a checkpoint and go.

        A signal asks all of them, but may come while one after the other is looked at. So it is
        looked until nothing changes: either all of them leave at this step, or all at a later one.
        Otherwise they would stand at different steps, and could not be trained together again.
        """
        asked = self._asked()
        while (now := self._asked()) != asked:
            asked = now
        if asked:
            self.each(lambda member: member.stop() if member in asked else None)

    def _asked(self) -> list[Member]:
        return [member for member in self.members if member.is_to_stop()]

    def advance(self) -> None:
        """Takes steps until something else is due; an error in a step is every member's.

        When several members do not fit into memory, the step is not taken: see `split_off`.
        """
        if not self.members:
            return
        if not self._stepping:
            self._share_the_clock(time.monotonic())
        self._stepping = True
        with failing_alone([member.context for member in self.members]):
            self._take_steps()
        self._part_with_those_over()

    def act_on_divergence(self) -> None:
        """Members that left the healthy range go back or end; going back breaks the common step.

        One that went back is released, to be claimed and trained alone.
        """
        together = len(self.members) > 1
        self.each(Member.act_on_divergence)
        if together:
            self.each(Member.release_if_behind)

    def split_off(self) -> list["Bundle"]:
        """Those that cannot take the next step with the first: they wait for a turn of their own.

        That is everybody where runs are trained one after the other; else who was resumed at
        another step or has another plan, and one half where memory is short.
        """
        ours, *others = self._groups() or [[]]
        if self._too_large and len(ours) > 1:
            half = len(ours) // 2
            ours, others = ours[:half], [*others, ours[half:]]
        self._too_large = False
        if others:
            self._go_on_with(ours)
        return [Bundle(members, self._execution) for members in others]

    def _groups(self) -> list[list[Member]]:
        """Members that can take the next step together."""
        if self._execution == "sequential":
            return [[member] for member in self.members]
        alike: dict[tuple[int, str], list[Member]] = defaultdict(list)
        for member in self.members:
            alike[member.step, member.plan.outline].append(member)
        return list(alike.values())

    def _take_steps(self) -> None:
        step = self.members[0].step
        due = [member.plan.next_boundary(step) for member in self.members]
        if len(self.members) > 1:
            due.append(self.members[0].plan.epoch_end(step))
        end = min([*due, step + CHUNK_STEPS])
        steps = self._next_steps(end)
        try:
            while step < end:
                steps.take(step)
                step += 1
                if steps.want_attention(step):
                    break
        except (RuntimeError, MemoryError) as error:
            if len(self.members) == 1 or not is_out_of_memory(error):
                raise
            log.warning("%d members do not fit into memory at step %d", len(self.members), step)
            self._too_large = True
        steps.hand_out()

    def _next_steps(self, end: int) -> Steps:
        if len(self.members) == 1:
            return self._steps_of(self.members[0])
        return BundledSteps(self.members, self._one_learner(), end=end)

    def _steps_of(self, member: Member) -> Steps:
        ranks = member.context.ranks
        if not ranks.several:
            return SingleSteps(member)
        if self._ranked is None:
            plan = member.context.run.micro_batch_plan
            self._ranked = RankedLearner(member.learner, ranks, plan=plan)
        return RankedSteps(member, self._ranked)

    def _one_learner(self) -> BundledLearner:
        """That of all members that are left."""
        if self._learner is None:
            learners = [member.learner for member in self.members]
            self._learner = BundledLearner(learners, self._execution)
        return self._learner

    def _evaluate_together(self) -> None:
        """Leaves undone what cannot be done so: each member is then evaluated by itself."""
        try:
            if self._evaluator is None:
                self._evaluator = BundledEvaluator(self.members[0].evaluator, self._one_learner())
            found = self._evaluator.metrics()
        except (MemoryError, PlugInWrong, *NOT_THIS_WAY) as error:
            log.warning("members are evaluated one after the other: %s", error)
            return
        for member, metrics in zip(self.members, found, strict=True):
            member.take_in_metrics(metrics)

    def _part_with_those_over(self) -> None:
        left = [member for member in self.members if not member.context.over]
        if len(left) < len(self.members):
            self._go_on_with(left)

    def _go_on_with(self, left: list[Member]) -> None:
        """The others' clocks stand still from now on, and a new learner will hold only these."""
        now = time.monotonic()
        for member in self.members:
            member.context.clock.count(0.0, now=now)
        self.members = left
        self._learner = self._evaluator = None
        if self._stepping:
            self._share_the_clock(now)

    def _share_the_clock(self, now: float) -> None:
        """From now on every member counts an equal share of the bundle's seconds."""
        for member in self.members:
            member.context.clock.count(1 / len(self.members), now=now)
