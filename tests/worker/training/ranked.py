"""Runs trained by several ranks, forked from here as the fork server's child forks them."""

import dataclasses
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import torch
from torch import Generator, Tensor, nn

from planner.exchange.work import ClaimedRun
from tests.worker.builders import FOR_EVER, checkpoints_in, place_for, reports_in
from worker.data.places import DataPlaces
from worker.job import LocalCheckpoint
from worker.spool import Report
from worker.training import checkpoint
from worker.training.arithmetic import as_trainers_compute
from worker.training.following_context import FollowingContext
from worker.training.rank_launcher import run_ranks
from worker.training.ranks import Ranks
from worker.training.run_context import RunContext
from worker.training.trainer import train
from worker.workloads.contract import Augmentation, Splits
from worker.workloads.digits_mlp import DigitsMlp


class Exact(DigitsMlp):
    """The digits in double precision: worlds differ in the order of sums alone."""

    def load(self, places: DataPlaces) -> Splits:
        return {
            name: (inputs.double(), labels)
            for name, (inputs, labels) in super().load(places).items()
        }

    def make_model(self, seed: int) -> nn.Module:
        return super().make_model(seed).double()


class Shaken(Exact):
    """Noise on every input; what is drawn depends on how many items are changed at once."""

    @property
    def augmentation(self) -> Augmentation:
        def shake(inputs: Tensor, generator: Generator) -> Tensor:
            scale = torch.rand(1, generator=generator, dtype=inputs.dtype)
            return inputs + scale * torch.randn(
                inputs.shape, generator=generator, dtype=inputs.dtype
            )

        return shake


class Normalised(Exact):
    """With batch normalisation before the last layer."""

    def make_model(self, seed: int) -> nn.Module:
        model = super().make_model(seed)
        return nn.Sequential(nn.BatchNorm1d(64, dtype=torch.float64), nn.Flatten(), model)


@dataclasses.dataclass(frozen=True, slots=True)
class Trained:
    """What an attempt said, and what it left."""

    scratch: Path
    reports: list[Report]

    @property
    def checkpoints(self) -> tuple[LocalCheckpoint, ...]:
        return checkpoints_in(self.scratch, self.reports)

    def state(self) -> Mapping[str, Tensor]:
        newest = self.checkpoints[0]
        tensors, _ = checkpoint.load(
            newest.folder, sha256=newest.sha256, size_bytes=newest.size_bytes
        )
        return tensors


def trained_by(
    count: int,
    run: ClaimedRun,
    scratch: Path,
    *,
    workload: DigitsMlp,
    checkpoints: tuple[LocalCheckpoint, ...] = (),
    kind: str = "cpu",
) -> Trained:
    """Trains an attempt with so many ranks."""
    place_for(scratch, deadline=FOR_EVER)
    places = DataPlaces(cache_dir=scratch.parent / "cache")
    workload.load(places)
    run_ranks(
        _rank,
        dataclasses.replace(run, device_count=count),
        scratch,
        workload,
        places,
        checkpoints,
        kind,
        count=count,
        folder=scratch / "ranks",
        kind=kind,
        visible_devices=",".join(map(str, range(count))),
    )
    return Trained(scratch, reports_in(scratch))


def _rank(
    ranks: Ranks,
    run: ClaimedRun,
    scratch: Path,
    workload: DigitsMlp,
    places: DataPlaces,
    checkpoints: tuple[LocalCheckpoint, ...],
    device: str,
) -> None:
    kind = FollowingContext if ranks.follows else RunContext
    context = kind(run, scratch=scratch, checkpoints=checkpoints, device=device, ranks=ranks)
    with as_trainers_compute(), closing(context):
        train([context], workload, places=places)
