"""Seeds of a pilot: what may be chosen on one set is only claimed on another."""

from dataclasses import dataclass

from planner.bounds import check_seed, check_unique
from planner.refusal import Refusal, require

MOST_SEEDS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeds:
    """Seeds of the two phases; no seed may serve both.

    Without confirmation seeds a pilot is exploratory: it selects, and can claim nothing.
    """

    confirmation: tuple[int, ...]
    selection: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        _check_seeds(self.confirmation, "confirmation")
        _check_seeds(self.selection, "selection")
        require(bool(self.confirmation or self.selection), "confirmation", "seeds_missing")
        shared = sorted(set(self.confirmation) & set(self.selection))
        if shared:
            raise Refusal("confirmation", "seed_in_both_phases", seed=shared[0])

    def further(self, count: int) -> tuple[int, ...]:
        """So many seeds that serve neither phase yet: those that follow the largest."""
        first = max(*self.confirmation, *self.selection, 0) + 1
        return tuple(range(first, first + count))


def _check_seeds(seeds: tuple[int, ...], field: str) -> None:
    require(len(seeds) <= MOST_SEEDS, field, "too_many_seeds", most=MOST_SEEDS)
    for place, seed in enumerate(seeds):
        check_seed(seed, f"{field}[{place}]")
    check_unique(seeds, f"{field}[{{}}]", "seed_repeated")
