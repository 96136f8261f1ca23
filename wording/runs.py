"""What a run is called."""

from planner.pilots.run import Run
from wording.catalogue import say
from wording.language import Language
from wording.numbers import multiple


def run_name(run: Run, language: Language) -> str:
    """Schedule, multiple of its rate, and seed."""
    if run.schedule is None:
        return say("page.live.probe", language)
    return named_run(
        schedule=run.schedule,
        rate_multiplier=run.rate_multiplier,
        seed=run.seed,
        language=language,
    )


def named_run(*, schedule: str, rate_multiplier: float, seed: int, language: Language) -> str:
    """A training's name from its parts; a seed is a name too and has no thousands."""
    factor = multiple(rate_multiplier, language)
    return say("page.live.run", language, schedule=schedule, factor=factor, seed=str(seed))
