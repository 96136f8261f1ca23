"""``paybatch project``: one device carried to several, and other hardware, without a server."""

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import click

from backend.cli.files import read_data, write_csv, write_json
from backend.cli.inputs import ProjectionFile
from backend.cli.options import language_option, out_option
from backend.published.worked_cases import worked_cases
from backend.services.projections import looked_up
from backend.wire.codec import decode, encode
from planner.devices.fabric import Interconnect
from planner.projections.device_speed import measured_speed
from planner.projections.projection import DeviceProjection, project_devices
from planner.projections.what_if import what_if
from planner.projections.what_if_request import WhatIfRequest
from planner.projections.what_if_values import DevicePlan, WhatIf
from planner.projections.worked_case import PublishedTraining, WorkedRow
from planner.refusal import require
from wording.language import Language

PLAN_COLUMNS = (
    *("hardware", "plan", "device_counts", "training_h", "training_low_h", "training_high_h"),
    *("device_h", "cost", "npv", "currency", "extrapolations"),
)

ROW_COLUMNS = tuple(
    field.name
    for value in (PublishedTraining, WorkedRow)
    for field in dataclasses.fields(value)
    if field.name != "training"
)

EXAMPLE = """\b
Examples:
  paybatch project fabric.yaml --format csv
  paybatch project --example mlperf

\b
FILE holds a throughput curve, a fabric and the step that several devices share:
  throughput:
    workload: resnet50
    device: H100 SXM
    dtype: float16
    versions: torch 2.13.0
    evaluation_s: 0
    points:
      - {batch_size: 32, step_time_s: 0.0090, spread_fraction: 0.02, steps: 20}
      - {batch_size: 256, step_time_s: 0.0389, spread_fraction: 0.02, steps: 20}
  fabric: {bus_bytes_per_s: 100e9, latency_s: 5e-6, hops: ring}
  payload_bytes: 45e6
  batch_size: 8192
  device_counts: [8, 64, 512]
  largest_micro_batch_size: 256
  overlap_fraction: 0.7

\b
or a whole training on hardware of several kinds, for device plans as well:
  hardware:
    - name: H100
      typed_points: [{batch_size: 32, step_time_s: 0.0090}, {batch_size: 256, step_time_s: 0.0389}]
      fabric_id: nvlink4-h100      # or fabric: {bus_bytes_per_s: 25e9, latency_s: 5e-6}
      price_id: h100-sxm-runpod-secure
  stages:                          # global batch and samples up to the target
    - {batch_size: 256, samples: 12.8e6}
    - {batch_size: 2048, samples: 25.6e6}
  payload_bytes: 102e6
  device_use: elastic
  restart_s: 60
  deadline_h: 1
  today: {hardware: H100, device_count: 8}
  assumptions: {trainings_per_month: 20, cost_of_delay_per_day: 500}
"""


@click.command(epilog=EXAMPLE)
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option(
    "--example",
    type=click.Choice([case.key for case in worked_cases()]),
    help="A published case, worked out, instead of FILE.",
)
@click.option(
    "--format", "form", type=click.Choice(("json", "csv")), default="json", show_default=True
)
@out_option
@language_option
def project(
    file: Path | None,
    example: str | None,
    form: Literal["json", "csv"],
    out: Path | None,
    language: Language,
) -> None:
    """Projects the hardware in FILE to each number of devices, and finds the best plans of them."""
    del language  # only refusals are told in a language here
    require((file is None) != (example is None), "", "file_or_example")
    if file is None:
        case = next(case for case in worked_cases() if case.key == example)
        _write(case, ROW_COLUMNS, [list(_row_cells(row)) for row in case.rows], form, out)
        return
    data = read_data(file)
    if isinstance(data, dict) and "hardware" in data:
        answer = _what_if(decode(WhatIfRequest, data))
        _write(answer, PLAN_COLUMNS, list(_plan_rows(answer)), form, out)
        return
    projections = _projections(decode(ProjectionFile, data))
    columns = [field.name for field in dataclasses.fields(DeviceProjection)]
    rows = [[_cell(getattr(projection, name)) for name in columns] for projection in projections]
    _write(projections, columns, rows, form, out)


def _write(
    answer: object,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    form: Literal["json", "csv"],
    out: Path | None,
) -> None:
    """The answer in JSON, or its rows in CSV."""
    if form == "csv":
        write_csv(columns, rows, out, total=len(rows))
    elif isinstance(answer, tuple):
        write_json([encode(one) for one in answer], out)
    else:
        write_json(encode(answer), out)


def _projections(given: ProjectionFile) -> tuple[DeviceProjection, ...]:
    return project_devices(
        measured_speed(given.throughput),
        interconnect=Interconnect(
            fabric=given.fabric,
            payload_bytes=given.payload_bytes,
            overlap_fraction=given.overlap_fraction,
        ),
        batch_size=given.batch_size,
        device_counts=given.device_counts,
        largest_micro_batch_size=given.largest_micro_batch_size,
    )


def _what_if(request: WhatIfRequest) -> WhatIf:
    """Without a server there are no stored curves."""
    hardware = []
    for place, option in enumerate(request.hardware):
        field = f"hardware[{place}]"
        require(option.curve_number is None, f"{field}.curve_number", "curve_needs_server")
        require(option.scaling_number is None, f"{field}.scaling_number", "scaling_needs_server")
        hardware.append(looked_up(option, field))
    return what_if(dataclasses.replace(request, hardware=tuple(hardware)))


def _plan_rows(answer: WhatIf) -> Iterator[list[object]]:
    """Every plan of every hardware; one without a speed has a row that says so."""
    for one in answer.hardware:
        if one.unavailable is not None:
            yield [one.name, one.unavailable, *[None] * (len(PLAN_COLUMNS) - 2)]
        named = {"cheapest": one.cheapest, "fastest": one.fastest, "best_worth": one.best_worth}
        listed: list[tuple[str, DevicePlan | None]] = [
            *(("same_devices", plan) for plan in one.same_devices),
            *(("front", plan) for plan in one.front),
            *named.items(),
        ]
        for kind, plan in listed:
            if plan is not None:
                yield [one.name, kind, *_plan_cells(plan, answer.currency)]
        for told in one.measured:
            hours = (told.training_h, told.training_low_h, told.training_high_h)
            yield [one.name, "measured", told.device_count, *hours, *[None] * 5]


def _plan_cells(plan: DevicePlan, currency: str | None) -> list[object]:
    return [
        _cell(plan.device_counts),
        plan.training_h,
        plan.training_low_h,
        plan.training_high_h,
        plan.device_h,
        None if plan.cost is None else plan.cost.amount,
        None if plan.npv is None else plan.npv.amount,
        currency if plan.cost is not None else None,
        _cell(plan.extrapolations),
    ]


def _row_cells(row: WorkedRow) -> Iterator[object]:
    """A published training and what was worked out of it."""
    for name in ROW_COLUMNS:
        yield getattr(row if hasattr(row, name) else row.training, name)


def _cell(value: object) -> object:
    """Several values in one cell, a blank between them."""
    return " ".join(map(str, value)) if isinstance(value, tuple) else value
