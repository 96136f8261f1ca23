"""One message over real TLS: to an address that was checked, no further, and not for ever."""

import dataclasses
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from backend.webhook.network import Network
from backend.webhook.post import Answer, post
from planner.exchange.webhook_url import webhook_url
from tests.support.receiver import HOST, PUBLIC, TLS, URL, Receiver, a_receiver, trust

SHORT_S = 0.5


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with a_receiver() as receiver:
        yield receiver


def sent(network: Network, url: str = URL) -> Answer:
    return post(webhook_url(url, "url"), {"Paybatch-Delivery": "7"}, b'{"a":1}', network)


@contextmanager
def a_rude_server(
    speak: Callable[[ssl.SSLSocket], None], *, limit_s: float = 30.0
) -> Iterator[Network]:
    """One that says over TLS what a test wants."""
    listening = socket.create_server(("127.0.0.1", 0))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "server.pem")

    def serve() -> None:
        with suppress(OSError):
            connection, _ = listening.accept()
            with context.wrap_socket(connection, server_side=True) as secured:
                speak(secured)

    thread = threading.Thread(target=serve)
    thread.start()
    port = listening.getsockname()[1]
    try:
        yield Network(
            resolve=lambda *_: (PUBLIC,),
            connect=lambda *_: socket.create_connection(("127.0.0.1", port), timeout=10),
            trust=trust,
            limit_s=limit_s,
        )
    finally:
        listening.close()
        thread.join()


def test_a_message_arrives_as_it_was_sent(receiver: Receiver) -> None:
    assert sent(receiver.network) == Answer(result="delivered", status=200)
    (heard,) = receiver.heard
    assert (heard.path, heard.body) == ("/take", b'{"a":1}')
    assert (heard.headers["Host"], heard.headers["Paybatch-Delivery"]) == (HOST, "7")


def test_the_name_is_resolved_once_and_the_checked_address_is_connected_to(
    receiver: Receiver,
) -> None:
    sent(receiver.network)
    assert receiver.resolved == 1
    assert receiver.connected == [(PUBLIC, 443)]


@pytest.mark.parametrize(
    "addresses",
    [("127.0.0.1",), (PUBLIC, "10.0.0.1"), (PUBLIC, "::ffff:127.0.0.1"), ("169.254.169.254",)],
)
def test_a_name_with_any_address_that_is_not_public_is_not_connected_to(
    receiver: Receiver, addresses: tuple[str, ...]
) -> None:
    receiver.addresses = addresses
    assert sent(receiver.network) == Answer(result="address_refused")
    assert receiver.connected == []


def test_another_address_is_tried_where_the_first_does_not_answer(receiver: Receiver) -> None:
    receiver.addresses = ("2606:2800:220:1::1", PUBLIC)

    def connect(address: str, port: int, timeout_s: float) -> socket.socket:
        if address != PUBLIC:
            raise ConnectionRefusedError
        return receiver.network.connect(address, port, timeout_s)

    network = dataclasses.replace(receiver.network, connect=connect)
    assert sent(network).result == "delivered"


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.status = 302
    receiver.headers = {"Location": "https://127.0.0.1/"}
    assert sent(receiver.network) == Answer(result="redirected", status=302)
    assert len(receiver.heard) == 1


def test_a_receiver_that_does_not_want_it_is_told_by_its_status(receiver: Receiver) -> None:
    receiver.status = 503
    assert sent(receiver.network) == Answer(result="refused", status=503)


def test_a_certificate_of_another_name_is_not_believed(receiver: Receiver) -> None:
    network = dataclasses.replace(receiver.network, resolve=lambda *_: (PUBLIC,))
    answer = sent(network, "https://other.example.com/take")
    assert answer == Answer(result="certificate_refused")
    assert receiver.heard == []


def test_a_certificate_of_an_unknown_authority_is_not_believed(receiver: Receiver) -> None:
    network = dataclasses.replace(receiver.network, trust=ssl.create_default_context)
    assert sent(network) == Answer(result="certificate_refused")


def test_without_anybody_to_trust_nothing_is_connected_to(receiver: Receiver) -> None:
    def unreadable() -> ssl.SSLContext:
        return ssl.create_default_context(cafile="/nowhere/authorities.pem")

    network = dataclasses.replace(receiver.network, trust=unreadable)
    assert sent(network) == Answer(result="not_connected")
    assert receiver.connected == []


def test_a_name_that_nobody_knows_and_a_host_that_is_not_there_are_told_apart() -> None:
    def nobody(*_: object) -> tuple[str, ...]:
        raise socket.gaierror

    def refused(*_: object) -> socket.socket:
        raise ConnectionRefusedError

    assert sent(Network(resolve=nobody)) == Answer(result="not_resolved")
    assert sent(Network(resolve=lambda *_: ())) == Answer(result="not_resolved")
    lonely = Network(resolve=lambda *_: (PUBLIC,), connect=refused)
    assert sent(lonely) == Answer(result="not_connected")


def test_an_answer_that_is_no_http_is_told() -> None:
    with a_rude_server(lambda secured: secured.sendall(b"SSH-2.0-server\r\n")) as network:
        assert sent(network) == Answer(result="not_http")


def test_a_promise_of_an_answer_is_not_the_answer() -> None:
    def speak(secured: ssl.SSLSocket) -> None:
        secured.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 204 No")
        secured.sendall(b" Content\r\n\r\n")
        secured.recv(4096)

    with a_rude_server(speak) as network:
        assert sent(network) == Answer(result="delivered", status=204)


def test_who_never_answers_is_left() -> None:
    def listen(secured: ssl.SSLSocket) -> None:
        while secured.recv(4096):
            pass

    with a_rude_server(listen, limit_s=SHORT_S) as network:
        assert sent(network) == Answer(result="timed_out")


def test_who_says_a_byte_now_and_then_is_left_too() -> None:
    def drip(secured: ssl.SSLSocket) -> None:
        gone = threading.Event()
        secured.sendall(b"HTTP/1.1 200 ")
        while not gone.wait(SHORT_S / 20):
            secured.sendall(b"x")

    with a_rude_server(drip, limit_s=SHORT_S) as network:
        assert sent(network) == Answer(result="timed_out")


def test_who_never_begins_to_speak_tls_is_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        network = Network(
            resolve=lambda *_: (PUBLIC,),
            connect=lambda *_: socket.create_connection(silent.getsockname()),
            trust=trust,
            limit_s=SHORT_S,
        )
        assert sent(network) == Answer(result="timed_out")
