"""What seats are called: whose they are, their number, and their devices if they have several."""

import hashlib


def prefix_of(name: str, api_url: str) -> str:
    """How the names of all seats of one dispatcher's name and one installation begin."""
    installation = hashlib.sha256(api_url.encode()).hexdigest()[:8]
    return f"{name}-{installation}-"


def seat_name(prefix: str, *, number: int, devices: int) -> str:
    """Whoever looks a seat up learns its devices from its name, even if it does not answer."""
    return f"{prefix}{number}" + (f"x{devices}" if devices > 1 else "")


def number_of(prefix: str, name: str) -> int:
    """The seat's number among all of its dispatcher's."""
    return _parts(prefix, name)[0]


def devices_of(prefix: str, name: str) -> int:
    """Devices of a seat, which train one run together."""
    return _parts(prefix, name)[1]


def _parts(prefix: str, name: str) -> tuple[int, int]:
    number, _, devices = name.removeprefix(prefix).partition("x")
    return int(number), int(devices or 1)
