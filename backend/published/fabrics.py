"""Measured fabrics: all-reduce bandwidths by payload and device count, each with its source."""

import csv
from functools import cache
from importlib.resources import files

from planner.devices.fabric import BusPoint, Fabric


@cache
def fabrics() -> tuple[Fabric, ...]:
    """Every measured fabric of the project; others are typed as bandwidth and delay."""
    text = files("backend").joinpath("data/fabrics.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return tuple(
        _fabric([row for row in rows if row["id"] == identifier])
        for identifier in dict.fromkeys(row["id"] for row in rows)
    )


def fabric(identifier: str) -> Fabric | None:
    """The measured fabric of this id."""
    return next((one for one in fabrics() if one.id == identifier), None)


def _fabric(rows: list[dict[str, str]]) -> Fabric:
    points = tuple(
        BusPoint(
            payload_bytes=float(row["payload_bytes"]),
            device_count=int(row["device_count"]),
            bus_bytes_per_s=float(row["bus_bytes_per_s"]),
        )
        for row in rows
    )
    first = rows[0]
    return Fabric(
        bus_bytes_per_s=max(point.bus_bytes_per_s for point in points),
        latency_s=0.0,
        measured=points,
        id=first["id"],
        source=f"{first['source']} {first['year']}: {first['device']}, {first['interconnect']}",
    )
