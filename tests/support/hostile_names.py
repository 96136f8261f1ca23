"""Names that try to be more than names, and a report in which pilot and candidate bear one."""

from dataclasses import replace

from planner.exchange.reports import ReportFacts
from planner.reviews.review_input import ReviewInput
from tests.support.reported import PAYS, facts_of

HOSTILE = (
    '#import "/etc/passwd": x',
    "$ x^2 $ #panic() *bold* <label> @ref \\ // /* comment",
    "#{while true {}} ] ) } [",
    "<script>alert(1)</script><image href='http://127.0.0.1:9/x'/>",
    "\u202egnp.exe שלום مرحبا",
    "emoji \U0001f680 and nul \x00",
    "=cmd|' /C calc'!A0",
    "w" * 200,
    "名前" * 100,
)


def named(name: str) -> ReportFacts:
    """The facts of the story that pays back, with pilot and candidate called so."""
    return facts_of(renamed(pilot=name, today=PAYS.pilot.schedules[0].name, candidate=name))


def renamed(*, pilot: str, today: str, candidate: str) -> ReviewInput:
    """The story that pays back, under other names."""
    given = PAYS
    old = [schedule.name for schedule in given.pilot.schedules]
    names = dict(zip(old, (today, candidate), strict=True))
    schedules = tuple(replace(one, name=names[one.name]) for one in given.pilot.schedules)
    records = tuple(
        replace(one, run=replace(one.run, schedule=names[one.run.schedule]))
        for one in given.records
    )
    selection = given.selection
    if selection is not None:
        chosen = {names[name]: factor for name, factor in selection.selected.items()}
        selection = replace(selection, selected=chosen, finalists=(candidate,))
    return replace(
        given,
        pilot=replace(given.pilot, name=pilot, schedules=schedules),
        records=records,
        selection=selection,
    )
