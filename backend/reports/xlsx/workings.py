"""Numbers between the inputs and the results, each a row with its name, one column a candidate."""

from collections.abc import Sequence

from backend.reports.xlsx.looks import HEADING, MUTED
from backend.reports.xlsx.sheet import Book
from backend.reports.xlsx.term import Term
from backend.reports.xlsx.training import Keep

_FIRST_ROW = 4


class Workings:
    """The sheet of such rows; a row is made when a number is first kept in it."""

    def __init__(self, book: Book, candidates: Sequence[str]) -> None:
        self._book = book
        self._sheet = book.sheet("workings", [58.0] + [18.0] * (1 + len(candidates)))
        self._sheet.for_working()
        self._rows: dict[str, int] = {}
        self._sheet.text(0, 0, book.words("workings.title"), HEADING)
        self._sheet.text(1, 0, book.words("workings.note"), MUTED, {"text_wrap": False})
        self._sheet.heads(_FIRST_ROW - 1, ["", book.words("workings.plan"), *candidates])
        self._sheet.page.freeze_panes(_FIRST_ROW, 1)
        self._sheet.page.repeat_rows(_FIRST_ROW - 1)

    def keeper(self, place: int) -> Keep:
        """Keeps numbers in the column of the plan, 0, or of a candidate, from 1.

        Their cells are named as well, such as ``plan_outlay`` and ``npv_1``, for whoever looks
        for them.
        """

        def keep(key: str, term: Term, number: str) -> Term:
            cell = self._sheet.put(self._row(key), 1 + place, term, number)
            self._book.name(f"{key}_{place}" if place else f"plan_{key}", cell)
            return cell

        return keep

    def _row(self, key: str) -> int:
        if key not in self._rows:
            self._rows[key] = _FIRST_ROW + len(self._rows)
            name, _, place = key.rpartition("_")
            label = (
                self._book.words(f"working.{name}", year=int(place))
                if place.isdigit()
                else self._book.words(f"working.{key}")
            )
            self._sheet.text(self._rows[key], 0, label)
        return self._rows[key]
