"""One message to a server outside, over TLS to an address that was checked, within a deadline.

An HTTP library would resolve the name itself, after the check; it would also follow redirects and
proxies. What is needed of an answer is its first line.
"""

import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from backend.webhook.network import Network
from planner.exchange.webhook_url import WebhookUrl, is_public_address
from planner.exchange.webhooks import DeliveryResult

MOST_ADDRESSES = 4
_MOST_BYTES = 16_384
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9][0-9])(?: [^\r\n]*)?\r\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a message was received.

    Attributes:
        status: Of HTTP; None where there was no answer.
    """

    result: DeliveryResult
    status: int | None = None


@dataclass(slots=True)
class _Deadline:
    """When an exchange must be over."""

    until_s: float
    passed: bool = False

    def left_s(self) -> float:
        """Seconds that are left.

        Raises:
            TimeoutError: None are.
        """
        left_s = self.until_s - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        return left_s


def post(url: WebhookUrl, headers: Mapping[str, str], body: bytes, network: Network) -> Answer:
    """Sends a body; it never raises for what the other side or the way there does."""
    deadline = _Deadline(until_s=time.monotonic() + network.limit_s)
    try:
        addresses = _resolved(url, network, deadline)
    except OSError:
        return Answer(result="not_resolved")
    if not addresses:
        return Answer(result="not_resolved")
    if not all(map(is_public_address, addresses)):
        return Answer(result="address_refused")
    try:
        return _exchange(url, _request(url, headers, body), addresses, network, deadline)
    except TimeoutError:
        return Answer(result="timed_out")
    except ssl.SSLCertVerificationError:
        return Answer(result="certificate_refused")
    except OSError:
        return Answer(result="timed_out" if deadline.passed else "not_connected")


def _resolved(url: WebhookUrl, network: Network, deadline: _Deadline) -> tuple[str, ...]:
    """Every address of the host; who looks a name up cannot be told to stop, only left behind.

    Raises:
        OSError: Nobody knows the name, or nobody said so in time.
    """
    found: queue.SimpleQueue[tuple[str, ...] | OSError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found.put(network.resolve(url.host, url.port))
        except OSError as error:
            found.put(error)

    threading.Thread(target=look_up, name="look-up", daemon=True).start()
    try:
        answer = found.get(timeout=deadline.left_s())
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, OSError):
        raise answer
    return answer


def _exchange(
    url: WebhookUrl,
    request: bytes,
    addresses: tuple[str, ...],
    network: Network,
    deadline: _Deadline,
) -> Answer:
    trust = network.trust()
    connection = _connected(url.port, addresses, network, deadline)
    with trust.wrap_socket(
        connection, server_hostname=url.host, do_handshake_on_connect=False
    ) as secured:
        secured.settimeout(network.limit_s)
        with _cut_off(secured, deadline):
            secured.do_handshake()
            secured.sendall(request)
            status = _status(secured)
    if status is None:
        return Answer(result="timed_out" if deadline.passed else "not_http")
    return Answer(result=_result(status), status=status)


def _connected(
    port: int, addresses: tuple[str, ...], network: Network, deadline: _Deadline
) -> socket.socket:
    """To the first address that answers; each was checked before."""
    failure: OSError = ConnectionError()
    for address in addresses[:MOST_ADDRESSES]:
        try:
            return network.connect(address, port, deadline.left_s())
        except OSError as error:
            failure = error
    raise failure


@contextmanager
def _cut_off(secured: socket.socket, deadline: _Deadline) -> Iterator[None]:
    """Ends the connection at the deadline, also of who sends a byte now and then."""

    def cut() -> None:
        deadline.passed = True
        with suppress(OSError):
            # Not the shutdown of TLS, which the other thread is in the middle of.
            socket.socket.shutdown(secured, socket.SHUT_RDWR)

    timer = threading.Timer(deadline.left_s(), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _request(url: WebhookUrl, headers: Mapping[str, str], body: bytes) -> bytes:
    host = url.host if url.port == 443 else f"{url.host}:{url.port}"
    lines = [f"POST {url.target} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("ascii") + body


def _status(secured: socket.socket) -> int | None:
    """Status of the answer, behind any that say that it is to come; None for no HTTP."""
    heard = b""
    while len(heard) < _MOST_BYTES:
        found = _STATUS.match(heard)
        status = int(found.group(1)) if found else 0
        if status >= 200:
            return status
        if found and b"\r\n\r\n" in heard:
            heard = heard.partition(b"\r\n\r\n")[2]
            continue
        if not found and b"\r\n" in heard:
            return None
        more = secured.recv(4096)
        if not more:
            return None
        heard += more
    return None


def _result(status: int) -> DeliveryResult:
    if status < 300:
        return "delivered"
    return "redirected" if status < 400 else "refused"
