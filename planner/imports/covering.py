"""A schedule as it was trained, planned for as many epochs as its runs took."""

from dataclasses import replace

from planner.refusal import Refusal, require
from planner.schedules.schedule import MOST_EPOCHS, Role, Schedule, step_count


def covering(
    schedule: Schedule, *, name: str, role: Role, steps: int, training_samples: int
) -> Schedule:
    """The schedule under its name and role, for the fewest epochs that hold these steps.

    One that says its own epochs keeps them where they hold the steps: its curve depends on them.

    Raises:
        Refusal: So many epochs are more than any schedule has.
    """
    own = replace(schedule, name=name, role=role)
    warm_up = schedule.learning_rate.warm_up
    fewest = max(1, schedule.epochs or 1, warm_up.epochs if warm_up else 1)

    def holds(epochs: int) -> bool:
        planned = replace(own, epochs=epochs)
        return step_count(planned, training_samples=training_samples, epochs=epochs) >= steps

    low, high = fewest - 1, fewest
    while not holds(high):
        require(high < MOST_EPOCHS, "training_samples", "import_too_many_epochs", most=MOST_EPOCHS)
        low, high = high, min(2 * high, MOST_EPOCHS)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if middle >= fewest and holds(middle) else (middle, high)
    try:
        return replace(own, epochs=high)
    except Refusal as refusal:
        raise Refusal(
            f"schedules.{name}.{refusal.field}", refusal.code, **refusal.params
        ) from refusal
