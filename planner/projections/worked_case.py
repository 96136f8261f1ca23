"""A published training on more and more devices: what each step of the way buys, and costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from planner.bounds import check_at_least, check_positive
from planner.chart import Axis, Chart, Series
from planner.economics.cost import SECONDS_PER_HOUR
from planner.projections.device_speed import StepModel, two_point_model
from planner.refusal import require


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedTraining:
    """One published training to a fixed quality.

    Attributes:
        batch_size: Global.
        epochs: Until the quality was reached.
        training_h: Hours until then.
        source: Who published it.
    """

    device_count: int
    batch_size: int
    epochs: int
    training_h: float
    source: str

    def __post_init__(self) -> None:
        check_at_least(self.device_count, 1, "device_count")
        check_at_least(self.batch_size, self.device_count, "batch_size")
        check_at_least(self.epochs, 1, "epochs")
        check_positive(self.training_h, "training_h")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedRow:
    """One training against the one on the fewest devices.

    Attributes:
        device_h: Device-hours that it used.
        speed_up_ratio: How many times shorter it is.
        device_hours_ratio: How many times the device-hours it uses.
        epochs_ratio: The part of that which larger batches cost in samples.
        efficiency_loss_ratio: The part which devices lose by waiting and by small shares.
        break_even_ratio: Worth of an hour over the price of a device-hour above which it pays to
            come here from the row before; None for the first row, and where that saves no time.
        projected_h: Hours that the model of two of the rows gives for its batch and epochs.
        projection_error_fraction: Of that, against what was published.
        naive_error_fraction: Of every device keeping the throughput of the first row.
        fitted: Whether the model was made of this row.
    """

    training: PublishedTraining
    device_h: float
    speed_up_ratio: float
    device_hours_ratio: float
    epochs_ratio: float
    efficiency_loss_ratio: float
    break_even_ratio: float | None
    projected_h: float
    projection_error_fraction: float
    naive_error_fraction: float
    fitted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedCase:
    """A published case, worked out.

    Attributes:
        key: Message key below ``worked_case.`` of its title and its story.
        workload: Name of what was trained.
        device: Name of the device.
        model: Step time through the two fitted rows, all communication included.
        rows: By rising number of devices.
        chart: Time against device-hours, published and as the model has it.
    """

    key: str
    workload: str
    device: str
    model: StepModel
    rows: tuple[WorkedRow, ...]
    chart: Chart


def worked_case(
    key: str,
    trainings: Sequence[PublishedTraining],
    *,
    workload: str,
    device: str,
    training_samples: int,
    fitted_device_counts: tuple[int, int],
) -> WorkedCase:
    """Works a case out.

    Args:
        key: Of its words.
        trainings: By rising number of devices; at least two.
        workload: Name of what was trained.
        device: Name of the device.
        training_samples: Samples of one epoch.
        fitted_device_counts: The two rows that the model is made of.
    """
    counts = [training.device_count for training in trainings]
    rising = all(fewer < more for fewer, more in pairwise(counts))
    require(rising and len(counts) > 1, "trainings", "not_rising")
    points = sorted(
        (training.batch_size / training.device_count, _step_s(training, training_samples))
        for training in trainings
        if training.device_count in fitted_device_counts
    )
    model = two_point_model(smaller=points[0], larger=points[-1])
    before = (None, *trainings[:-1])
    rows = tuple(
        _row(
            training,
            first=trainings[0],
            before=previous,
            model=model,
            training_samples=training_samples,
            fitted=training.device_count in fitted_device_counts,
        )
        for training, previous in zip(trainings, before, strict=True)
    )
    return WorkedCase(
        key=key, workload=workload, device=device, model=model, rows=rows, chart=_time_chart(rows)
    )


def _steps(training: PublishedTraining, training_samples: int) -> float:
    return training.epochs * training_samples / training.batch_size


def _step_s(training: PublishedTraining, training_samples: int) -> float:
    """Seconds of a step, evaluations spread over all of them."""
    return training.training_h * SECONDS_PER_HOUR / _steps(training, training_samples)


def _row(
    training: PublishedTraining,
    *,
    first: PublishedTraining,
    before: PublishedTraining | None,
    model: StepModel,
    training_samples: int,
    fitted: bool,
) -> WorkedRow:
    device_h = training.device_count * training.training_h
    device_hours_ratio = device_h / (first.device_count * first.training_h)
    epochs_ratio = training.epochs / first.epochs
    per_device = training.batch_size / training.device_count
    projected_s = _steps(training, training_samples) * model.micro_batch_s(per_device)
    naive_h = first.device_count * first.training_h * epochs_ratio / training.device_count
    return WorkedRow(
        training=training,
        device_h=device_h,
        speed_up_ratio=first.training_h / training.training_h,
        device_hours_ratio=device_hours_ratio,
        epochs_ratio=epochs_ratio,
        efficiency_loss_ratio=device_hours_ratio / epochs_ratio,
        break_even_ratio=None if before is None else _break_even(before, training),
        projected_h=projected_s / SECONDS_PER_HOUR,
        projection_error_fraction=projected_s / SECONDS_PER_HOUR / training.training_h - 1,
        naive_error_fraction=naive_h / training.training_h - 1,
        fitted=fitted,
    )


def _break_even(before: PublishedTraining, training: PublishedTraining) -> float | None:
    """Further device-hours for each hour saved."""
    saved_h = before.training_h - training.training_h
    more_h = training.device_count * training.training_h - before.device_count * before.training_h
    return more_h / saved_h if saved_h > 0 else None


def _time_chart(rows: Sequence[WorkedRow]) -> Chart:
    return Chart(
        key="worked_case_time",
        x=Axis(label="device_hours", unit="h", logarithmic=True),
        y=Axis(label="training_time", unit="h", logarithmic=True),
        series=(
            Series(
                name="published",
                role="point",
                x=tuple(row.device_h for row in rows),
                y=tuple(row.training.training_h for row in rows),
            ),
            Series(
                name="projected",
                role="candidate",
                x=tuple(row.training.device_count * row.projected_h for row in rows),
                y=tuple(row.projected_h for row in rows),
            ),
        ),
    )
