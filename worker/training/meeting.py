"""Where the ranks of a run meet: through a file on one computer, through a port on several."""

import ctypes
import fcntl
import ipaddress
import socket
import struct
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import torch.distributed as dist

from worker.job import RankPart

_LOOPBACK = "lo" if sys.platform == "linux" else "lo0"
_LIST_ADDRESSES = 0x8912
"""SIOCGIFCONF of Linux: interfaces and their addresses of version 4."""

_MOST_ADDRESSES = 256
_ENTRY_BYTES = 40
"""Of it: 16 for the name, and an address whose four bytes begin at 20."""


def store_of(
    folder: Path, part: RankPart | None, *, rank: int, count: int, timeout: timedelta
) -> Any:  # noqa: ANN401 - torch does not name the kind of its stores
    """What the ranks of a run find each other by; the first one opens it.

    Raises:
        OSError: Somebody else listens on the port where they were to meet.
    """
    if part is None:
        return dist.FileStore(str(folder / "ranks-meet"), count)  # type: ignore[attr-defined]
    opened = None
    if rank == 0:
        # Left to itself the store would listen on every address of this computer.
        opened = socket.create_server((part.store_address, part.store_port))
    return dist.TCPStore(  # type: ignore[attr-defined]
        part.store_address,
        part.store_port,
        count,
        is_master=opened is not None,
        timeout=timeout,
        wait_for_workers=False,
        master_listen_fd=None if opened is None else opened.detach(),
    )


def interface_of(part: RankPart | None) -> str:
    """The interface over which this computer's ranks talk to others.

    Raises:
        ValueError: No interface has the address at which others reach it.
    """
    if part is None or ipaddress.ip_address(part.own_address).is_loopback:
        return _LOOPBACK
    for name, address in _addresses():
        if address == part.own_address:
            return name
    raise ValueError(f"no interface of this computer has the address {part.own_address}")


def _addresses() -> list[tuple[str, str]]:
    """Interfaces of this computer with their addresses of version 4."""
    room = ctypes.create_string_buffer(_MOST_ADDRESSES * _ENTRY_BYTES)
    asked = struct.pack("iP", len(room), ctypes.addressof(room))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        filled, _ = struct.unpack("iP", fcntl.ioctl(asking, _LIST_ADDRESSES, asked))
    entries = [room.raw[at : at + _ENTRY_BYTES] for at in range(0, filled, _ENTRY_BYTES)]
    return [(_name(one[:16]), socket.inet_ntoa(one[20:24])) for one in entries]


def _name(label: bytes) -> str:
    """An interface with a second address has it under ``eth0:1``."""
    return label.partition(b"\0")[0].decode().partition(":")[0]
