"""Which addresses are of one computer alone."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Whether an address leads everybody to the own computer, and to no other one."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
