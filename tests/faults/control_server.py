"""Answers at once, beside a thread that computes a third of the time: what a computer lets through.

A computer that is short of processors keeps every program waiting that uses one. What this one
waits for is not the API's doing.
"""

import asyncio
import sys
import threading
import time

COMPUTES_S, RESTS_S = 0.05, 0.1


def _compute(stop: threading.Event) -> None:
    while not stop.wait(RESTS_S):
        until_s = time.thread_time() + COMPUTES_S
        while time.thread_time() < until_s:
            pass


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
    await writer.drain()
    writer.close()


async def main() -> None:
    """``python -m tests.faults.control_server``: says its port in a line, and serves."""
    server = await asyncio.start_server(_answer, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    threading.Thread(target=_compute, args=(threading.Event(),), daemon=True).start()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
