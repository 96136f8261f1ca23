"""Another workload for a plan: what suits it comes with it, and what somebody wrote stays."""

from frontend.calls.codec import adapter
from frontend.planning.document import Document, read, written
from frontend.planning.form import GIVEN, with_preset
from frontend.planning.schedule_form import free_name, schedule_document
from frontend.planning.stage_devices import of_schedules
from planner.pilots.target import Target
from planner.pilots.usual import USUAL, UsualSetting
from planner.schedules.presets import todays_schedule

KEPT = "kept_schedules"
"""Where a plan names the schedules that stayed when its workload was chosen."""


def with_workload(document: Document, workload: str, *, growing: str) -> Document:
    """Another workload, and with it what suits it: target, epochs, today's schedule, a candidate.

    Schedules of another model are no beginning for this one, unless somebody wrote them: those
    stay. Where nothing is known of the workload, as of a plug-in's, all else stays.

    Args:
        document: The plan.
        workload: Its name.
        growing: What the candidate is called.
    """
    document = written(document, "pilot.workload", workload)
    usual = USUAL.get(workload)
    if usual is None:
        return document
    target = adapter(Target).dump_python(usual.target, mode="json")
    document = written(document, "pilot.target", target)
    document = written(document, "pilot.budget.epochs", usual.epochs)
    return _with_schedules(document, usual, edited_schedules(document), growing=growing)


def with_suited_schedules(document: Document, *, growing: str) -> Document:
    """The plan with the schedules that suit its workload, and none of those that were written."""
    usual = USUAL.get(str(read(document, "pilot.workload")))
    if usual is None:
        return document
    return _with_schedules(document, usual, [], growing=growing)


def is_only_estimated(workload: str) -> bool:
    """Whether what suits a workload was set without a run that was seen to reach its target."""
    usual = USUAL.get(workload)
    return usual is not None and not usual.measured


def edited_schedules(document: Document) -> list[Document]:
    """Schedules that are not as the page gave them; all of a plan that does not know these."""
    given = document.get(GIVEN) or []
    return [schedule for schedule in read(document, "pilot.schedules") if schedule not in given]


def kept_schedules(document: Document) -> list[str]:
    """Names of schedules that stayed when the workload was chosen and are still there."""
    present = [schedule["name"] for schedule in read(document, "pilot.schedules")]
    return [name for name in document.get(KEPT) or () if name in present]


def _with_schedules(
    document: Document, usual: UsualSetting, kept: list[Document], *, growing: str
) -> Document:
    """Today's schedule of the workload unless one was written, what was written, a candidate.

    Where only some candidates were written and none that was given is left, there is no other.
    """
    given = [one for one in read(document, "pilot.schedules") if one not in kept]
    fresh: list[Document] = []
    if all(schedule.get("role") != "baseline" for schedule in kept):
        names = [schedule["name"] for schedule in kept]
        today = todays_schedule(initial_rate=usual.learning_rate, batch_size=usual.batch_size)
        fresh = [{**schedule_document(today), "name": free_name(today.name, names)}]
    document = written(document, "pilot.schedules", [*fresh, *kept])
    document = of_schedules(document, [schedule["name"] for schedule in kept])
    candidates = [one for one in (*given, *kept) if one.get("role") != "baseline"]
    if any(one in given for one in candidates) or not candidates:
        document = with_preset(document, "grow_from_today", name=growing)
        fresh = [*fresh, read(document, "pilot.schedules")[-1]]
    return {**document, GIVEN: fresh, KEPT: [schedule["name"] for schedule in kept]}
