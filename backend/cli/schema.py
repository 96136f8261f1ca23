"""``paybatch schema``: the JSON schema of every file that commands read or write."""

from pathlib import Path
from typing import Any

import click
from pydantic.json_schema import JsonSchemaMode

from backend.cli.files import write_json
from backend.cli.inputs import EconomicsFile, FlowsFile, ProjectionFile, ScheduleFile
from backend.cli.options import language_option, out_option
from backend.cli.outputs import ShownFlows, ShownPlan, ShownSchedule
from backend.codec import adapter
from backend.reports.measurement_files import MeasurementFiles
from planner.devices.throughput import ThroughputCurve
from planner.economics.assumptions import Assumptions
from planner.pilots.pilot import Pilot
from planner.pilots.workload import Workload
from planner.projections.projection import DeviceProjection
from planner.projections.what_if_request import WhatIfRequest
from planner.projections.what_if_values import WhatIf
from planner.reviews.review import Review
from wording.language import Language

DRAFT = "https://json-schema.org/draft/2020-12/schema"

FORMATS: dict[str, Any] = {
    "pilot": Pilot,
    "throughput": ThroughputCurve,
    "assumptions": Assumptions,
    "measurements": MeasurementFiles,
    "workload": Workload,
    "review-shown": Review,
    "schedules": ScheduleFile,
    "schedules-shown": tuple[ShownSchedule, ...],
    "economics-plan": EconomicsFile,
    "economics-plan-shown": ShownPlan,
    "economics-flows": FlowsFile,
    "economics-flows-shown": ShownFlows,
    "projection": ProjectionFile,
    "projection-shown": tuple[DeviceProjection, ...],
    "what-if": WhatIfRequest,
    "what-if-shown": WhatIf,
}
"""Types by the name of their schema; what ends in ``-shown`` is an answer."""

EXAMPLE = """\b
Example:
  paybatch schema pilot
  paybatch schema --all docs/formats
"""


@click.command(epilog=EXAMPLE)
@click.argument("name", type=click.Choice(sorted(FORMATS)), required=False)
@click.option(
    "--all", "folder", type=click.Path(path_type=Path), help="Write all of them into a folder."
)
@out_option
@language_option
def schema(name: str | None, folder: Path | None, out: Path | None, language: Language) -> None:
    """Shows the JSON schema of a file that commands read or write."""
    del language  # only refusals are told in a language here
    if folder is not None:
        for title in FORMATS:
            write_json(schema_of(title), folder / f"{title}.schema.json")
        return
    if name is None:
        raise click.UsageError(f"Name one of {', '.join(sorted(FORMATS))}, or use --all.")
    write_json(schema_of(name), out)


def schema_of(name: str) -> dict[str, Any]:
    """The schema of one format; an answer's schema describes what is written."""
    mode: JsonSchemaMode = "serialization" if name.endswith("-shown") else "validation"
    return {"$schema": DRAFT, **adapter(FORMATS[name]).json_schema(mode=mode)}
