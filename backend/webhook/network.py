"""What sending needs of the world outside: names, connections and trust."""

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass


def resolve(host: str, port: int) -> tuple[str, ...]:
    """Every address of a host, in the order in which to try them.

    Raises:
        OSError: Nobody knows the name.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(place[0]) for *_, place in found))


def connect(address: str, port: int, timeout_s: float) -> socket.socket:
    """A connection to an address in figures: nothing is resolved again.

    Raises:
        OSError: There is nobody, or nobody in time.
    """
    return socket.create_connection((address, port), timeout=timeout_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """How the world outside is reached; tests pass another world.

    Attributes:
        resolve: Addresses of a host and port.
        connect: A connection to an address and port, within some seconds.
        trust: Whose certificates are believed.
        limit_s: For everything, looking the name up included: a receiver that dawdles holds the
            next message up.
    """

    resolve: Callable[[str, int], tuple[str, ...]] = resolve
    connect: Callable[[str, int, float], socket.socket] = connect
    trust: Callable[[], ssl.SSLContext] = ssl.create_default_context
    limit_s: float = 10.0
