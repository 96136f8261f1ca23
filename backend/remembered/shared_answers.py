"""One answer for everybody who asks the same within a moment: many open pages cost what one costs.

An answer is never older than the last change that was acknowledged before somebody asked for it:
who gives an order, and then looks, sees what became of it.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool

SAME_FOR_S = 0.5
"""How long an answer stays good while nothing changes; what moves with the time is as old."""

MOST_KEPT = 64
"""Answers at once; what was asked for longest ago leaves."""


@dataclass(slots=True, kw_only=True)
class _Kept:
    """The last answer to a question, and whoever works out the next one.

    Attributes:
        of: The moment that it was read of; -1 before the first.
        at_s: When it was there.
    """

    content: bytes = b""
    of: int = -1
    at_s: float = 0.0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class SharedAnswers:
    """Answers of one event loop.

    Args:
        moment: Grows with every change, before that is acknowledged.
        monotonic_s: Seconds that never jump.
    """

    def __init__(self, *, moment: Callable[[], int], monotonic_s: Callable[[], float]) -> None:
        self._moment = moment
        self._now_s = monotonic_s
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()

    async def once(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """What ``make`` gives in a thread, or gave to somebody else a moment ago.

        Args:
            key: What is asked, and by whom where the answer depends on it.
            make: Works it out of what it reads itself; what it raises, only its asker is told.
        """
        asked_at = self._moment()
        kept = self._kept.setdefault(key, _Kept())
        self._kept.move_to_end(key)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        async with kept.turn:
            if kept.of >= asked_at and self._now_s() - kept.at_s < SAME_FOR_S:
                return kept.content
            of = self._moment()
            content = await run_in_threadpool(make)
            kept.content, kept.of, kept.at_s = content, of, self._now_s()
            return content
