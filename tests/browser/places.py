"""Every page of the product, as tests walk through them."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Place:
    """One page, or one step of it, by its link; the list of pilots is the start."""

    path: str
    query: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        told = (name if value == "true" else value for name, value in self.query.items())
        return "-".join((self.path or "pilots", *told))


PLACES = (
    Place(""),
    Place("plan", {"step": "1"}),
    Place("plan", {"step": "2"}),
    Place("plan", {"step": "3"}),
    Place("live"),
    Place("review"),
    Place("review", {"details_returns": "true", "details_seeds": "true"}),
    Place("decide"),
    Place("compare"),
    Place("review", {"details_what_if": "true", "details_hardware": "true"}),
    Place("reports"),
    Place("import"),
    Place("throughput"),
    Place("catalogue"),
    Place("worked-case"),
    Place("prices", {"row": "h100-sxm-runpod-secure"}),
    Place("prices", {"part": "enter"}),
    Place("prices", {"part": "import"}),
    Place("prices", {"part": "terms"}),
    Place("notifications"),
    Place("settings"),
    Place("guide", {"read": "engineers"}),
    Place("no-such-page"),
)
