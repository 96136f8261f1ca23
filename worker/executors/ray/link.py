"""The only program that is connected to Ray: ``python -m worker.executors.ray.link PARENT FD``.

A process that is connected to a cluster ends with it: Ray's own libraries end it. So the dispatcher
starts this one, asks it questions over a socket, one JSON value a line, and starts another when it
is gone. `worker.executors.ray.cluster` is the other end.
"""

import contextlib
import json
import logging
import os
import socket
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import ray
from ray.util.placement_group import PlacementGroup
from ray.util.scheduling_strategies import PlacementGroupSchedulingStrategy

from wording import log_lines
from worker.executors.ray import groups
from worker.executors.ray.names import host_name
from worker.executors.ray.rank_host_seat import RankHostSeat
from worker.executors.ray.seat import Seat
from worker.executors.ray.settings import NAMESPACE
from worker.process_death import die_with
from worker.secrecy import hide_from_plug_ins

ANSWERS_WITHIN_S = 5.0
"""A seat, when it is asked how it does; one that does not is silent, and counts."""

PLACED_WITHIN_S = 30.0
"""A new seat, until its worker's program has been started; else it is taken back."""

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"

log = logging.getLogger(__name__)


def connect(address: str) -> None:
    """Joins a cluster that is there.

    Raises:
        Exception: Of many kinds, as Ray has it: there is none, or it cannot be reached.
    """
    ray.init(address=address, namespace=NAMESPACE, log_to_driver=False, logging_level=logging.ERROR)


def look(request: dict[str, Any]) -> dict[str, Any]:
    """Seats whose names begin as asked, what is free, and what each node has in all.

    What is left of seats on several nodes without a seat is removed: its maker died.
    """
    seats = []
    asked = {}
    # Of a group that another dispatcher makes now, the seat is listed if the group is.
    made = groups.named(request["prefix"])
    named = [name for name in ray.util.list_named_actors() if name.startswith(request["prefix"])]
    groups.remove_abandoned(made, seats=named)
    for name in sorted(named):
        with contextlib.suppress(ValueError):  # it has ended since it was listed
            asked[_handle(name).state.remote()] = name
    answered, silent = (
        ray.wait(list(asked), num_returns=len(asked), timeout=ANSWERS_WITHIN_S)
        if asked
        else ([], [])
    )
    for answer in answered:
        try:
            seats.append({"name": asked[answer], **ray.get(answer)})
        except ray.exceptions.RayActorError:
            continue  # it has ended since it was listed
    seats += [{"name": asked[answer], "phase": "silent", "offer": None} for answer in silent]
    nodes = [node["Resources"] for node in ray.nodes() if node["Alive"]]
    return {"seats": seats, "free": ray.available_resources(), "nodes": nodes}


def make_seat(request: dict[str, Any]) -> Any:  # noqa: ANN401 - Ray's handle
    """A seat of that name, which Ray is about to place, or the one that is there."""
    (takes,) = request["takes"]
    return _make(Seat, request["name"], request, takes)


def open_seat(request: dict[str, Any]) -> dict[str, Any]:
    """Makes a seat, or finds the one of that name, and tells it its order.

    Where it is not placed, it is taken back. ``takes`` of the request has an item for each node.
    """
    if len(request["takes"]) > 1:
        return _open_on_several_nodes(request)
    seat = make_seat(request)
    why = _refusal_of(seat.open.remote(request["order"]))
    if why:
        ray.kill(seat)
    return {"opened": not why, "why": why}


def _open_on_several_nodes(request: dict[str, Any]) -> dict[str, Any]:
    """A seat on the first node of a group, and what holds its other ranks on the others."""
    name = request["name"]
    group = groups.reserved(name, request["takes"])
    if group is None:
        return {"opened": False, "why": "no nodes have room for it"}
    why = "it was not told what to do"
    try:
        seat, *hosts = make_group(request, group)
        why = _refusal_of(seat.open.remote(request["order"], request["layout"], hosts))
    finally:
        if why:
            groups.remove(name)
    return {"opened": not why, "why": why}


