"""The worker's command line; what cannot be ends the program with a sentence."""

import argparse
import os
import socket
import tempfile
from pathlib import Path

from planner.devices.device_count import MOST_DEVICES
from worker import executors
from worker.device import gpus_of
from worker.settings import WorkerSettings


def read_options(
    arguments: list[str] | None,
) -> tuple[WorkerSettings, executors.Execute | None]:
    """How this worker is set up, and what executes the runs it takes; None for itself."""
    parser = _parser()
    given = parser.parse_args(arguments)
    execute = executors.chosen(parser, given)
    _check_devices(parser, given)
    _check_store(parser, given)
    try:
        return _settings(given, registration_token=_read_token(parser, given.token_file)), execute
    except ValueError as error:
        parser.error(str(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m worker",
        description="One worker on its devices, from its command line to its last checkpoint.",
    )
    parser.add_argument("--api", required=True, help="address of the API")
    parser.add_argument("--token-file", type=Path, required=True, help="the registration token")
    parser.add_argument("--data-dir", type=Path, required=True, help="checkpoints and scratch")
    parser.add_argument(
        "--data",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="published data sets; may be given several times, first choice first",
    )
    parser.add_argument("--name", default=socket.gethostname(), help="shown to people")
    parser.add_argument(
        "--device", default="cpu", help="cpu, or GPUs: cuda:0 for one, cuda:0,1 or cuda:0-3"
    )
    parser.add_argument(
        "--device-count",
        type=int,
        metavar="N",
        help="with cpu: N processes, each as a device, can train one run together",
    )
    parser.add_argument(
        "--lock-dir", type=Path, default=Path(tempfile.gettempdir()), help="same for all workers"
    )
    parser.add_argument(
        "--checkpoint-every-s", type=float, default=30.0, help="longest time between checkpoints"
    )
    parser.add_argument(
        "--compile",
        action="store_true",
        help="compile forward and backward passes: slow to start, for long runs on a GPU",
    )
    parser.add_argument(
        "--bundle",
        type=int,
        default=16,
        metavar="N",
        help="train up to N runs together where that was measured to pay; 1 never does",
    )
    parser.add_argument(
        "--memory-gib",
        type=float,
        metavar="N",
        help="most memory of this computer for a trainer; else nine tenths of it on a CPU",
    )
    parser.add_argument(
        "--store",
        metavar="URL",
        default=os.environ.get("PAYBATCH_STORE") or None,
        help="where checkpoints are kept for all workers, a folder or s3://bucket/folder; "
        "else PAYBATCH_STORE; without both in --data-dir, for this worker alone",
    )
    parser.add_argument(
        "--idle-s", type=float, metavar="S", help="leave after so long without a run; else never"
    )
    executors.add_options(parser)
    return parser


def _settings(given: argparse.Namespace, *, registration_token: str) -> WorkerSettings:
    return WorkerSettings(
        api_url=given.api,
        registration_token=registration_token,
        data_dir=given.data_dir,
        name=given.name,
        device=given.device,
        datasets_dirs=tuple(given.data),
        lock_dir=given.lock_dir,
        checkpoint_every_s=given.checkpoint_every_s,
        compiles=given.compile,
        bundle=given.bundle,
        memory_gib=given.memory_gib,
        store=given.store,
        cpu_processes=given.device_count if given.device == "cpu" and given.device_count else 1,
        idle_s=given.idle_s,
    )


def _check_devices(parser: argparse.ArgumentParser, given: argparse.Namespace) -> None:
    """Devices that cannot be end the program with a sentence."""
    try:
        gpus = gpus_of(given.device)
    except ValueError as error:
        parser.error(f"--device: {error}")
    count = len(gpus) or given.device_count or 1
    if given.device_count not in (None, count) or not 1 <= count <= MOST_DEVICES:
        parser.error(
            f"--device-count {given.device_count} does not go with --device {given.device}"
        )


def _check_store(parser: argparse.ArgumentParser, given: argparse.Namespace) -> None:
    """A store that is named and is none, or goes with the worker, ends it with a sentence."""
    if given.store is None:
        return
    if not given.store.strip():
        parser.error(
            "--store: it is empty; name a folder or an address, or leave it out to keep "
            "checkpoints in --data-dir"
        )
    scratch = (given.data_dir / "scratch").resolve()
    if "://" not in given.store and Path(given.store).resolve().is_relative_to(scratch):
        parser.error(f"--store: {scratch} is removed with the worker; name another folder")


def _read_token(parser: argparse.ArgumentParser, file: Path) -> str:
    """The registration token; a file that cannot be read ends the program with a sentence."""
    try:
        return file.read_text().strip()
    except OSError as error:
        parser.error(f"--token-file {file}: {error.strerror}")
