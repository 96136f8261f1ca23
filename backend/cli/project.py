"""``paybatch project``: one device's throughput carried to several, without a server."""

import dataclasses
from pathlib import Path
from typing import Literal

import click

from backend.cli.files import read, write_csv, write_json
from backend.cli.inputs import ProjectionFile
from backend.cli.options import file_argument, language_option, out_option
from backend.codec import encode
from planner.projections.projection import DeviceProjection, project_devices
from wording.language import Language

EXAMPLE = """\b
Example:
  paybatch project fabric.yaml --format csv

\b
FILE holds a throughput curve and a fabric:
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
"""


@click.command(epilog=EXAMPLE)
@file_argument
@click.option(
    "--format", "form", type=click.Choice(("json", "csv")), default="json", show_default=True
)
@out_option
@language_option
def project(file: Path, form: Literal["json", "csv"], out: Path | None, language: Language) -> None:
    """Projects a throughput curve and a fabric in FILE to each number of devices."""
    del language  # only refusals are told in a language here
    given = read(ProjectionFile, file)
    projections = project_devices(
        given.throughput,
        fabric=given.fabric,
        payload_bytes=given.payload_bytes,
        batch_size=given.batch_size,
        device_counts=given.device_counts,
        largest_micro_batch_size=given.largest_micro_batch_size,
        overlap_fraction=given.overlap_fraction,
    )
    if form == "json":
        write_json([encode(projection) for projection in projections], out)
        return
    columns = [field.name for field in dataclasses.fields(DeviceProjection)]
    rows = [[getattr(projection, name) for name in columns] for projection in projections]
    write_csv(columns, rows, out, total=len(rows))
