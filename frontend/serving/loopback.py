"""Which addresses are of one computer alone."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Whether an address leads every browser to its own computer."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
