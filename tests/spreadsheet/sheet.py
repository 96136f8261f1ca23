"""Rows of live formulas: what a person would type into a spreadsheet to check our figures."""

from collections.abc import Sequence

from tests.spreadsheet.libreoffice import Cell, column

RATES_A_MONTH = [-0.5, *[round(-0.497 + 0.011 * step, 3) for step in range(140)]]
"""Where each sheet row looks for a change of the worth's sign: from -50 % to +103 % a month."""


class Row:
    """One row that grows to the right; results are remembered by name.

    Attributes:
        cells: Left to right.
        places: Column of each named result.
    """

    def __init__(self, number: int) -> None:
        self.cells: list[Cell] = []
        self.places: dict[str, int] = {}
        self._number = number

    def put(self, cell: Cell, name: str | None = None) -> str:
        """Adds a cell and tells its address."""
        self.cells.append(cell)
        if name is not None:
            self.places[name] = len(self.cells) - 1
        return f"[.{column(len(self.cells) - 1)}{self._number}]"

    def put_all(self, cells: Sequence[Cell]) -> list[str]:
        """Adds neighbours and tells their addresses."""
        return [self.put(cell) for cell in cells]


def block(addresses: Sequence[str]) -> str:
    """The range from the first of some neighbours to the last."""
    return f"{addresses[0][:-1]}:{addresses[-1][1:]}"


def put_returns(row: Row, flows: list[str], rate_per_year: float, guesses: Sequence[float]) -> None:
    """NPV, ROI, simple and discounted payback, and an IRR from each guess (a month)."""
    rate = row.put(rate_per_year)
    later = block(flows[1:])
    row.put(f"={flows[0]}+NPV((1+{rate})^(1/12)-1;{later})", "npv")
    row.put(f'=IF({flows[0]}<0;SUM({block(flows)})/-{flows[0]};"none")', "roi")
    for place, guess in enumerate(guesses):
        row.put(f"=IRR({block(flows)};{guess})+0", f"irr{place}")
    worths = [f"={flows[0]}+NPV({at};{later})" for at in RATES_A_MONTH]
    at_rates = row.put_all(worths)
    before, after = block(at_rates[:-1]), block(at_rates[1:])
    row.put(f"=SUMPRODUCT(SIGN({before})*SIGN({after})<0)", "sign_changes")
    _put_payback(row, flows, "payback")
    today = [f"={flow}/(1+{rate})^({month}/12)" for month, flow in enumerate(flows)]
    _put_payback(row, row.put_all(today), "discounted")


def _put_payback(row: Row, flows: list[str], name: str) -> None:
    totals = [row.put(f"={flows[0]}")]
    for flow in flows[1:]:
        totals.append(row.put(f"={totals[-1]}+{flow}"))
    crossings = row.put_all(
        [
            f"=IF(AND({totals[month - 1]}<0;{totals[month]}>=0);"
            f'{month - 1}-{totals[month - 1]}/{flows[month]};"")'
            for month in range(1, len(flows))
        ]
    )
    found = block(crossings)
    row.put(
        f'=IF({totals[-1]}<0;"never";IF(COUNT({found})=0;IF(MIN({block(totals)})<0;"?";0);'
        f"MAX({found})))",
        name,
    )
    lost = f"COUNT({found})>IF({totals[-1]}<0;0;1)"
    row.put(f'=IF({lost};MIN({found});"none")', f"{name}_lost")


def put_written_off(row: Row, price: float, life_years: int, method: str) -> list[str]:
    """Yearly depreciation in whole units, one unit left on the books; tells the addresses."""
    cost = row.put(price)
    years: list[str] = []
    for year in range(1, life_years + 1):
        amount = (
            f"SLN({cost};0;{life_years})"
            if method == "straight_line"
            else f"VDB({cost};0;{life_years};{year - 1};{year};2)"
        )
        left = "-".join([cost, *years, "1"])
        years.append(row.put(f"=MAX(0;MIN(INT({amount}+0.000001);{left}))", f"year{year}"))
    return years
