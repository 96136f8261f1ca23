"""The line-up: pilots and schedules side by side, drawn over each other where that means something.

Every pilot is judged and reviewed on its own terms; nothing is estimated across pilots. Lines share
a chart where workload and metric are the same, and only there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from planner.chart import Chart, Series
from planner.line_ups.curves import line_of, metric_of, upright_axis
from planner.line_ups.effort import axis_of, effort_of
from planner.line_ups.entrant import Entrant, Participant, entrants
from planner.line_ups.entry import Entry, Lacking, entry_of
from planner.line_ups.line_up_request import BATCH_SIZE, LEARNING_RATE, Along, LineUpRequest
from planner.line_ups.settings import Setting, settings_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPilot:
    """A pilot that takes part, with everything that may be chosen of it.

    Attributes:
        schedules: Names, in the pilot's order.
    """

    pilot_id: str
    name: str
    schedules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A pilot that was asked for and has no review.

    Attributes:
        code: Message key below ``refusal.``: why.
        params: Values for the message.
    """

    pilot_id: str
    name: str
    code: str
    params: dict[str, str | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineUp:
    """Pilots and schedules side by side as facts; wording turns keys into sentences.

    Attributes:
        along: What the x axes count.
        shown: What the y axes show.
        currency: Of all money.
        pilots: That take part, in the order of the request.
        entries: One a line, the baseline first.
        settings: Every setting of every line.
        charts: One for every workload and metric, in the order of their lines.
        metrics: Evaluated in any of the runs, by name: what may be shown.
        devices: That the pilots were measured on; seconds of several do not compare.
        left_out: Pilots that have no review, and why.
    """

    along: Along
    shown: str
    currency: str
    pilots: tuple[ShownPilot, ...]
    entries: tuple[Entry, ...]
    settings: tuple[Setting, ...]
    charts: tuple[Chart, ...]
    metrics: tuple[str, ...]
    devices: tuple[str, ...]
    left_out: tuple[LeftOut, ...] = ()


def line_up(
    participants: Sequence[Participant],
    request: LineUpRequest,
    *,
    left_out: tuple[LeftOut, ...] = (),
) -> LineUp:
    """Everything side by side; the same input gives the same numbers.

    Args:
        participants: Pilots that have a review, in the order of the request.
        request: What is shown of them, and how.
        left_out: The others.

    Raises:
        Refusal: A choice is not in its pilot, the baseline is not shown, or there is too much.
    """
    lines = entrants(participants, request.baseline) if participants else ()
    currency = request.currency or _currency(participants)
    groups = _groups(lines, request.shown)
    drawn = [_drawn(one, request, currency) for one in lines]
    given = [who.judged.given for who in participants]
    return LineUp(
        along=request.along,
        shown=request.shown,
        currency=currency,
        pilots=tuple(
            ShownPilot(
                pilot_id=who.choice.pilot_id,
                name=who.review.pilot,
                schedules=tuple(found.schedule for found in who.review.schedules),
            )
            for who in participants
        ),
        entries=tuple(
            entry_of(
                one,
                group=group,
                currency=currency,
                lacking=None if isinstance(found, Series) else found,
            )
            for one, group, found in zip(lines, groups, drawn, strict=True)
        ),
        settings=settings_of(lines),
        charts=_charts(lines, groups, drawn, request, currency),
        metrics=tuple(sorted({name for one in given for name in one.workload.metrics})),
        devices=tuple(sorted({one.throughput.device for one in given})),
        left_out=left_out,
    )


def _currency(participants: Sequence[Participant]) -> str:
    return participants[0].review.assumptions.currency if participants else "USD"


def _groups(lines: Sequence[Entrant], shown: str) -> list[int]:
    """Number of the chart of each line: one for every workload and metric."""
    keys = [_group(one, shown) for one in lines]
    order = list(dict.fromkeys(keys))
    return [order.index(key) for key in keys]


def _group(one: Entrant, shown: str) -> tuple[str, str]:
    planned = shown in (LEARNING_RATE, BATCH_SIZE)
    given = one.participant.judged.given
    return given.pilot.workload, shown if planned else metric_of(one, shown)


def _drawn(one: Entrant, request: LineUpRequest, currency: str) -> Series | Lacking:
    effort = effort_of(one, request.along, currency)
    return effort if isinstance(effort, str) else line_of(one, request.shown, effort)


def _charts(
    lines: Sequence[Entrant],
    groups: Sequence[int],
    drawn: Sequence[Series | Lacking],
    request: LineUpRequest,
    currency: str,
) -> tuple[Chart, ...]:
    """One chart a group, also where none of its lines can be drawn: its note then says why."""
    charts = []
    for number in sorted(set(groups)):
        own = [at for at, group in enumerate(groups) if group == number]
        first = lines[own[0]]
        series = _with_a_baseline([(lines[at], drawn[at]) for at in own])
        charts.append(
            Chart(
                key=f"line_up_{number + 1}",
                x=axis_of(request.along, currency),
                y=upright_axis(first, request.shown),
                series=series,
                params=_params([lines[at] for at in own], request.shown),
            )
        )
    return tuple(charts)


def _with_a_baseline(drawn: Sequence[tuple[Entrant, Series | Lacking]]) -> tuple[Series, ...]:
    """What can be drawn; a chart without the baseline of the line-up takes a pilot's own."""
    pairs = [(one, found) for one, found in drawn if isinstance(found, Series)]
    own = [found.name for one, found in pairs if one.arm.role == "baseline"]
    if any(one.pinned for one, _ in pairs) or not own:
        return tuple(found for _, found in pairs)
    return tuple(
        replace(found, role="baseline") if found.name == own[0] else found for _, found in pairs
    )


def _params(lines: Sequence[Entrant], shown: str) -> dict[str, str | float]:
    """The workload, and the level of the target where the chart shows that metric for all."""
    pilots = [one.participant.judged.given.pilot for one in lines]
    params: dict[str, str | float] = {"workload": pilots[0].workload}
    targets = {(pilot.target.metric, pilot.target.value) for pilot in pilots}
    if len(targets) == 1 and metric_of(lines[0], shown) == pilots[0].target.metric:
        params["target"] = pilots[0].target.value
    return params
