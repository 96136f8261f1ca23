"""``paybatch schema``: the JSON schema of every file that commands read or write."""

from pathlib import Path
from typing import Any

import click
from pydantic.json_schema import JsonSchemaMode

from backend.cli.described_fields import with_descriptions
from backend.cli.files import write_json
from backend.cli.inputs import EconomicsFile, FlowsFile, ProjectionFile
from backend.cli.options import language_option, out_option
from backend.cli.outputs import ShownFlows, ShownPlan, ShownSchedule
from backend.documents.schedule_file import ScheduleFile
from backend.reports.measurement_files import MeasurementFiles
from backend.wire.codec import adapter
from backend.wire.problems import InputError, Problem
from planner.devices.scaling import ScalingCurve
from planner.devices.throughput import ThroughputCurve
from planner.economics.assumptions import Assumptions
from planner.exchange.report_files import ReportRecord
from planner.pilots.pilot import Pilot
from planner.pilots.workload import Workload
from planner.plans.published_facts import PublishedState
from planner.projections.projection import DeviceProjection
from planner.projections.what_if_request import WhatIfRequest
from planner.projections.what_if_values import WhatIf
from planner.projections.worked_case import WorkedCase
from planner.refusal import Refusal
from planner.reviews.review import FORMAT_VERSION, Review
from wording.language import Language

DRAFT = "https://json-schema.org/draft/2020-12/schema"

FORMATS: dict[str, Any] = {
    "pilot": Pilot,
    "throughput": ThroughputCurve,
    "scaling": ScalingCurve,
    "assumptions": Assumptions,
    "measurements": MeasurementFiles,
    "workload": Workload,
    "review": Review,
    "report-shown": ReportRecord,
    "schedules": ScheduleFile,
    "schedules-shown": tuple[ShownSchedule, ...],
    "published-settings-shown": tuple[PublishedState, ...],
    "economics-plan": EconomicsFile,
    "economics-plan-shown": ShownPlan,
    "economics-flows": FlowsFile,
    "economics-flows-shown": ShownFlows,
    "projection": ProjectionFile,
    "projection-shown": tuple[DeviceProjection, ...],
    "worked-case-shown": WorkedCase,
    "what-if": WhatIfRequest,
    "what-if-shown": WhatIf,
}
"""Types by the name of their schema; what ends in ``-shown`` is an answer, as is the record."""

RECORD = "review"
"""The format that others may build on, too: docs/review.md explains it and its versions."""

EXAMPLE = """\b
Example:
  paybatch schema pilot
  paybatch schema --all docs/formats
"""


@click.command(epilog=EXAMPLE)
@click.argument("name", type=click.Choice(sorted(FORMATS)), metavar="[NAME]", required=False)
@click.option(
    "--all", "folder", type=click.Path(path_type=Path), help="Write all of them into a folder."
)
@out_option
@language_option
def schema(name: str | None, folder: Path | None, out: Path | None, language: Language) -> None:
    """Shows the JSON schema of a file that commands read or write."""
    del language  # only refusals are told in a language here
    if folder is not None:
        try:
            for title in FORMATS:
                write_json(schema_of(title), folder / f"{title}.schema.json")
        except OSError as error:
            problem = Problem(field=str(folder), code="folder_not_writable")
            raise InputError((problem,)) from error
        return
    if name is None:
        raise Refusal("NAME", "format_missing", allowed=", ".join(sorted(FORMATS)))
    write_json(schema_of(name), out)


def schema_of(name: str) -> dict[str, Any]:
    """The schema of one format; an answer's schema describes what is written."""
    is_answer = name.endswith("-shown") or name == RECORD
    mode: JsonSchemaMode = "serialization" if is_answer else "validation"
    found = with_descriptions(adapter(FORMATS[name]).json_schema(mode=mode))
    return {"$schema": DRAFT, **(_record(found) if name == RECORD else found)}


def _record(found: dict[str, Any]) -> dict[str, Any]:
    """The record with its name and version; others may add fields of their own to it."""
    kinds = {kind: _open(described) for kind, described in found["$defs"].items()}
    version = {**found["properties"]["format_version"], "const": FORMAT_VERSION}
    return {
        "$id": f"urn:paybatch:review:{FORMAT_VERSION}",
        **_open(found),
        "title": "Return on investment of a training schedule",
        "version": str(FORMAT_VERSION),
        "properties": {**found["properties"], "format_version": version},
        "$defs": kinds,
    }


def _open(described: dict[str, Any]) -> dict[str, Any]:
    return {key: found for key, found in described.items() if key != "additionalProperties"}
