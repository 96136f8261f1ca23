"""Addresses that a webhook may have: names on the public internet, spelled in the one plain way.

Whoever may set a webhook could otherwise make this program ask services that only it can reach.
"""

import ipaddress
import re
from dataclasses import dataclass

from planner.refusal import require

LONGEST_URL = 2000
SCHEME = "https://"
HTTPS_PORT = 443
FIRST_FREE_PORT = 1024
LAST_PORT = 65535

LONGEST_HOST = 253
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_LAST_LABEL = re.compile(r"[a-z][a-z0-9-]*[a-z0-9]")

_LOCAL_NAMES = frozenset({"internal", "local", "localdomain", "localhost"})
"""Last labels of names that no public server has."""

_NOT_PUBLIC_4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24"),
        *("192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15"),
        *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        "168.63.129.16/32",
    )
)
"""IANA's IPv4 special-purpose address registry, multicast, and the platform address of Azure."""

_PUBLIC_6 = ipaddress.IPv6Network("2000::/3")
"""All that is given out as global unicast; mapped and embedded IPv4 addresses lie outside."""

_NOT_PUBLIC_6 = tuple(
    ipaddress.IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)
"""Of those, IANA's IPv6 special-purpose address registry: tunnels to IPv4 among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookUrl:
    """An address, read once: what was checked is what is asked.

    Attributes:
        host: Name in lower case.
        target: Path and query.
    """

    host: str
    port: int
    target: str


def webhook_url(url: str, field: str) -> WebhookUrl:
    """Reads an address.

    Raises:
        Refusal: It is not https, carries a user, has a port of another service, or its host is no
            public name: addresses in figures, however spelled, are refused.
    """
    require(len(url) <= LONGEST_URL, field, "too_long", most=LONGEST_URL)
    plain = url.isascii() and url.isprintable() and not set(url) & set(' \\#"<>')
    require(plain, field, "webhook_characters")
    require(url.lower().startswith(SCHEME), field, "webhook_not_https")
    authority, slash, rest = _split(url[len(SCHEME) :])
    require("@" not in authority, field, "webhook_userinfo")
    host, colon, port_text = authority.lower().partition(":")
    require(is_public_name(host), field, "webhook_host")
    port = int(port_text) if re.fullmatch(r"[0-9]{1,5}", port_text) else 0
    if not colon:
        port = HTTPS_PORT
    allowed = port == HTTPS_PORT or FIRST_FREE_PORT <= port <= LAST_PORT
    require(allowed, field, "webhook_port", first=FIRST_FREE_PORT, last=LAST_PORT)
    target = f"{slash}{rest}" if slash == "/" else f"/{slash}{rest}"
    return WebhookUrl(host=host, port=port, target=target)


def is_public_name(host: str) -> bool:
    """Whether a host, in lower case, is a name that a public server may have."""
    labels = host.split(".")
    return (
        len(host) <= LONGEST_HOST
        and len(labels) > 1
        and all(_LABEL.fullmatch(label) for label in labels)
        and _LAST_LABEL.fullmatch(labels[-1]) is not None
        and labels[-1] not in _LOCAL_NAMES
    )


def is_public_address(text: str) -> bool:
    """Whether an IP address, as a resolver tells it, is of the public internet."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    if address.scope_id is not None or address not in _PUBLIC_6:
        return False
    return not any(address in network for network in _NOT_PUBLIC_6)


def _split(rest: str) -> tuple[str, str, str]:
    """Host with port, the mark behind them, and all that follows."""
    found = re.search(r"[/?]", rest)
    if found is None:
        return rest, "", ""
    return rest[: found.start()], found.group(), rest[found.end() :]
