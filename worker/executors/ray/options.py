"""The command line of ``--executor ray``."""

import argparse
import importlib.util
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from worker.executors.ray.settings import RaySettings
from worker.settings import WorkerSettings

IDLE_S = 60.0
"""A seat without a run gives its devices back after so long, unless told otherwise."""

NAME = "ray"
"""Of a dispatcher that was given none: one on another computer finds the same seats."""

ONE_GPU = "cuda:0"
"""Until Ray says which: a seat is told its own."""

MISSING = "Ray is not installed here. Install it: pip install 'ray>=2.52'"


def add(group: argparse._ArgumentGroup) -> None:
    """Everything but the name is of seats, none of which is wanted without ``--executor ray``."""
    group.add_argument("--address", help="of the Ray cluster: auto, or the head's host:port")
    group.add_argument("--seats", type=int, default=8, metavar="N", help="most seats at a time")
    group.add_argument(
        "--seat-gpus",
        type=int,
        metavar="N",
        help="GPUs for each device of a seat: 1 with --device cuda, else 0",
    )
    group.add_argument(
        "--seat-cpus",
        type=float,
        default=1.0,
        metavar="N",
        help="processors for each device of a seat",
    )
    group.add_argument(
        "--accelerator", default="", metavar="KIND", help="only GPUs that Ray calls so, as H100"
    )
    group.add_argument(
        "--store-is-shared",
        action="store_true",
        help="the folder of checkpoints is the same one on every node of the cluster",
    )
    group.add_argument(
        "--release", action="store_true", help="seats end with the dispatcher; else they go on"
    )


def refuse_without_ray(parser: argparse.ArgumentParser, given: argparse.Namespace) -> None:
    """An address of a cluster, and no executor that would use it, is a slip."""
    if given.address is not None:
        parser.error("--address is for --executor ray")


def execute(
    parser: argparse.ArgumentParser, given: argparse.Namespace
) -> Callable[[WorkerSettings], None]:
    """Keeps seats as the command line says; what is wrong with it ends the program."""
    if importlib.util.find_spec("ray") is None:
        parser.error(MISSING)
    if given.address is None:
        parser.error("--executor ray needs the --address of a cluster")
    if given.device not in ("cpu", "cuda"):
        parser.error("--device is cpu or cuda: which GPU, Ray decides")
    on_gpu = given.device == "cuda"
    try:
        settings = RaySettings(
            address=given.address,
            seats=given.seats,
            cpus=given.seat_cpus,
            gpus=int(on_gpu) if given.seat_gpus is None else given.seat_gpus,
            accelerator=given.accelerator,
            store_is_shared=given.store_is_shared,
            releases=given.release,
        )
    except ValueError as error:
        parser.error(str(error))
    if on_gpu and settings.gpus != 1:
        parser.error("--seat-gpus: a device of a seat is one GPU; runs say how many they want")
    if on_gpu:
        given.device = ONE_GPU
    name = NAME if given.name == parser.get_default("name") else given.name
    return partial(_dispatch, settings, name)


def _dispatch(ray_settings: RaySettings, name: str, settings: WorkerSettings) -> None:
    from worker.executors.ray.dispatching import dispatch

    idle_s = IDLE_S if settings.idle_s is None else settings.idle_s
    dispatch(replace(settings, name=name, idle_s=idle_s), ray_settings)
