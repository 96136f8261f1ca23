"""The two clocks of the API: the day's time for records, a monotonic one for leases."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime


def utc_now() -> datetime:
    """The time of day, with its zone."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Where times come from; a jump of ``now`` must change nothing but what is written down.

    Attributes:
        now: Time of day in UTC.
        monotonic_s: Seconds that never jump.
    """

    now: Callable[[], datetime] = utc_now
    monotonic_s: Callable[[], float] = time.monotonic
