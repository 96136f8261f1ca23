"""Names of series as plotly reads them."""

from html import escape

from wording.charts.end_labels import wrapped


def label_markup(name: str, *, bold: bool) -> str:
    """The lines of a name as plotly reads them; nothing in it is taken for markup."""
    text = "<br>".join(escape(line, quote=False) for line in wrapped(name))
    return f"<b>{text}</b>" if bold else text
