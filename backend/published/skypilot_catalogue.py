"""SkyPilot's catalogues in CSV: prices of whole instances, read as prices of one device."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite

from backend.wire.problems import InputError, Problem
from planner.economics.rates import RateKind
from planner.exchange.price_states import PriceEntry, PriceImport
from planner.money import Money

COLUMNS = ("InstanceType", "AcceleratorName", "AcceleratorCount", "Price", "SpotPrice", "Region")
"""What a catalogue must have; ``AvailabilityZone`` tells spot prices of one region apart."""

PRICED: tuple[tuple[RateKind, str], ...] = (("on_demand", "Price"), ("spot", "SpotPrice"))

MOST_LINES = 50_000
MOST_PRICES = 5_000
MOST_PROBLEMS = 20
"""Wrong lines that are named at once."""

LONGEST_ID = 120
LONGEST_SHOWN = 40

Line = Mapping[str, str | None]


@dataclass(slots=True)
class Catalogue:
    """What was found in one file.

    Attributes:
        entries: By id, in the order of the file.
        skipped: Lines that hold no price that was asked for.
        problems: Lines that could not be read.
    """

    entries: dict[str, PriceEntry] = field(default_factory=dict)
    skipped: int = 0
    problems: list[Problem] = field(default_factory=list)


def read_catalogue(given: PriceImport) -> Catalogue:
    """Every on-demand and spot price of the file; none of it is used if one line is wrong.

    Raises:
        InputError: The file is no catalogue, is too long, or has wrong lines; each is named.
    """
    if given.text.count("\n") > MOST_LINES:
        raise _refused("text", "catalogue_too_long", most=MOST_LINES)
    found = Catalogue()
    for number, line in _lines(given.text.removeprefix("\ufeff")):
        _read_line(found, given, number, line)
        if len(found.problems) >= MOST_PROBLEMS:
            break
        if len(found.entries) > MOST_PRICES:
            raise _refused("text", "catalogue_prices_too_many", most=MOST_PRICES)
    if found.problems:
        raise InputError(tuple(found.problems))
    if not found.entries:
        raise _refused("text", "catalogue_without_prices")
    return found


def _lines(text: str) -> Iterator[tuple[int, Line]]:
    """Every line under its number in the file, the heading being line 1."""
    reader = csv.DictReader(text.splitlines(), strict=True)
    try:
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise _refused("text", "column_missing", column=missing[0])
        for line in reader:
            yield reader.line_num, line
    except csv.Error as error:
        raise _refused("text", "catalogue_line_unreadable", line=reader.line_num) from error


def _read_line(found: Catalogue, given: PriceImport, number: int, line: Line) -> None:
    device, region = _cell(line, "AcceleratorName"), _cell(line, "Region")
    wanted = (not given.regions or region in given.regions) and (
        not given.devices or device in given.devices
    )
    priced = _cell(line, "Price") or _cell(line, "SpotPrice")
    if not (device and priced and wanted):
        found.skipped += 1
        return
    count = _number(found, number, line, "AcceleratorCount")
    if count is None:
        return
    if not _cell(line, "InstanceType"):
        _say(found, number, "InstanceType", "")
        return
    for kind, column in PRICED:
        price = _number(found, number, line, column) if _cell(line, column) else None
        if price is not None:
            _keep(found, number, _entry(given, line, kind, price / count))


def _entry(given: PriceImport, line: Line, kind: RateKind, price: float) -> PriceEntry:
    instance, region = _cell(line, "InstanceType"), _cell(line, "Region")
    zone = _cell(line, "AvailabilityZone") if kind == "spot" else ""
    named = (given.vendor, instance, zone or region, "spot" if kind == "spot" else "")
    return PriceEntry(
        id=_plain("-".join(part for part in named if part)),
        device=_cell(line, "AcceleratorName"),
        vendor=f"{given.vendor} {instance}",
        kind=kind,
        rent_per_gpu_hour=Money(amount=price, currency="USD"),
        as_of=given.as_of,
        source=given.source,
        region=zone or region,
    )


def _keep(found: Catalogue, number: int, entry: PriceEntry) -> None:
    """On-demand prices are repeated for every zone of a region; another price there is wrong."""
    known = found.entries.setdefault(entry.id, entry)
    if known != entry:
        params: dict[str, str | int | float] = {"line": number, "id": entry.id}
        found.problems.append(
            Problem(field=f"text.lines[{number}]", code="catalogue_price_repeated", params=params)
        )


def _number(found: Catalogue, number: int, line: Line, column: str) -> float | None:
    """A positive number; None for anything else, which is then among the problems."""
    text = _cell(line, column)
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if value > 0 and isfinite(value):
        return value
    _say(found, number, column, text)
    return None


def _say(found: Catalogue, number: int, column: str, text: str) -> None:
    params: dict[str, str | int | float] = {
        "line": number,
        "column": column,
        "value": text[:LONGEST_SHOWN],
    }
    found.problems.append(
        Problem(field=f"text.lines[{number}].{column}", code="catalogue_value_wrong", params=params)
    )


def _cell(line: Line, column: str) -> str:
    """A cell without blanks around it; empty where the line is too short."""
    return (line.get(column) or "").strip()


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9._]+", "-", text.lower()).strip("-.")[:LONGEST_ID]


def _refused(field_path: str, code: str, **params: str | float) -> InputError:
    return InputError((Problem(field=field_path, code=code, params=dict(params)),))
