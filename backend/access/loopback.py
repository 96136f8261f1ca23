"""How this computer is reached at what is bound to an address, and how that is written in a URL."""


def reached_at(host: str) -> str:
    """Where this computer reaches what is bound to an address: every one has one of its own."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def in_url(host: str) -> str:
    """An address as a URL has it: the colons of IPv6 are no port."""
    return f"[{host}]" if ":" in host else host
