"""Evidence of a real pilot with something changed: runs that stopped, repeated, or fell back."""

from dataclasses import replace

from planner.pilots.run import Attempt


def censored(evidence):
    """One run diverged, one started again half way; the price is that of a success."""
    *others, diverged, repeated = evidence.records
    half = repeated.attempts[0].to_step // 2
    diverged = replace(diverged, status="diverged", measurements=diverged.measurements[:3])
    repeated = replace(
        repeated,
        attempts=(
            Attempt(number=1, from_step=0, to_step=half + 5, evaluations=3),
            replace(repeated.attempts[0], number=2, from_step=half),
        ),
    )
    return replace(evidence, records=(*others, diverged, repeated))


def fallen_back(evidence):
    """The last run of the growing batch diverges in its third stage and goes on with today's.

    Two epochs take 54 + 27 steps of 20 and 40 samples; today's takes the other two in 2 x 54.
    """
    place = max(
        place
        for place, record in enumerate(evidence.records)
        if record.run.schedule == "+ growing batch"
    )
    fallen = evidence.records[place]
    stage = 54 + 27
    before = [one for one in fallen.measurements if one.step <= stage]
    after = [replace(before[-1], step=stage + 54 * epoch) for epoch in (1, 2)]
    fallen = replace(
        fallen,
        attempts=(
            Attempt(number=1, from_step=0, to_step=stage + 9, evaluations=3),
            Attempt(
                number=2,
                from_step=stage,
                to_step=stage + 2 * 54,
                evaluations=2,
                cause="fall_back",
                follows="today",
            ),
        ),
        measurements=(*before, *after),
    )
    records = (*evidence.records[:place], fallen, *evidence.records[place + 1 :])
    return replace(evidence, records=records)


def without_production(evidence):
    return replace(evidence, pilot=replace(evidence.pilot, production=None))


CHANGES = {"whole": lambda same: same, "censored": censored, "fallen back": fallen_back}
