"""The caps of a running pilot: which there are, what is offered, and what somebody raised."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from planner.exchange.page_states import LiveView
from planner.money import Money
from planner.pilots.caps import LIMIT_FIELDS


@dataclass(frozen=True, slots=True, kw_only=True)
class RaisableCap:
    """One cap that the pilot has; ``offered`` is what its field begins with."""

    name: str
    limit: float
    currency: str
    offered: float

    @property
    def key(self) -> str:
        """Of its field; a field begins anew once the limit is another one or is reached."""
        return f"live.cap.{self.name}.{self.limit!r}.{self.offered!r}"


def raisable_caps(view: LiveView) -> Iterator[RaisableCap]:
    """Twice the present limit is offered of a cap that stopped something, the present one else."""
    reached = {use.reason.removeprefix("cap_") for use in view.caps if use.reached}
    reached |= {
        live.run.reason.removeprefix("cap_") for live in view.runs if live.run.status == "capped"
    }
    for name in LIMIT_FIELDS:
        limit = getattr(view.limits, name)
        if limit is None:
            continue
        amount = limit.amount if isinstance(limit, Money) else float(limit)
        yield RaisableCap(
            name=name,
            limit=amount,
            currency=limit.currency if isinstance(limit, Money) else "",
            offered=2 * amount if name in reached else amount,
        )


def raised(caps: Iterable[RaisableCap], typed: Mapping[str, object]) -> dict[str, object]:
    """What was changed, by field; a limit that is left as it is, or left out, is not sent."""
    told: dict[str, object] = {}
    for cap in caps:
        wanted = typed.get(cap.key)
        if wanted is None or wanted == cap.limit:
            continue
        money = {"amount": wanted, "currency": cap.currency}
        told[cap.name] = money if cap.currency else wanted
    return told
