"""Cash flows of every kind that a plan can have, made from one seed."""

from dataclasses import dataclass
from random import Random

SEED = 20251


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyCase:
    """Flows by month and a rate a year.

    Attributes:
        roots: Rates a month at which they are worth nothing, where they were made from them.
    """

    kind: str
    flows: tuple[float, ...]
    rate_per_year: float
    roots: tuple[float, ...] = ()


def money_cases() -> list[MoneyCase]:
    """Forty-two of them, six of each kind."""
    random = Random(SEED)  # noqa: S311  # cases, not secrets
    made = []
    for kind, flows_of in KINDS.items():
        for _ in range(6):
            flows, roots = flows_of(random)
            rate = round(random.uniform(0.0, 0.3), 3)
            made.append(
                MoneyCase(kind=kind, flows=tuple(flows), rate_per_year=rate, roots=tuple(roots))
            )
    return made


def _cents(random: Random, low: float, high: float) -> float:
    return round(random.uniform(low, high), 2)


def _months(random: Random) -> int:
    return random.randint(6, 36)


def _pays_back(random: Random) -> tuple[list[float], list[float]]:
    outlay, months = _cents(random, 1000, 90_000), _months(random)
    saving = 1.5 * outlay / months
    return [-outlay, *(_cents(random, 0.7 * saving, 1.3 * saving) for _ in range(months))], []


def _never(random: Random) -> tuple[list[float], list[float]]:
    outlay, months = _cents(random, 1000, 90_000), _months(random)
    saving = 0.6 * outlay / months
    return [-outlay, *(_cents(random, 0.5 * saving, 1.2 * saving) for _ in range(months))], []


def _no_sign_change(random: Random) -> tuple[list[float], list[float]]:
    sign = random.choice([1, -1])
    return [sign * _cents(random, 1, 900) for _ in range(_months(random))], []


def _zero_outlay(random: Random) -> tuple[list[float], list[float]]:
    """Nothing is paid; savings, or losses first that savings make good."""
    months = _months(random)
    losses = random.choice([0, 0, 2])
    early = [-_cents(random, 100, 500) for _ in range(losses)]
    return [0.0, *early, *(_cents(random, 100, 900) for _ in range(months))], []


def _negative_savings(random: Random) -> tuple[list[float], list[float]]:
    months = _months(random)
    return [-_cents(random, 0, 9000), *(-_cents(random, 1, 900) for _ in range(months))], []


def _not_lasting(random: Random) -> tuple[list[float], list[float]]:
    """Paid back early, lost again, and for half of them paid back once more."""
    outlay, months = _cents(random, 1000, 9000), random.randint(5, 9)
    gained = [_cents(random, 1.1 * outlay / months, 1.6 * outlay / months) for _ in range(months)]
    lost = [-_cents(random, 1.0 * outlay, 1.5 * outlay)]
    again = [_cents(random, 2 * outlay, 3 * outlay)] if random.random() < 0.5 else []
    return [-outlay, *gained, *lost, *again], []


def _several_irrs(random: Random) -> tuple[list[float], list[float]]:
    """The product of ``(1 + root) q - 1`` over two or three roots far enough apart."""
    roots = [
        round(random.uniform(low, low + 0.08), 4)
        for low in random.sample([0.01, 0.15, 0.32, 0.6], random.choice([2, 3]))
    ]
    flows = [random.choice([1, -1]) * 1000.0]
    for root in roots:
        raised = [0.0, *[(1 + root) * flow for flow in flows]]
        flows = [high - low for high, low in zip(raised, [*flows, 0.0], strict=True)]
    return flows, sorted(roots)


KINDS = {
    "pays back": _pays_back,
    "never": _never,
    "no sign change": _no_sign_change,
    "zero outlay": _zero_outlay,
    "negative savings": _negative_savings,
    "not lasting": _not_lasting,
    "several returns": _several_irrs,
}
