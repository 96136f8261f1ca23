"""Turns at what computes for long: few at once, the others wait without holding a thread.

Threads that compute take the interpreter from the one loop that answers everybody, so that a
hundred reports at once would make every other answer late.
"""

import asyncio
from collections.abc import AsyncIterator

from fastapi import Depends, Request

AT_ONCE = 2
"""One interpreter computes no faster with more; a second turn is for what leaves it, as PDFs do."""

TURN_WITHIN_S = 20.0
"""How long a request waits for its turn before it is told to come back."""


def turns() -> asyncio.Semaphore:
    """As many turns as there are at once, in the order of asking."""
    return asyncio.Semaphore(AT_ONCE)


async def in_turn(request: Request) -> AsyncIterator[None]:
    """Waits for a turn, and holds it until the answer is computed.

    Raises:
        TimeoutError: Others computed for too long.
    """
    semaphore: asyncio.Semaphore = request.app.state.turns
    async with asyncio.timeout(TURN_WITHIN_S):
        await semaphore.acquire()
    try:
        yield
    finally:
        semaphore.release()


IN_TURN = [Depends(in_turn, scope="function")]
