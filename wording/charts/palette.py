"""The colours of light and dark: the same for pages, charts, reports and the theme of Streamlit."""

from dataclasses import asdict, dataclass

FONT = (
    "'Source Sans', 'Noto Sans CJK JP', 'Noto Sans JP', 'Hiragino Sans', 'Yu Gothic UI', Meiryo, "
    "sans-serif"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours by what they are for.

    Attributes:
        accent: The one colour that leads the eye: the candidate that the page is about.
        accent_soft: Its band.
        on_accent: Text on it.
        text: Of everything that is read.
        muted: Of what explains.
        line: Borders and grids.
        axis: Zero lines.
        surface: Behind cards.
        soft: Behind headers of tables and neutral pills.
        good: Text that says yes.
        good_soft: Behind it.
        caution: Text that says not yet.
        caution_soft: Behind it.
        bad: Text that says no.
        bad_soft: Behind it.
        others: Other candidates, in order.
    """

    accent: str
    accent_soft: str
    on_accent: str
    text: str
    muted: str
    line: str
    axis: str
    surface: str
    soft: str
    good: str
    good_soft: str
    caution: str
    caution_soft: str
    bad: str
    bad_soft: str
    others: tuple[str, ...]

    def css(self) -> str:
        """The same as CSS variables, such as ``--pb-accent-soft``."""
        colours = {
            f"--pb-{name.replace('_', '-')}": value
            for name, value in asdict(self).items()
            if isinstance(value, str)
        }
        return ":root {" + "".join(f"{name}: {value};" for name, value in colours.items()) + "}"


LIGHT = Palette(
    accent="#1d4ed8",
    accent_soft="rgba(29, 78, 216, 0.11)",
    on_accent="#ffffff",
    text="#0f172a",
    muted="#5b6779",
    line="#dde3ec",
    axis="#64748b",
    surface="#ffffff",
    soft="#f3f5f9",
    good="#166534",
    good_soft="#eaf5ee",
    caution="#92400e",
    caution_soft="#fdf3e1",
    bad="#b91c1c",
    bad_soft="#fdecec",
    others=("#b45309", "#0f766e", "#7c3aed", "#be185d", "#4d7c0f"),
)

DARK = Palette(
    accent="#7ea6ff",
    accent_soft="rgba(126, 166, 255, 0.16)",
    on_accent="#0b1220",
    text="#e6ebf4",
    muted="#9aa7bb",
    line="#2b364b",
    axis="#8593a8",
    surface="#0e1420",
    soft="#1a2233",
    good="#6ee7a0",
    good_soft="#12291e",
    caution="#fcd28a",
    caution_soft="#2e2413",
    bad="#fca5a5",
    bad_soft="#331a1d",
    others=("#fdba74", "#5eead4", "#c4b5fd", "#f9a8d4", "#bef264"),
)


def palette(*, dark: bool) -> Palette:
    """The colours of one theme."""
    return DARK if dark else LIGHT
