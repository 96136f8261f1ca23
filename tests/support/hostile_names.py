"""Names that try to be more than names, and a report in which pilot and candidate bear one."""

from dataclasses import replace

from planner.exchange.reports import ReportFacts
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
    """The facts of the story that pays back, with the candidate called so."""
    pilot = PAYS.pilot
    today, candidate = pilot.schedules
    records = tuple(
        replace(one, run=replace(one.run, schedule=name))
        if one.run.schedule == candidate.name
        else one
        for one in PAYS.records
    )
    renamed = replace(pilot, name=name, schedules=(today, replace(candidate, name=name)))
    selection = PAYS.selection
    if selection is not None:
        chosen = {
            name if old == candidate.name else old: m for old, m in selection.selected.items()
        }
        selection = replace(selection, selected=chosen, finalists=(name,))
    return facts_of(replace(PAYS, pilot=renamed, records=records, selection=selection))
