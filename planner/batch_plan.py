"""How a batch is executed: whole, or as equal accumulated micro-batches."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MicroBatchPlan:
    """Fixed once per pilot before its first run, so that every run executes alike.

    Attributes:
        largest_micro_batch_size: Batches above it are split into the fewest equal parts.
    """

    largest_micro_batch_size: int
