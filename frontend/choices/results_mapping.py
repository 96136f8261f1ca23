"""What was typed about a file of production trainings, as the mapping that the API takes."""

from collections.abc import Mapping
from typing import Any

from planner.decisions.results_mapping import (
    CostColumn,
    EarlierRule,
    ResultsMapping,
    RunLogs,
    ScheduleUse,
    TrainingColumns,
)
from planner.imports.mapping import ColumnMapping, ElapsedColumn, TimestampColumn
from planner.imports.terms import check_said

MUST = ("schedule", "started", "started_form", "duration", "duration_unit", "reached")


def of_table(
    typed: Mapping[str, Any], uses: Mapping[str, ScheduleUse], earlier: EarlierRule
) -> ResultsMapping:
    """The mapping of a table with one row a training.

    Raises:
        Refusal: Something was not said, or does not fit together.
    """
    for name in MUST:
        check_said(typed[name], name)
    if typed["devices"] is None:
        check_said(typed["device_count"], "device_count")
    cost = typed["cost"]
    if cost is not None:
        check_said(typed["currency"], "currency")
    return ResultsMapping(
        trainings=TrainingColumns(
            schedule=typed["schedule"],
            started=TimestampColumn(
                column=typed["started"],
                form=typed["started_form"],
                time_zone=typed["time_zone"] or None,
            ),
            duration=ElapsedColumn(column=typed["duration"], unit=typed["duration_unit"]),
            reached=typed["reached"],
            devices=typed["devices"],
            device_count=None if typed["devices"] else typed["device_count"],
            cost=CostColumn(column=cost, currency=typed["currency"]) if cost else None,
            id=typed["id"],
        ),
        schedules=uses,
        earlier=earlier,
    )


def of_log(
    typed: Mapping[str, Any],
    log: ColumnMapping,
    uses: Mapping[str, ScheduleUse],
    earlier: EarlierRule,
) -> ResultsMapping:
    """The mapping of a log of runs.

    Raises:
        Refusal: Something was not said.
    """
    check_said(typed["device_count"], "device_count")
    return ResultsMapping(
        runs=RunLogs(
            log=log,
            device_count=typed["device_count"],
            day=typed["day"],
            unknown_ends=typed["ends"],
        ),
        schedules=uses,
        earlier=earlier,
    )
