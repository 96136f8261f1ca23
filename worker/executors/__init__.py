"""What executes runs: this program's own supervisor, or seats that it keeps on a cluster."""

import argparse
from collections.abc import Callable

from worker.executors.ray import options
from worker.settings import WorkerSettings

Execute = Callable[[WorkerSettings], None]
"""Works until it is told to leave."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """``--executor``, and what each executor wants to know."""
    group = parser.add_argument_group("executor")
    group.add_argument(
        "--executor",
        choices=("local", "ray"),
        default="local",
        help="local: train here; ray: keep workers on a cluster while runs wait for them",
    )
    options.add(group)


def chosen(parser: argparse.ArgumentParser, given: argparse.Namespace) -> Execute | None:
    """What executes runs as the command line says; None for this program itself."""
    if given.executor == "local":
        options.refuse_without_ray(parser, given)
        return None
    return options.execute(parser, given)
