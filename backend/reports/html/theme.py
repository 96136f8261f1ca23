"""Colours of light and dark as CSS variables, for the page and for its drawings."""

from dataclasses import asdict
from functools import cache
from importlib import resources

from wording.charts.palette import DARK, FONT, LIGHT, Palette


def by_name() -> Palette:
    """Every colour as the name of its variable, so that drawings follow the reader's theme."""
    names = {
        name: f"var(--pb-{name.replace('_', '-')})"
        for name, value in asdict(LIGHT).items()
        if isinstance(value, str)
    }
    others = tuple(f"var(--pb-other-{place})" for place in range(len(LIGHT.others)))
    return Palette(**names, others=others)


@cache
def style() -> str:
    """The whole style sheet; on paper it is light, whatever the screen is."""
    rules = resources.files("backend.reports.html").joinpath("report.css").read_text("utf-8")
    return "\n".join(
        (
            _variables(LIGHT),
            f"@media screen and (prefers-color-scheme: dark) {{ {_variables(DARK)} }}",
            f"body {{ font-family: {FONT}; }}",
            rules,
        )
    )


def _variables(palette: Palette) -> str:
    others = (f"--pb-other-{place}: {colour};" for place, colour in enumerate(palette.others))
    return palette.css() + " :root {" + "".join(others) + "}"
