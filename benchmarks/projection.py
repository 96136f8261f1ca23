"""Published trainings against the projection: writes docs/projection.md."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from backend.published.worked_cases import worked_cases
from benchmarks.scaling_rows import Row, rows
from planner.devices.fabric import Fabric, Interconnect
from planner.devices.throughput import ThroughputCurve, ThroughputPoint
from planner.projections.device_speed import DeviceSpeed, TypedPoint, typed_speed
from planner.projections.projection import project_devices
from planner.refusal import Refusal

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "projection.md"

RESNET50_BYTES = 25_557_032 * 4
"""Gradient of ResNet-50 in float32."""

INFINIBAND_100G = Fabric(bus_bytes_per_s=12.5e9, latency_s=5e-6)
"""Typed: 100 Gb/s and 5 us a hop, as the source names the network."""

NODE_DEVICES = 8
LARGEST_SHARE = 100_000

FITTED = {
    "H100 SXM": ("NVIDIA/dgxh100_ngc23.04_mxnet", "NVIDIA/dgxh100_n8_ngc23.04_mxnet"),
    "A100-PCIe-80GB": ("Dell/2xR750xax4A100-PCIE-80GB", "Dell/4xR750xax4A100-PCIE-80GB"),
    "A30": ("H3C/R4900G6x2A30-PCIE-24GB", "xFusion/G5500V7x10xA30"),
    "H100 PCIe": ("Quanta_Cloud_Technology/D54Q-2U", "Dell/R750xax4H100-PCIE-80GB"),
}
"""The two systems that each chip's model is made of, larger batch per device first where it is
the one with fewer devices; communication is inside of their step times."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A row with what was projected, or why nothing was.

    Attributes:
        covered: Whether the published value lies within the projected interval.
        fitted: Whether the model was made of this row, or of the same run.
    """

    row: Row
    projected: float | None = None
    naive: float | None = None
    covered: bool = False
    fitted: bool = False
    reason: str = ""

    @property
    def error(self) -> float | None:
        return None if self.projected is None else self.projected / self.row.value - 1

    @property
    def naive_error(self) -> float | None:
        return None if self.naive is None else self.naive / self.row.value - 1


def outcomes() -> list[Outcome]:
    """Every row, projected or with its reason."""
    every = rows()
    return [_outcome(row, every) for row in every]


def _outcome(row: Row, every: Sequence[Row]) -> Outcome:
    if row.data["metric"] == "busbw":
        return Outcome(row=row, reason="no training: it is a point of a measured fabric")
    if row.is_mlperf:
        return _of_mlperf(row, every)
    if not row.data["global_batch"]:
        return Outcome(row=row, reason="its batch is not stated, so no step time is known")
    return _of_one_device(row, every)


def _of_mlperf(row: Row, every: Sequence[Row]) -> Outcome:
    """From the two systems of its chip, which already hold all communication."""
    if row.chip not in FITTED:
        return Outcome(row=row, reason=_why_not_fitted(row, every))
    first, second = (
        next(one for one in every if one.system == name and one.data["metric"] != "time_to_train")
        for name in FITTED[row.chip]
    )
    points = sorted((_point(first), _point(second)), key=lambda point: point.batch_size)
    try:
        speed = typed_speed(tuple(points), device=row.chip)
    except Refusal:
        reason = "from the smaller to the larger batch a step grows by more than the batch"
        return Outcome(row=row, reason=f"its chip's two systems are refused: {reason}")
    naive = first.images_per_s / first.devices * row.devices
    fitted = row.system in FITTED[row.chip]
    return _projected(row, speed, None, naive_images_per_s=naive, fitted=fitted)


def _why_not_fitted(row: Row, every: Sequence[Row]) -> str:
    same = [one for one in every if one.chip == row.chip and one.is_mlperf]
    shares = {one.batch // one.devices for one in same}
    if len(shares) == 1:
        return "one batch per device only was published of this chip; a model needs two"
    return "two batches per device were published of this chip; a model needs both of them"


def _point(row: Row) -> TypedPoint:
    share = row.batch // row.devices
    return TypedPoint(batch_size=share, step_time_s=row.batch / row.images_per_s)


def _of_one_device(row: Row, every: Sequence[Row]) -> Outcome:
    """From the same code on one device at the same batch, with a message over the network."""
    alone = next(
        one
        for one in every
        if one.data["note"] == row.data["note"]
        and one.data["gpu"] == row.data["gpu"]
        and one.devices == 1
    )
    if row.devices == 1:
        return Outcome(row=row, projected=row.value, naive=row.value, covered=True, fitted=True)
    if row.devices <= NODE_DEVICES:
        return Outcome(row=row, reason="nobody measured the NVLink 2 between its devices")
    curve = ThroughputCurve(
        workload="ResNet-50",
        device=row.data["gpu"],
        dtype="float32",
        versions=row.data["source"],
        points=(
            ThroughputPoint(
                batch_size=alone.batch,
                step_time_s=alone.batch / alone.value,
                spread_fraction=0,
                steps=1,
            ),
        ),
        evaluation_s=0,
    )
    speed = DeviceSpeed(curve=curve, origin="measured", source=row.data["source"])
    network = Interconnect(fabric=INFINIBAND_100G, payload_bytes=RESNET50_BYTES)
    return _projected(row, speed, network, naive_images_per_s=alone.value * row.devices)


def _projected(
    row: Row,
    speed: DeviceSpeed,
    interconnect: Interconnect | None,
    *,
    naive_images_per_s: float,
    fitted: bool = False,
) -> Outcome:
    (found,) = project_devices(
        speed,
        interconnect=interconnect,
        batch_size=row.batch,
        device_counts=(row.devices,),
        largest_micro_batch_size=LARGEST_SHARE,
    )
    step_s = row.batch / row.images_per_s
    return Outcome(
        row=row,
        projected=row.value_at(found.samples_per_s),
        naive=row.value_at(naive_images_per_s),
        covered=found.step_time_low_s <= step_s <= found.step_time_high_s,
        fitted=fitted,
    )


def document() -> str:
    """The whole page."""
    found = outcomes()
    checked = [one for one in found if one.projected is not None and not one.fitted]
    parts = (*_head(), *_case(), *_devices_of_ones_own(), *_summary(checked), *_table(found))
    return "\n".join(parts) + "\n"


def _head() -> Iterator[str]:
    yield "# Projection against published trainings"
    yield ""
    yield "Written by `python -m benchmarks.projection` (`make projection`), as found, from"
    yield "`backend/data/mlperf_h100_resnet50.csv` and `benchmarks/data/scaling_points.csv`."
    yield "Each row of the data names its source. *Naive* keeps the samples per second of a device."
    yield ""
    yield "A step of N devices is `t_opt + n_acc t(b) + max(0, comm - overlap 2/3 t(b))` with"
    yield "`comm = delay hops(N) + 2 (N-1)/N bytes/bandwidth(bytes)`. Its interval is 10 % to"
    yield "each side, twice that for each of: a batch per device outside of the measured ones,"
    yield "fewer than 32 samples per device, more than 1,000 devices, more devices than the"
    yield "fabric was measured with."
    yield "A message smaller than any that was measured on a fabric lies between the smallest one's"
    yield "bandwidth and its time, at most six times less."
    yield ""


def _case() -> Iterator[str]:
    (case,) = worked_cases()
    model = case.model
    yield "## From two rows to the others"
    yield ""
    yield f"{case.workload} on {case.device}. The rows of 8 and 64 devices give a step of"
    yield (
        f"{model.micro_batch_overhead_s * 1e3:.2f} ms + {model.sample_s * 1e3:.4f} ms an image, "
        "communication inside."
    )
    yield ""
    yield "| devices | batch | published min | projected min | our error | naive error |"
    yield "| ---: | ---: | ---: | ---: | ---: | ---: |"
    for row in case.rows:
        ours = "fitted" if row.fitted else f"{row.projection_error_fraction:+.1%}"
        training = row.training
        yield (
            f"| {training.device_count:,} | {training.batch_size:,}"
            f" | {training.training_h * 60:.3f} | {row.projected_h * 60:.3f}"
            f" | {ours} | {row.naive_error_fraction:+.1%} |"
        )
    others = [row for row in case.rows if not row.fitted]
    ours, naive = (
        median(abs(getattr(row, name)) for row in others)
        for name in ("projection_error_fraction", "naive_error_fraction")
    )
    yield ""
    yield f"Median error of the others: {ours:.1%}, naive {naive:.1%}, ratio {ours / naive:.2f}."
    yield "Goal: at most 10 % and a third of naive."
    yield ""


def _devices_of_ones_own() -> Iterator[str]:
    yield "## Against devices of one's own"
    yield ""
    yield "A worker with several devices measures whole steps, steps without exchange and bare"
    yield "all-reduces on 1, 2, 4 ... of them ([throughput.md](throughput.md)). From the steps on"
    yield "one device and the bare all-reduces alone follow a measured fabric (`2 (N-1)/N payload"
    yield "/ seconds` of bus bandwidth), the share of the backward pass behind which messages"
    yield "hid, and a projection to N devices, which is then held against the whole steps. The"
    yield "model knows nothing of what several devices take from each other, such as memory"
    yield "bandwidth. `python -m benchmarks.bench_scaling` prints projected over measured step"
    yield "time at every batch on two processes of this computer, which must do nothing else. On"
    yield "two idle cores (torch 2.13.0, gloo over loopback) the median error was 5.5 % for"
    yield "`pydoc-charlm` (steps of 7 to 1,650 ms, six batches: ratios 0.77, 0.94, 0.98, 1.11,"
    yield "1.03, 0.95) and 25.9 % for `digits-mlp` (1.2 to 1.7 ms, five batches: 0.70, 0.68,"
    yield "0.74, 0.83, 0.88). The aim of 10 % is met by the first and missed by the second: of"
    yield "its steps most is the wait of two processes for each other, which a bare exchange,"
    yield "measured without anything before it, does not have."
    yield ""


def _summary(checked: Sequence[Outcome]) -> Iterator[str]:
    yield "## Every row of scaling_points.csv"
    yield ""
    yield "Models are made of two systems a chip, all communication inside; with one device, of its"
    yield "step and a message of 102 MB over 100 Gb/s that nothing hides. *Within the interval* are"
    yield "values between the projection's ends: 10 % to each side, wider beyond what was measured."
    yield ""
    yield "| chip | rows checked | median error | naive | within the interval |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    groups = dict.fromkeys(one.row.chip for one in checked)
    for name, of_it in [
        *((chip, [one for one in checked if one.row.chip == chip]) for chip in groups),
        ("all", list(checked)),
    ]:
        ours = median(abs(one.error or 0.0) for one in of_it)
        naive = median(abs(one.naive_error or 0.0) for one in of_it)
        covered = sum(one.covered for one in of_it)
        yield f"| {name} | {len(of_it)} | {ours:.1%} | {naive:.1%} | {covered} of {len(of_it)} |"
    yield ""


def _table(found: Sequence[Outcome]) -> Iterator[str]:
    heads = ("line", "system", "chip", "devices", "batch", "quantity", "published", "projected")
    yield f"| {' | '.join((*heads, 'our error', 'naive error', 'why not'))} |"
    yield "| ---: | --- | --- | ---: | ---: | --- | ---: | ---: | ---: | ---: | --- |"
    for one in found:
        row = one.row
        cells = [
            str(row.line),
            row.system,
            row.chip,
            str(row.devices),
            row.data["global_batch"],
            f"{row.data['metric']}, {row.data['unit']}",
            f"{row.value:,g}",
            "" if one.projected is None or one.fitted else f"{one.projected:,.4g}",
            "fitted" if one.fitted else _told(one.error),
            "fitted" if one.fitted else _told(one.naive_error),
            one.reason,
        ]
        yield f"| {' | '.join(cells)} |"


def _told(error: float | None) -> str:
    return "" if error is None else f"{error:+.1%}"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
    print(f"{DOCUMENT.relative_to(ROOT)}: {len(outcomes())} rows")
