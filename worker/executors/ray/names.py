"""What seats are called: whose they are, their number, and their devices if they have several."""

import hashlib
from collections.abc import Sequence


def prefix_of(name: str, api_url: str) -> str:
    """How the names of all seats of one dispatcher's name and one installation begin."""
    installation = hashlib.sha256(api_url.encode()).hexdigest()[:8]
    return f"{name}-{installation}-"


def seat_name(prefix: str, *, number: int, layout: Sequence[int]) -> str:
    """Whoever looks a seat up learns its devices from its name, even if it does not answer.

    Args:
        prefix: Of all seats of its dispatcher.
        number: Of the seat among them.
        layout: Devices on each of its nodes, of which there is one as a rule: ``1``, ``1x4`` or,
            on two nodes, ``1x4+2``.
    """
    devices = "+".join(map(str, layout))
    return f"{prefix}{number}" + (f"x{devices}" if sum(layout) > 1 else "")


def host_name(group_id: str, number: int) -> str:
    """Of what holds the ranks of a seat on another of its nodes; it is no seat by its name.

    A later group of the same seat has another id: who still leaves an earlier one is not taken for
    who is in it.
    """
    return f"host-{number}-of-{group_id}"


def number_of(prefix: str, name: str) -> int:
    """The seat's number among all of its dispatcher's."""
    return int(_parts(prefix, name)[0])


def layout_of(prefix: str, name: str) -> tuple[int, ...]:
    """Devices of a seat, which train one run together, on each of its nodes."""
    return tuple(map(int, (_parts(prefix, name)[1] or "1").split("+")))


def devices_of(prefix: str, name: str) -> int:
    """Devices of a seat on all of its nodes."""
    return sum(layout_of(prefix, name))


def _parts(prefix: str, name: str) -> tuple[str, str]:
    number, _, devices = name.removeprefix(prefix).partition("x")
    return number, devices
