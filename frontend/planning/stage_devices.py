"""Devices of each stage of a plan's schedules, as its page sets them."""

from collections.abc import Collection, Sequence

from frontend.planning.document import Document, read, written

_DEVICES = "pilot.devices"


def place_of(document: Document, schedule: str) -> int | None:
    """Where the devices of a schedule stand among those of all; None where it has one device."""
    names = [one.get("schedule") for one in read(document, _DEVICES) or ()]
    return names.index(schedule) if schedule in names else None


def counts_of(document: Document, schedule: str, *, stages: int) -> list[int | None]:
    """Devices of so many stages of a schedule; the last number holds for those after it."""
    place = place_of(document, schedule)
    counts = [1] if place is None else read(document, f"{_DEVICES}[{place}].counts") or [1]
    return [counts[min(stage, len(counts) - 1)] for stage in range(stages)]


def with_counts(document: Document, schedule: str, counts: Sequence[int | None] | None) -> Document:
    """The plan with these devices of a schedule's stages; with one throughout where None."""
    listed = list(read(document, _DEVICES) or ())
    place = place_of(document, schedule)
    own = [] if counts is None else [{"schedule": schedule, "counts": list(counts)}]
    at = len(listed) if place is None else place
    return written(document, _DEVICES, [*listed[:at], *own, *listed[at + 1 :]])


def with_count(
    document: Document, schedule: str, count: int | None, *, stage: int, stages: int
) -> Document:
    """The plan with other devices in one stage of a schedule, which shows so many stages."""
    place = place_of(document, schedule)
    own = () if place is None else read(document, f"{_DEVICES}[{place}].counts") or ()
    counts = counts_of(document, schedule, stages=max(stages, len(own)))
    counts[stage] = count
    return with_counts(document, schedule, counts)


def of_schedules(document: Document, names: Collection[str]) -> Document:
    """The plan with devices of these schedules alone."""
    listed = list(read(document, _DEVICES) or ())
    left = [one for one in listed if one.get("schedule") in names]
    return document if left == listed else written(document, _DEVICES, left)


def renamed(document: Document, place: int, name: str) -> Document:
    """The plan with another name of a schedule; its devices stay its own.

    A name that another schedule has is refused: until it is changed again, the devices keep the
    name before it, so that they are not taken for those of the other.
    """
    names = [one["name"] for one in read(document, "pilot.schedules")]
    others = [*names[:place], *names[place + 1 :]]
    own = names[place] if names[place] not in others else _without_schedule(document, names)
    devices = None if own is None else place_of(document, own)
    document = written(document, f"pilot.schedules[{place}].name", name)
    if devices is None or name in others:
        return document
    return written(document, f"{_DEVICES}[{devices}].schedule", name)


def _without_schedule(document: Document, names: Collection[str]) -> str | None:
    """The name of devices that no schedule has any more; None where each has its own."""
    listed = (one.get("schedule") for one in read(document, _DEVICES) or ())
    return next((name for name in listed if name not in names), None)
