"""Names that may be keys or somebody's own words, such as a reason or a line of a chart."""

from wording.catalogue import knows, say
from wording.language import Language

_METRIC_AXIS = "metric."


def label(prefix: str, name: str, language: Language) -> str:
    """The message below ``prefix``; a name that has none is somebody's own and stays as it is."""
    key = f"{prefix}.{name}"
    return say(key, language) if name and knows(key) else name


def metric_label(metric: str, language: Language) -> str:
    """A metric; one that a plug-in brought keeps its own name."""
    return label("metric", metric, language)


def axis_label(name: str, unit: str, language: Language) -> str:
    """An axis of a chart with its unit; the axis of a plug-in's metric has the metric's name."""
    key = f"chart.axis.{name}"
    own = name.startswith(_METRIC_AXIS) and not knows(key)
    text = name.removeprefix(_METRIC_AXIS) if own else say(key, language)
    return say("format.axis", language, label=text, unit=unit) if unit else text
