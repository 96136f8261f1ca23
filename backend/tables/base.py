"""How every table stores text, times and JSON, and names its constraints."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Integer,
    LargeBinary,
    MetaData,
    String,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase

from planner.devices.throughput import Execution
from planner.exchange.work import SeriesGroup
from planner.pilots.pilot import PilotPhase
from planner.pilots.run import AttemptCause, Purpose, RunStatus

Json = dict[str, object]


class UtcDateTime(TypeDecorator[datetime]):
    """Times in UTC, aware in Python; SQLite itself keeps no zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """UTC without its zone."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """The stored time with its zone."""
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Names constraints by rule, and stores every text, time and JSON value alike."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012  # the shape that SQLAlchemy asks for
        str: String,
        int: BigInteger().with_variant(Integer(), "sqlite"),
        datetime: UtcDateTime,
        Json: JSON(none_as_null=True),
        dict[str, float]: JSON(none_as_null=True),
        list[str]: JSON(none_as_null=True),
        bytes: LargeBinary,
        PilotPhase: String(16),
        RunStatus: String(16),
        Purpose: String(16),
        SeriesGroup: String(16),
        AttemptCause: String(16),
        Execution: String(16),
    }
