"""Tables of a report in the shape that a page has room for."""

from collections.abc import Iterator

from wording.report.tables import Table


def without_empty_columns(table: Table) -> Table:
    """The table without columns that say nothing in any row."""
    columns = zip(*table.rows, strict=True)
    kept = [place for place, cells in enumerate(columns) if any(cells)]
    return Table(
        key=table.key,
        title=table.title,
        heads=tuple(table.heads[place] for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in table.rows),
        right=frozenset(kept.index(place) for place in table.right if place in kept),
    )


def turned(table: Table, *, at_most: int) -> Iterator[Table]:
    """The table with its rows as columns, in parts of at most so many; the first has the title."""
    for start in range(0, len(table.rows), at_most):
        heads, *rows = zip(table.heads, *table.rows[start : start + at_most], strict=True)
        yield Table(
            key=table.key,
            title="" if start else table.title,
            heads=heads,
            rows=tuple(rows),
            right=frozenset(range(1, len(heads))),
        )
