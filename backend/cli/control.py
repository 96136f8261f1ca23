"""``paybatch schedule control``: today's formula, planned again for a candidate's effort."""

from pathlib import Path
from typing import get_args

import click

from backend.cli.files import read, read_data, write_json
from backend.cli.options import file_argument, language_option, out_option
from backend.cli.plug_ins import known_here
from backend.wire.codec import decode, encode
from planner.devices.throughput import ThroughputCurve
from planner.economics.rates import HardwareProfile, RateCard
from planner.money import Money
from planner.pilots.pilot import Pilot, check_workload
from planner.plans.equal_effort import ControlRequest, Effort, equal_effort
from wording.language import Language

EXAMPLE = """\b
Example, on the folder that "paybatch pilot run" wrote:
  paybatch schedule control out/pilot.json --candidate "growing batch" --effort time \\
      --throughput out/throughput.json
"""


@click.command(epilog=EXAMPLE)
@file_argument
@click.option("--candidate", required=True, help="Schedule whose effort is to be matched.")
@click.option(
    "--effort",
    type=click.Choice(get_args(Effort)),
    default="steps",
    show_default=True,
    help="What is to be equal over the whole planned run.",
)
@click.option("--name", default=None, help="Of the control; by default made of the others.")
@click.option(
    "--throughput",
    type=click.Path(path_type=Path),
    default=None,
    help="Throughput curve of the device; needed for time and money.",
)
@out_option
@language_option
def control(
    file: Path,
    candidate: str,
    effort: Effort,
    name: str | None,
    throughput: Path | None,
    out: Path | None,
    language: Language,
) -> None:
    """Plans today's schedule in FILE, a pilot, again for the effort of a candidate.

    Writes the schedule, to be added to the pilot as one more candidate, and how equal its effort
    is. Money without a production block is that of one device of the throughput curve.
    """
    pilot = decode(Pilot, read_data(file))
    known = known_here(pilot.workload, language)
    check_workload(pilot, known)
    curve = None if throughput is None else read(ThroughputCurve, throughput)
    request = ControlRequest(
        pilot=pilot,
        candidate=candidate,
        effort=effort,
        name=name or f"{pilot.baseline.name}, {effort} of {candidate}",
    )
    found = equal_effort(
        request,
        workload=known[pilot.workload],
        throughput=curve,
        hardware=_hardware(curve),
    )
    write_json(encode(found), out)


def _hardware(curve: ThroughputCurve | None) -> HardwareProfile:
    """One device of the curve; its price is the same for every schedule and decides nothing."""
    free = Money(amount=0.0, currency="USD")
    card = RateCard(
        id="this-computer",
        device="this-computer",
        vendor="",
        kind="this_computer",
        rent_per_gpu_hour=free,
    )
    return HardwareProfile(rate_card=card, device_count=1, throughput=curve)
