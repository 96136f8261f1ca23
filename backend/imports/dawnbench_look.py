"""A first look at entries of DAWNBench: what their format says is not asked."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from backend.imports.csv_look import look_at_csv
from backend.imports.dawnbench import MAPPING, described
from planner.imports.look import FoundColumn, FoundRun, Look
from planner.imports.mapping import ColumnMapping
from planner.imports.questions import unanswered


def look_at_dawnbench(files: Sequence[Path], mapping: ColumnMapping | None) -> Look:
    """What the tables hold; columns and first rows are those of the first one.

    Raises:
        Refusal: A table or its description is broken; the line is said.
    """
    looks = [look_at_csv(file, mapping, name=file.stem, source="dawnbench") for file in files]
    metrics = {one.name: one.name for one in looks[0].columns if "ccuracy" in one.name}
    suggested = replace(MAPPING, metrics=metrics)
    facts = described(files[0])
    told = [FoundColumn(name=name, kind="fact", sample=said[:80]) for name, said in facts.items()]
    runs: list[FoundRun] = [run for one in looks for run in one.runs]
    return replace(
        looks[0],
        form="dawnbench",
        columns=(*looks[0].columns, *told),
        runs=tuple(runs),
        suggested=suggested,
        asked=unanswered(mapping or suggested),
    )
