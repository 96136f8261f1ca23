"""What the compare page shows, as its link says it: another person opens the same view."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, get_args

from planner.line_ups.line_up_request import (
    MOST_PILOTS,
    TARGET,
    Along,
    BaselineChoice,
    LineUpRequest,
    PilotChoice,
)

PARAMS = ("pilots", "schedules", "runs", "baseline", "along", "shown", "in", "all")
"""Of the link; a saved view keeps these and nothing else."""

Names = dict[str, tuple[str, ...]]
"""Schedules or runs by pilot; a pilot that is absent is shown as its review counts it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Everything that can be chosen on the page.

    Attributes:
        pilots: Ids, in order.
        schedules: Names of those shown, by pilot.
        runs: Ids of those shown, by pilot.
        baseline: Pilot and schedule that come first; None: the first pilot's own.
        currency: None: that of the first pilot.
        everything: Whether equal settings are shown too.
    """

    pilots: tuple[str, ...]
    schedules: Names = field(default_factory=dict)
    runs: Names = field(default_factory=dict)
    baseline: tuple[str, str] | None = None
    along: Along = "epoch"
    shown: str = TARGET
    currency: str | None = None
    everything: bool = False


def read(params: Mapping[str, str]) -> Compared:
    """What a link asks for; what it says wrongly, or of pilots that it does not show, is left."""
    pilots = tuple(dict.fromkeys(one for one in params.get("pilots", "").split(",") if one))
    pilots = pilots[:MOST_PILOTS]
    baseline = _json(params.get("baseline"))
    named = isinstance(baseline, list) and len(baseline) == 2 and baseline[0] in pilots
    along = params.get("along", "")
    return Compared(
        pilots=pilots,
        schedules=_names(params.get("schedules"), pilots),
        runs=_names(params.get("runs"), pilots),
        baseline=(str(baseline[0]), str(baseline[1])) if named else None,
        along=along if along in get_args(Along) else "epoch",  # type: ignore[arg-type]
        shown=params.get("shown") or TARGET,
        currency=params.get("in") or None,
        everything=params.get("all") == "1",
    )


def written(compared: Compared) -> dict[str, str | None]:
    """The link of what is chosen; None is as without a choice, empty pilots are none at all."""
    baseline = compared.baseline
    return {
        "pilots": ",".join(compared.pilots),
        "schedules": _written(compared.schedules),
        "runs": _written(compared.runs),
        "baseline": None if baseline is None else _text(list(baseline)),
        "along": None if compared.along == "epoch" else compared.along,
        "shown": None if compared.shown == TARGET else compared.shown,
        "in": compared.currency,
        "all": "1" if compared.everything else None,
    }


def request_of(compared: Compared) -> LineUpRequest:
    """What the page asks the API; there is at least one pilot.

    Raises:
        Refusal: The link chose something twice, or too much.
    """
    chosen = compared.baseline
    return LineUpRequest(
        pilots=tuple(
            PilotChoice(
                pilot_id=pilot_id,
                schedules=compared.schedules.get(pilot_id, ()),
                run_ids=compared.runs.get(pilot_id, ()),
            )
            for pilot_id in compared.pilots
        ),
        baseline=None if chosen is None else BaselineChoice(pilot_id=chosen[0], schedule=chosen[1]),
        along=compared.along,
        shown=compared.shown,
        currency=compared.currency,
    )


def told_apart(labels: Sequence[str]) -> list[str]:
    """The same labels, those that come again with a number behind: a list tells by label alone."""
    seen: dict[str, int] = {}
    apart = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        apart.append(label if seen[label] == 1 else f"{label} ({seen[label]})")
    return apart


def _names(text: str | None, pilots: tuple[str, ...]) -> Names:
    found = _json(text)
    if not isinstance(found, dict):
        return {}
    return {
        pilot_id: tuple(dict.fromkeys(map(str, names)))
        for pilot_id, names in found.items()
        if pilot_id in pilots and isinstance(names, list) and names
    }


def _json(text: str | None) -> Any:  # noqa: ANN401  # whatever a link holds
    with suppress(ValueError, RecursionError):
        return json.loads(text or "null")
    return None


def _written(names: Names) -> str | None:
    chosen = {pilot_id: list(found) for pilot_id, found in names.items() if found}
    return _text(chosen) if chosen else None


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
