"""Names that may be keys or somebody's own words, such as a reason or a line of a chart."""

from wording.catalogue import knows, say
from wording.language import Language


def label(prefix: str, name: str, language: Language) -> str:
    """The message below ``prefix``; a name that has none is somebody's own and stays as it is."""
    key = f"{prefix}.{name}"
    return say(key, language) if name and knows(key) else name


def axis_label(name: str, unit: str, language: Language) -> str:
    """An axis of a chart with its unit."""
    text = say(f"chart.axis.{name}", language)
    return say("format.axis", language, label=text, unit=unit) if unit else text
