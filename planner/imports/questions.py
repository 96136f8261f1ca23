"""What must still be told before a log can be read, as fields that a page can ask for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as made_by

from planner.imports.mapping import ColumnMapping
from planner.refusal import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something that a log does not say.

    Attributes:
        field: Path of the answer in a `ColumnMapping`, such as ``elapsed.unit``.
        code: Message key below ``refusal.`` that says what is missing.
        params: Values for the message's placeholders.
    """

    field: str
    code: str
    params: Mapping[str, str] = made_by(default_factory=dict)


def unanswered(mapping: ColumnMapping) -> tuple[Question, ...]:
    """Every question that the mapping leaves open, whatever the rows say."""
    return tuple(
        Question(field=open_one.field, code=open_one.code, params=_texts(open_one))
        for open_one in _open(mapping)
    )


def check_answered(mapping: ColumnMapping) -> None:
    """Refuses a mapping that leaves a question open, at the first one."""
    for open_one in _open(mapping):
        raise open_one


def _texts(refusal: Refusal) -> dict[str, str]:
    return {name: str(value) for name, value in refusal.params.items()}


def _open(mapping: ColumnMapping) -> Iterator[Refusal]:
    yield from _of_place(mapping)
    yield from _of_time(mapping)
    yield from _of_batch(mapping)
    if not mapping.metrics:
        yield Refusal("metrics", "import_metrics_missing")


def _of_place(mapping: ColumnMapping) -> Iterator[Refusal]:
    """Steps, or what becomes steps."""
    if mapping.step is not None:
        return
    if mapping.epoch is None and mapping.samples is None:
        yield Refusal("step", "import_step_missing")
        return
    if mapping.batch_size is None:
        yield Refusal("batch_size", "import_batch_missing")
    if mapping.epoch is None:
        return
    if mapping.epoch.meaning is None:
        yield Refusal("epoch.meaning", "import_epoch_meaning_missing", column=mapping.epoch.column)
    if mapping.training_samples is None:
        yield Refusal("training_samples", "import_training_samples_missing")


def _of_time(mapping: ColumnMapping) -> Iterator[Refusal]:
    elapsed, timestamp = mapping.elapsed, mapping.timestamp
    if elapsed is None and timestamp is None and not mapping.without_time:
        yield Refusal("elapsed", "import_time_missing")
    if elapsed is not None and elapsed.unit is None:
        yield Refusal("elapsed.unit", "import_time_unit_missing", column=elapsed.column)
    if elapsed is None and timestamp is not None and timestamp.form is None:
        yield Refusal("timestamp.form", "import_time_form_missing", column=timestamp.column)


def _of_batch(mapping: ColumnMapping) -> Iterator[Refusal]:
    batch = mapping.batch_size
    if batch is None:
        return
    if batch.meaning is None:
        yield Refusal("batch_size.meaning", "import_batch_meaning_missing")
    elif batch.meaning == "per_device" and batch.device_count is None:
        yield Refusal("batch_size.device_count", "import_device_count_missing")
