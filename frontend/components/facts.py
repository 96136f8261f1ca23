"""Tables of numbers that each need a sentence: what it is called, what it is, how to read it."""

from collections.abc import Iterable, Sequence

from frontend.components.markup import element, show, text
from frontend.components.terms import head_cell
from frontend.session import current_language


def show_facts(titles: Sequence[str], rows: Iterable[Sequence[str]], *, label: str) -> None:
    """Draws the table.

    Args:
        titles: Of the columns; the last one is words. The first says what a row is and needs no
            explanation.
        rows: Markup of as many cells as titles; the first names the row.
        label: Of the table, for who cannot see it.
    """
    language = current_language()
    first, *others = titles
    heads = (head_cell(title, language) for title in others)
    head = element("tr", element("th", text(first), scope="col"), *heads)
    body = "".join(
        element(
            "tr",
            element("th", first, scope="row"),
            *(element("td", cell) for cell in rest),
        )
        for first, *rest in rows
    )
    table = element(
        "table",
        element("caption", text(label), class_="pb-hidden"),
        element("thead", head),
        element("tbody", body),
        class_="pb-facts",
    )
    show(element("div", table, class_="pb-scroll", tabindex="0", role="region", aria_label=label))
