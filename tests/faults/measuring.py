"""A worker that sends series of several runs, and writes down what the API acknowledged."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from backend.wire.codec import encode
from planner.exchange.series import SeriesChunk, SeriesGroup
from planner.exchange.work import ClaimedRun
from tests.faults.persistent import Client, Persistent

MOST_POINTS = 300
MOST_SENDS = 3

COLUMN = "batch_loss"


@dataclass
class Acknowledged:
    """What one group of a run's series holds, as its sender knows."""

    steps: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)


@dataclass
class Sending:
    """A run under measurement."""

    run: ClaimedRun
    steps_planned: int
    seq: int = 0
    groups: dict[SeriesGroup, Acknowledged] = field(default_factory=dict)


class Measuring(Client):
    """Sends chunk after chunk of random values, each up to three times and until it is acked."""

    def __init__(self, name: str, requests: Persistent, runs: Sequence[Sending]) -> None:
        super().__init__(name, requests)
        self.runs = runs

    def act(self) -> None:
        sending = self.rng.choice(self.runs)
        group: SeriesGroup = self.rng.choice(("train", "train", "train", "evaluation"))
        known = sending.groups.setdefault(group, Acknowledged())
        first = known.steps[-1] + 1 if known.steps else 1
        points = self.rng.randint(1, MOST_POINTS)
        steps = tuple(range(first, first + points))
        assert steps[-1] <= sending.steps_planned, "the run is too short for this test"
        values = tuple(self.rng.gauss(0, 1e3) for _ in steps)
        self._send(sending, group, steps, values)
        known.steps += steps
        known.values += values

    def _send(
        self,
        sending: Sending,
        group: SeriesGroup,
        steps: tuple[int, ...],
        values: tuple[float, ...],
    ) -> None:
        chunk = SeriesChunk(
            seq=sending.seq, group=group, steps=steps, columns={COLUMN: values}, wall_clock_s=1.0
        )
        run, body = sending.run, encode(chunk)
        path = f"/api/runs/{run.run_id}/attempts/{run.attempt}/series"
        times = self.rng.randint(0, MOST_SENDS - 1)
        self.requests.several(times, "POST", path, body, run.attempt_token)
        last = self.requests.until_acknowledged("POST", path, body, run.attempt_token)
        assert last.json() == {"acked_seq": sending.seq}
        sending.seq += 1
