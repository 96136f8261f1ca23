"""The first rows of a file stand below the names of what they hold."""

import re

from frontend.tables.imports import first_rows
from planner.imports.look import FoundColumn, Look
from planner.imports.mapping import ColumnMapping


def test_rows_of_a_tracker_stand_below_its_own_names():
    names = ("_step", "loss", "_timestamp")
    found = Look(
        source="mlflow",
        form="mlflow_files",
        columns=(
            *(FoundColumn(name=name, kind="name", sample="1") for name in names),
            FoundColumn(name="param.lr", kind="fact", sample="0.1"),
        ),
        first_rows=(("1", "2.5", "1000"),),
        runs=(),
        suggested=ColumnMapping(),
        asked=(),
    )
    markup = first_rows(found, "en")
    assert tuple(re.findall(r"<th[^>]*>([^<]*)</th>", markup)) == names
