"""Steps, samples and epochs to the target: by schedule against today's, and run by run."""

from collections.abc import Callable, Iterable

from frontend.components.markup import element, framed_table, text
from frontend.components.terms import head_cell
from planner.inference.statistics import Interval
from planner.reviews.effort_to_target import Effort, EffortToTarget, RunEffort, ScheduleEffort
from wording.catalogue import say
from wording.language import Language
from wording.numbers import number, percent, significant

CSV_COLUMNS = (
    *("schedule", "seed", "status", "reached", "last_step"),
    *("steps_to_target", "samples_to_target", "epochs_to_target"),
)

_EFFORTS: tuple[tuple[str, Callable[[Effort], float]], ...] = (
    ("steps", lambda effort: effort.steps_to_target),
    ("samples", lambda effort: effort.samples_to_target),
    ("epochs", lambda effort: effort.epochs_to_target),
)


def schedules(found: EffortToTarget, language: Language) -> str:
    """Medians over the runs, and what a schedule needs of today's steps and samples."""
    titles = (
        say("table.schedule", language),
        say("table.reached", language),
        *(say(f"page.review.untimed_median_{name}", language) for name, _ in _EFFORTS),
        say("page.review.untimed_steps_ratio", language),
        say("page.review.untimed_samples_ratio", language),
    )
    return framed_table(
        say("page.review.untimed_title", language),
        heads=(head_cell(title, language) for title in titles),
        rows=(_schedule(one, language) for one in found.schedules),
    )


def runs(found: EffortToTarget, language: Language) -> str:
    """Every run; one that never arrived says how far it went."""
    titles = (
        say("table.schedule", language),
        say("page.import.column_seed", language),
        say("page.import.column_ended", language),
        *(say(f"table.{name}", language) for name, _ in _EFFORTS),
    )
    return framed_table(
        say("page.review.untimed_runs", language),
        heads=(head_cell(title, language) for title in titles),
        rows=(_run(run, found, language) for run in found.runs),
    )


def csv_rows(found: EffortToTarget) -> list[list[object]]:
    """The runs at full precision, in the order of `CSV_COLUMNS`."""
    return [
        [
            run.schedule,
            run.seed,
            run.status,
            run.effort is not None,
            run.last_step,
            *(None if run.effort is None else of(run.effort) for _, of in _EFFORTS),
        ]
        for run in found.runs
    ]


def _schedule(one: ScheduleEffort, language: Language) -> str:
    today = [say("chart.series.baseline", language)] if one.role == "baseline" else []
    badge = [element("small", text(word), class_="pb-muted") for word in today]
    reached = say("table.k_of_n", language, k=one.reached, n=one.runs)
    more = say("format.more_than", language, value=number(one.longest_steps, language))
    never = [more, *[say("format.none", language)] * (len(_EFFORTS) - 1)]
    medians = (
        never
        if one.median is None
        else [_amount(of(one.median), name, language) for name, of in _EFFORTS]
    )
    cells = [reached, *medians, *(_ratio(one, ratio, language) for ratio in _ratios(one))]
    return element(
        "tr",
        element("th", text(one.schedule), *badge, scope="row"),
        *(element("td", text(cell)) for cell in cells),
    )


def _ratios(one: ScheduleEffort) -> tuple[Interval | None, Interval | None]:
    return one.steps_ratio, one.samples_ratio


def _ratio(one: ScheduleEffort, ratio: Interval | None, language: Language) -> str:
    """With its interval, or why there is none."""
    if one.role == "baseline":
        return say("format.none", language)
    if ratio is not None:
        value, low, high = (
            percent(share, language, decimals=1) for share in (ratio.mid, ratio.low, ratio.high)
        )
        return say("format.interval", language, value=value, low=low, high=high)
    if one.censored_pairs:
        return say(
            "page.review.untimed_censored", language, censored=one.censored_pairs, pairs=one.pairs
        )
    return say("page.review.untimed_few_pairs", language, pairs=one.pairs)


def _run(run: RunEffort, found: EffortToTarget, language: Language) -> str:
    if run.effort is None:
        longest = {one.schedule: one.longest_steps for one in found.schedules}
        step, censored = (
            number(steps, language) for steps in (run.last_step, longest[run.schedule])
        )
        said = say("page.review.untimed_never", language, step=step, censored=censored)
        cells: Iterable[str] = (element("td", text(said), colspan=str(len(_EFFORTS))),)
    else:
        amounts = (_amount(of(run.effort), name, language) for name, of in _EFFORTS)
        cells = (element("td", text(amount)) for amount in amounts)
    return element(
        "tr",
        element("th", text(run.schedule), scope="row"),
        element("td", text(str(run.seed))),
        element("td", text(say(f"run_status.{run.status}", language)), class_="pb-text"),
        *cells,
    )


def _amount(value: float, name: str, language: Language) -> str:
    """Steps and samples are counted; epochs have three figures."""
    return significant(value, language) if name == "epochs" else number(round(value), language)
