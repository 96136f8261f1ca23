"""Which addresses are of this computer alone, and how it is reached and written in a URL."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Whether an address can only be reached from this computer."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def reached_at(host: str) -> str:
    """Where this computer reaches what is bound to an address: every one has one of its own."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def in_url(host: str) -> str:
    """An address as a URL has it: the colons of IPv6 are no port."""
    return f"[{host}]" if ":" in host else host
