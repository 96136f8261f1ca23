"""An axis of a chart as plotly is told."""

import math
from typing import Any

from wording.charts.axis_spans import Span
from wording.language import Language


def axis_layout(span: Span, language: Language) -> dict[str, Any]:
    """Range, ticks and their numbers."""
    ends = [span.low, span.high]
    return {
        "type": "log" if span.axis.logarithmic else "linear",
        "range": [math.log10(end) for end in ends] if span.axis.logarithmic else ends,
        "tickvals": list(span.ticks()),
        "ticktext": list(span.tick_texts(language)),
        "fixedrange": True,
        "automargin": False,
    }


def note_position(span: Span, value: float) -> float:
    """Where plotly puts a note at a value: it takes logarithms on a logarithmic axis."""
    return math.log10(value) if span.axis.logarithmic else value
