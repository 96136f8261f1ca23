"""Only public names over https, in the one plain spelling; only public addresses."""

import ipaddress
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.exchange.webhook_url import WebhookUrl, is_public_address, is_public_name, webhook_url
from planner.refusal import Refusal


@pytest.mark.parametrize(
    ("url", "port", "target"),
    [
        ("https://hooks.example.com/a/b?c=d", 443, "/a/b?c=d"),
        ("https://hooks.example.com", 443, "/"),
        ("HTTPS://Hooks.Example.COM/A", 443, "/A"),
        ("https://hooks.example.com:443/", 443, "/"),
        ("https://hooks.example.com:8443?c=@d:e", 8443, "/?c=@d:e"),
        ("https://xn--fiqs8s.xn--fiqz9s/hook", 443, "/hook"),
    ],
)
def test_a_public_https_address_is_read(url: str, port: int, target: str) -> None:
    read = webhook_url(url, "url")
    assert (read.port, read.target, read.host) == (port, target, read.host.lower())


HOSTILE = {
    "http://hooks.example.com/": "webhook_not_https",
    "//hooks.example.com/": "webhook_not_https",
    "file:///etc/passwd": "webhook_not_https",
    "": "webhook_not_https",
    "https://good.example.com@127.0.0.1/": "webhook_userinfo",
    "https://user:word@hooks.example.com/": "webhook_userinfo",
    "https://127.0.0.1/": "webhook_host",
    "https://127.0.0.1./": "webhook_host",
    "https://127.1/": "webhook_host",
    "https://2130706433/": "webhook_host",
    "https://0x7f000001/": "webhook_host",
    "https://0x7f.0.0.0x1/": "webhook_host",
    "https://0177.0.0.1/": "webhook_host",
    "https://017700000001/": "webhook_host",
    "https://93.184.216.34/": "webhook_host",
    "https://[::1]/": "webhook_host",
    "https://[::ffff:127.0.0.1]/": "webhook_host",
    "https://[::ffff:7f00:1]:443/": "webhook_host",
    "https://[fe80::1%25eth0]/": "webhook_host",
    "https://localhost/": "webhook_host",
    "https://localhost./": "webhook_host",
    "https://app.localhost/": "webhook_host",
    "https://printer.local/": "webhook_host",
    "https://metadata.google.internal/": "webhook_host",
    "https://intranet/": "webhook_host",
    "https://hooks.example.com./": "webhook_host",
    "https://.example.com/": "webhook_host",
    "https://a..example.com/": "webhook_host",
    "https://-a.example.com/": "webhook_host",
    "https://%6c%6fcalhost.com/": "webhook_host",
    "https:///hooks.example.com/": "webhook_host",
    f"https://{'a' * 64}.example.com/": "webhook_host",
    f"https://{'a.' * 126}com/": "webhook_host",
    "https://hooks.example.com:22/": "webhook_port",
    "https://hooks.example.com:0/": "webhook_port",
    "https://hooks.example.com:/": "webhook_port",
    "https://hooks.example.com:65536/": "webhook_port",
    "https://hooks.example.com:+443/": "webhook_port",
    "https://hooks.example.com:443:443/": "webhook_port",
    "https://hooks.example.com\\@127.0.0.1/": "webhook_characters",
    "https://hooks.example.com/a b": "webhook_characters",
    "https://hooks.example.com/\r\nHost: other": "webhook_characters",
    "https://hooks.example.com/\t": "webhook_characters",
    "https://hooks.example.com/#x": "webhook_characters",
    "https://hooks.example.com\u3002evil.example/": "webhook_characters",
    "https://①②⑦.⓪.⓪.①/": "webhook_characters",
    "https://ｌocalhost/": "webhook_characters",
    f"https://hooks.example.com/{'a' * 2000}": "too_long",
}


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_spelling_is_refused(url: str) -> None:
    with pytest.raises(Refusal) as refused:
        webhook_url(url, "url")
    assert (refused.value.field, refused.value.code) == ("url", HOSTILE[url])


@given(st.integers(0, 2**32 - 1))
def test_no_spelling_of_an_ipv4_address_is_a_name(number: int) -> None:
    parts = [str(byte) for byte in number.to_bytes(4, "big")]
    spellings = [
        ".".join(parts),
        f"{number}",
        f"{number:#x}",
        f"0{number:o}",
        ".".join(f"{int(part):#x}" for part in parts),
        ".".join(f"0{int(part):o}" for part in parts),
        f"{parts[0]}.{number % 2**24}",
        f"{parts[0]}.{parts[1]}.{number % 2**16}",
        ".".join(parts) + ".",
        f"::ffff:{'.'.join(parts)}",
    ]
    assert not [spelling for spelling in spellings if is_public_name(spelling)]


@given(st.text(alphabet=string.printable + "é。①", max_size=60))
def test_whatever_is_read_is_a_public_name_and_a_plain_target(rest: str) -> None:
    try:
        read = webhook_url("https://" + rest, "url")
    except Refusal:
        return
    assert isinstance(read, WebhookUrl)
    assert is_public_name(read.host)
    assert read.target.startswith("/")
    assert not set(read.target + read.host) & set(" \r\n\t\\#")
    assert read.port == 443 or 1024 <= read.port <= 65535


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1"])
def test_an_address_of_the_public_internet_is_one(address: str) -> None:
    assert is_public_address(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.31.255.255", "192.168.0.1", "169.254.169.254", "0.0.0.0"),  # noqa: S104
        *("100.100.100.200", "192.0.0.192", "198.18.0.1", "224.0.0.1", "255.255.255.255"),
        *("168.63.129.16", "::1", "::", "fe80::1", "fe80::1%eth0", "fd00:ec2::254", "ff02::1"),
        *("::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"),
        *("2001:0:7f00:1::", "2001:db8::1", "", "localhost", "0177.0.0.1", "2130706433"),
    ],
)
def test_an_address_of_anything_else_is_none(address: str) -> None:
    assert not is_public_address(address)


@given(st.ip_addresses())
def test_nothing_that_the_standard_library_calls_special_is_public(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    special = (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
    )
    assert not (special and is_public_address(str(address)))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_inside_an_ipv6_address_is_never_public(
    address: ipaddress.IPv4Address,
) -> None:
    number = int(address)
    for inside in (
        ipaddress.IPv6Address(number),
        ipaddress.IPv6Address((0xFFFF << 32) + number),
        ipaddress.IPv6Address((0x64FF9B << 96) + number),
        ipaddress.IPv6Address((0x2002 << 112) + (number << 80)),
    ):
        assert not is_public_address(str(inside))