def make_group(request: dict[str, Any], group: PlacementGroup) -> list[Any]:
    """Handles of a seat and of its rank hosts, each of which is in its bundle or about to be."""
    first, *others = request["takes"]
    made = [_make(Seat, request["name"], request, first, in_group=(group, 0))]
    for number, takes in enumerate(others, start=1):
        name = host_name(group.id.hex(), number)
        made.append(_make(RankHostSeat, name, request, takes, in_group=(group, number)))
    return made


def _make(
    kind: type,
    name: str,
    request: dict[str, Any],
    takes: Mapping[str, float],
    *,
    in_group: tuple[PlacementGroup, int] | None = None,
) -> Any:  # noqa: ANN401 - Ray's handle
    """An actor of that name, in a bundle of a group or anywhere, or the one that is there."""
    options: dict[str, Any] = {
        "num_cpus": takes.get("CPU", 0),
        "num_gpus": takes.get("GPU", 0),
        "accelerator_type": request["accelerator"] or None,
    }
    if in_group is not None:
        options["scheduling_strategy"] = PlacementGroupSchedulingStrategy(*in_group)
    return (
        ray.remote(kind)
        .options(
            name=name,
            namespace=NAMESPACE,
            lifetime="detached",
            get_if_exists=True,
            max_restarts=0,
            **options,
        )
        .remote(request["told_within_s"])
    )


def _refusal_of(opened: Any) -> str:  # noqa: ANN401 - Ray's reference
    """Why a seat was not opened; nothing if it was, or is open already."""
    ready, _ = ray.wait([opened], timeout=PLACED_WITHIN_S)
    if not ready:
        return "no node has room for it"
    try:
        ray.get(opened)
    except ray.exceptions.RayError as error:
        return f"{type(error).__name__}: {error}"
    return ""


def retire(request: dict[str, Any]) -> dict[str, Any]:
    """Lets seats leave after their runs."""
    for seat in _found(request["names"]):
        with contextlib.suppress(AttributeError):  # of an earlier version: it leaves when idle
            seat.retire.remote()
    return {}


def release(request: dict[str, Any]) -> dict[str, Any]:
    """Lets seats leave after their checkpoints."""
    for seat in _found(request["names"]):
        seat.release.remote()
    return {}


DOES = {"look": look, "open": open_seat, "retire": retire, "release": release}


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """What was asked for, done."""
    return DOES[request["do"]](request)


def _found(names: list[str]) -> Iterator[Any]:
    """Handles of those seats that have not ended."""
    for name in names:
        with contextlib.suppress(ValueError):
            yield _handle(name)


def _handle(name: str) -> Any:  # noqa: ANN401 - Ray makes it up
    return ray.get_actor(name, namespace=NAMESPACE)


def main() -> None:
    """Answers until the dispatcher closes its end, or Ray ends this process."""
    parent, descriptor, address = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    die_with(parent)
    hide_from_plug_ins()
    log_lines.set_up()
    with socket.socket(fileno=descriptor) as asked, asked.makefile("rw") as lines:
        try:
            connect(address)
        except Exception as error:  # noqa: BLE001 - whatever it is, there is no cluster
            _say(lines, {"away": f"{type(error).__name__}: {error}"})
            return
        _say(lines, {"ready": True})
        with contextlib.suppress(ConnectionError):  # the dispatcher is gone
            _answer_all(lines)


def _answer_all(lines: Any) -> None:  # noqa: ANN401 - text in both directions
    for line in lines:
        try:
            found = answer(json.loads(line))
        except Exception as error:  # noqa: BLE001 - whatever it is, the cluster did not answer
            _say(lines, {"away": f"{type(error).__name__}: {error}"})
            return
        _say(lines, found)


def _say(lines: Any, message: dict[str, Any]) -> None:  # noqa: ANN401 - text in both directions
    lines.write(json.dumps(message) + "\n")
    lines.flush()


if __name__ == "__main__":
    main()
