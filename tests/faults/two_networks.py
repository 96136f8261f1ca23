"""Two computers on one, as far as the network goes: namespaces joined by a pair of wires each.

A worker in one reaches what listens on one address of this computer, and nothing else: not the
other worker, and not loopback of this computer.
"""

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from tests.support.processes import is_alive

NEEDED = (
    "Two network namespaces need root and iproute2 ({why}). On Debian: apt-get install iproute2, "
    "and run the test as root on a kernel that lets it, such as in a container with --privileged."
)

HERE = "10.213.{place}.1"
THERE = "10.213.{place}.2"
HOST = HERE.format(place=1)
"""Where both networks reach this computer, while they are there."""


class NamespacesMissing(Exception):
    """What to do before two networks can be made."""


@dataclass(frozen=True)
class Network:
    """One computer's network.

    Attributes:
        name: Of the namespace.
        here: Address at which it reaches this computer.
        there: Its own.
        wire: This computer's end of what joins the two.
    """

    name: str
    here: str
    there: str
    wire: str

    def cut(self) -> None:
        """Nothing comes through any more, and nobody is told."""
        _ip("link", "set", self.wire, "down")

    def mend(self) -> None:
        """It is as it was."""
        _ip("link", "set", self.wire, "up")

    def inside(self, command: Sequence[str]) -> list[str]:
        """The command, run in there; it keeps its process id."""
        return ["ip", "netns", "exec", self.name, *command]


@contextmanager
def two_networks() -> Iterator[tuple[Network, Network]]:
    """Makes both, and takes everything away at the end.

    Raises:
        NamespacesMissing: This computer does not let us.
    """
    _remove_abandoned()
    with ExitStack() as stack:
        yield tuple(stack.enter_context(_a_network(place)) for place in (1, 2))  # type: ignore[misc]


@contextmanager
def _a_network(place: int) -> Iterator[Network]:
    name = f"paybatch-{os.getpid()}-{place}"
    wire, far = f"pb{os.getpid() % 100000}h{place}", f"pb{os.getpid() % 100000}n{place}"
    network = Network(name, HERE.format(place=place), THERE.format(place=place), wire)
    with ExitStack() as undo:
        _ip("netns", "add", name)
        undo.callback(_ip, "netns", "del", name)
        _ip("link", "add", wire, "type", "veth", "peer", "name", far, "netns", name)
        undo.callback(_ip, "link", "del", wire)
        _ip("addr", "add", f"{network.here}/30", "dev", wire)
        _ip("link", "set", wire, "up")
        _ip("-n", name, "addr", "add", f"{network.there}/30", "dev", far)
        _ip("-n", name, "link", "set", far, "up")
        _ip("-n", name, "link", "set", "lo", "up")
        if network.here != HOST:
            _ip("-n", name, "route", "add", f"{HOST}/32", "via", network.here)
        yield network


def _remove_abandoned() -> None:
    """What a test that was killed left behind: its wires go with the ends of them in there."""
    for line in _ip("netns", "list").splitlines():
        named = re.match(r"paybatch-([0-9]+)-[12]\b", line)
        if named and not is_alive(int(named[1])):
            _ip("netns", "del", named[0])


def _ip(*arguments: str) -> str:
    try:
        done = subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise NamespacesMissing(NEEDED.format(why="there is no ip")) from error
    except subprocess.CalledProcessError as error:
        raise NamespacesMissing(NEEDED.format(why=error.stderr.strip())) from error
    return done.stdout
