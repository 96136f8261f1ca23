"""``paybatch review``: a review from measured series in CSV, without a server."""

from pathlib import Path

import click

from backend.cli.files import read, write_json
from backend.cli.measured import read_measured
from backend.cli.options import file_argument, language_option, out_option
from backend.cli.verdict import show_review
from backend.reports.rollback_report import write_rollback_report
from backend.services.reviews import review_of
from backend.services.rollback_procedures import procedure_of
from backend.wire.codec import encode
from planner.economics.assumptions import Assumptions
from planner.money import Money
from planner.pilots.pilot import HardwareChoice
from planner.reviews.review_input import ComparedHardware, ReviewRequest
from wording.language import Language

EXAMPLE = """\b
Example, on the folder that "paybatch pilot run" wrote, at another price:
  paybatch review out/measurements.json --hardware h100-sxm-lambda-8x --device-count 8 \\
    --compare this-computer --compare h100-sxm-runpod-secure

\b
FILE names the files of a pilot, as paths beside it:
  pilot: pilot.yaml
  throughput: throughput.json
  runs: runs.csv                  # run, schedule, rate_multiplier, seed, purpose, status
  evaluations: evaluations.csv    # run, step, and one column a metric
  selected: {today: 1, growing batch: 2}
  finalists: [growing batch]
"""


@click.command(epilog=EXAMPLE)
@file_argument
@click.option("--hardware", default=None, help="Row of the price book instead of the pilot's.")
@click.option("--device-count", type=int, default=None, help="Instead of the pilot's.")
@click.option("--price", type=float, default=None, help="Own price of a device-hour.")
@click.option("--currency", default="USD", show_default=True, help="Currency of --price.")
@click.option(
    "--assumptions",
    "assumptions_file",
    type=click.Path(path_type=Path),
    default=None,
    help="Assumptions instead of the pilot's.",
)
@click.option(
    "--compare",
    "compared",
    multiple=True,
    help="Row of the price book to be set beside it; may be given again for another.",
)
@click.option(
    "--rollback",
    "rollback_folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="Folder for the rollback procedure, in both languages.",
)
@out_option
@language_option
def review(
    file: Path,
    hardware: str | None,
    device_count: int | None,
    price: float | None,
    currency: str,
    assumptions_file: Path | None,
    compared: tuple[str, ...],
    rollback_folder: Path | None,
    out: Path | None,
    language: Language,
) -> None:
    """Computes the review of the measurements that FILE names; --out writes it as JSON."""
    evidence, look = read_measured(file)
    pilot = evidence.pilot
    own_price = None if price is None else Money(amount=price, currency=currency)
    choice = HardwareChoice(
        profile=hardware or pilot.hardware.profile,
        device_count=device_count or pilot.hardware.device_count,
        rent_per_gpu_hour=own_price or (None if hardware else pilot.hardware.rent_per_gpu_hour),
    )
    request = ReviewRequest(
        evidence=evidence,
        hardware=choice,
        assumptions=read(Assumptions, assumptions_file) if assumptions_file else None,
        compared_hardware=tuple(
            ComparedHardware(
                hardware=HardwareChoice(profile=profile, device_count=choice.device_count)
            )
            for profile in compared
        ),
    )
    made = review_of(evidence, request, look=look)
    show_review(made, language)
    if rollback_folder is not None:
        write_rollback_report(procedure_of(evidence, made), rollback_folder)
    if out is not None:
        write_json(encode(made), out)
