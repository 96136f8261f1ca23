"""How late the event loop is: what everybody waits for who asks anything."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from backend.instruments import Instruments

EVERY_S = 0.5


@asynccontextmanager
async def watched_loop(instruments: Instruments) -> AsyncIterator[None]:
    """Samples the running loop while the block goes on."""
    task = asyncio.create_task(_watch(instruments))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _watch(instruments: Instruments) -> None:
    loop = asyncio.get_running_loop()
    never = asyncio.Event()
    while True:
        due_s = loop.time() + EVERY_S
        with suppress(TimeoutError):
            await asyncio.wait_for(never.wait(), EVERY_S)
        instruments.observe("event_loop_lag_seconds", seconds=max(0.0, loop.time() - due_s))
