"""Answers at once, beside a thread that computes a third of the time: what a computer lets through.

A computer that is short of processors keeps every program waiting that uses one. What this one
waits for is not the API's doing.
"""

import asyncio
import sys
import threading
import time

COMPUTES_S, RESTS_S = 0.05, 0.1


class Computing:
    """A thread that wants a third of a processor.

    Attributes:
        slowness: Seconds that it took for each second that it computed; 1 on a quiet computer.
    """

    def __init__(self) -> None:
        self.slowness = 1.0
        self._taken_s = self._computed_s = 0.0

    def go_on(self) -> None:
        """Computes and rests for ever."""
        never = threading.Event()
        while not never.wait(RESTS_S):
            began_s, until_s = time.perf_counter(), time.thread_time() + COMPUTES_S
            while time.thread_time() < until_s:
                pass
            self._taken_s += time.perf_counter() - began_s
            self._computed_s += COMPUTES_S
            self.slowness = max(1.0, self._taken_s / self._computed_s)


COMPUTING = Computing()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    body = f"{COMPUTING.slowness:.2f}".encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()
    writer.close()


async def main() -> None:
    """``python -m tests.faults.control_server``: says its port in a line, and serves."""
    server = await asyncio.start_server(_answer, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    threading.Thread(target=COMPUTING.go_on, daemon=True).start()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
