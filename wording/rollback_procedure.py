"""The rollback procedure of a pilot as a document in Markdown, in one language."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence

from planner.reviews.rollback_procedure import ReadySchedule, RollbackProcedure, StageToWatch
from planner.reviews.seen_divergence import SeenDivergence
from wording.catalogue import say
from wording.language import Language
from wording.numbers import multiple, number, percent, ratio, significant
from wording.reasons_to_return import ONE_IN, reasons_to_return

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#|~])")

Cells = Sequence[str]


def procedure_document(procedure: RollbackProcedure, language: Language) -> str:
    """The whole document; somebody's own names in it are text and nothing else."""
    return "\n\n".join(_blocks(procedure, language)) + "\n"


def _blocks(procedure: RollbackProcedure, language: Language) -> Iterator[str]:
    names = _names(procedure, language)

    def tell(key: str) -> str:
        return say(f"procedure.{key}", language, **names).strip()

    yield "# " + tell("title")
    yield tell("basis")
    yield tell(f"decision_{procedure.decision}")
    yield "## " + tell("schedules_title")
    yield _schedules(procedure, language)
    yield tell("schedules_note")
    yield "## " + tell("watch_title")
    yield tell("watch" if procedure.guessing_loss is not None else "watch_without_guessing")
    if procedure.levels:
        yield _levels(procedure, language)
    yield tell("curvature")
    yield "## " + tell("stages_title")
    yield tell("stages")
    yield _stages(procedure.stages, language)
    yield "## " + tell("seen_title")
    yield tell("seen_some" if procedure.runs else "seen_none")
    if procedure.divergences:
        yield _seen(procedure.divergences, language)
    yield "## " + tell("alarm_title")
    yield tell("alarm")
    yield "## " + tell("return_title")
    yield _returns(procedure, language)
    yield "## " + tell("cost_title")
    yield tell("cost")


def _names(procedure: RollbackProcedure, language: Language) -> dict[str, str]:
    """Values of every sentence, as texts."""
    baseline, low = procedure.baseline, procedure.healthy_low_fraction
    return {
        "pilot": _plain(procedure.pilot),
        "workload": _plain(procedure.workload),
        "schedule": _plain(procedure.recommended.schedule),
        "baseline": _plain(baseline.schedule),
        "rate": number(baseline.learning_rate, language),
        "batch": number(baseline.batch_size, language),
        "momentum": number(baseline.momentum, language),
        "kept": number(procedure.average_kept_fraction, language),
        "new": number(1 - procedure.average_kept_fraction, language),
        "window": number(1 / (1 - procedure.average_kept_fraction), language, decimals=0),
        "warm_up": number(procedure.warm_up_steps, language),
        "share": number(procedure.guessing_share_fraction, language),
        "margin": number(procedure.margin, language),
        "guessing": _guessing(procedure, language),
        "rate_kept": percent(procedure.rate_kept_factor, language),
        "most": number(procedure.most_rollbacks, language),
        "policy": say(f"procedure.policy_{procedure.policy}", language),
        "runs": number(procedure.runs, language),
        "unhealthy": number(procedure.unhealthy_runs, language),
        "healthy_low": "" if low is None else percent(low, language),
        "one_in": number(ONE_IN, language),
        "worst_stage": percent(max(one.time_fraction for one in procedure.stages), language),
    }


def _guessing(procedure: RollbackProcedure, language: Language) -> str:
    """The loss of guessing, and where it comes from where that is the number of classes."""
    guessing, classes = procedure.guessing_loss, procedure.classes
    if guessing is None:
        return ""
    shown = significant(guessing, language)
    if classes is None or not math.isclose(guessing, math.log(classes)):
        return shown
    return say("procedure.guessing_of_classes", language, guessing=shown, classes=classes)


def _schedules(procedure: RollbackProcedure, language: Language) -> str:
    def row(role: str, one: ReadySchedule) -> Cells:
        return (
            say(f"procedure.role_{role}", language),
            _plain(one.schedule),
            multiple(one.rate_multiplier, language),
            number(one.learning_rate, language),
            number(one.batch_size, language),
            number(one.momentum, language),
        )

    columns = ("role", "schedule", "multiplier", "first_rate", "first_batch", "momentum")
    return _table(
        columns,
        [row("recommended", procedure.recommended), row("baseline", procedure.baseline)],
        language,
    )


def _levels(procedure: RollbackProcedure, language: Language) -> str:
    rows = [
        [significant(value, language) for value in (level.best, level.warning, level.limit)]
        for level in procedure.levels
    ]
    return _table(("best", "warning", "limit"), rows, language)


def _stages(stages: Iterable[StageToWatch], language: Language) -> str:
    rows = [
        (
            number(one.stage, language),
            percent(one.begins_fraction, language, decimals=1),
            number(one.step, language),
            number(one.batch_size, language),
            number(one.learning_rate, language),
            ratio(one.rate_ratio, language),
            say("procedure.rises" if one.rate_ratio > 1 else "procedure.rises_not", language),
            percent(one.time_fraction, language),
        )
        for one in stages
    ]
    columns = ("stage", "begins", "step", "batch", "highest_rate", "rate_ratio", "risk", "time")
    return _table(columns, rows, language)


def _seen(divergences: Iterable[SeenDivergence], language: Language) -> str:
    rows = [
        (
            _plain(one.schedule),
            multiple(one.rate_multiplier, language),
            str(one.seed),
            number(one.step, language),
            say("format.none", language) if one.stage is None else number(one.stage, language),
            _what_followed(one, language),
        )
        for one in divergences
    ]
    columns = ("schedule", "multiplier", "seed", "left_at", "stage", "followed")
    return _table(columns, rows, language)


def _what_followed(one: SeenDivergence, language: Language) -> str:
    if one.to_step is None:
        return say("procedure.followed_ended", language)
    step = number(one.to_step, language)
    if one.follows is not None:
        return say("procedure.followed_fell_back", language, step=step, follows=_plain(one.follows))
    share = percent(one.rate_factor, language)
    return say("procedure.followed_rolled_back", language, step=step, share=share)


def _returns(procedure: RollbackProcedure, language: Language) -> str:
    """What is seen, what is decided, and by whom."""
    reasons = reasons_to_return(procedure, language, name=_plain)
    rows = [(one.seen, one.decision, one.who) for one in reasons]
    return _table(("seen", "decision", "who"), rows, language)


def _table(columns: Sequence[str], rows: Iterable[Cells], language: Language) -> str:
    head = [say(f"procedure.column_{name}", language) for name in columns]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _plain(name: str) -> str:
    """A name that somebody chose, without meaning to Markdown, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(name.split()))
