"""A whole Paybatch on this computer: API, page and one worker a device, as children."""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from backend.access.secrecy import hide_from_plug_ins
from backend.access.security import load_credentials
from backend.cli.leaving import Leaving
from backend.cli.processes import Children, api_answers, page_answers
from backend.settings import PREFIX, Settings
from wording import log_lines

_NVIDIA_SMI_TIMEOUT_S = 20.0

_DATABASE_URL = f"{PREFIX}DATABASE_URL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A Paybatch that answers.

    Attributes:
        url: Address of its API.
        admin_token: The owner's token.
    """

    url: str
    admin_token: str = field(repr=False)


def devices_here() -> tuple[str, ...]:
    """Every NVIDIA device as ``cuda:N``; the processor where there is none."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return ("cpu",)
    listed = subprocess.run(  # noqa: S603  # fixed arguments, no shell
        [tool, "--list-gpus"],
        capture_output=True,
        text=True,
        timeout=_NVIDIA_SMI_TIMEOUT_S,
        check=False,
    )
    count = len([line for line in listed.stdout.splitlines() if line.startswith("GPU ")])
    return tuple(f"cuda:{index}" for index in range(count)) or ("cpu",)


def address(settings: Settings) -> str:
    """Where the API of these settings answers people on this computer."""
    return f"{settings.own_address}:{settings.port}"


def page_address(settings: Settings) -> str:
    """Where the pages of these settings answer people on this computer."""
    return f"{settings.own_address}:{settings.page_port}"


def start(
    children: Children,
    settings: Settings,
    *,
    devices: Sequence[str],
    leaving: Leaving,
    cpu_processes: int = 1,
    with_page: bool = False,
    workers_come_back: bool = False,
    logs: Path | None = None,
    store: str | None = None,
) -> Running | None:
    """Starts the API, waits until it answers, and starts one worker a device.

    Args:
        children: Ends what is started here.
        settings: Of the API.
        devices: One worker each: ``cpu``, or GPUs such as ``cuda:0`` or ``cuda:0-3``.
        cpu_processes: Processes of a worker on the processor that can train one run together.
        leaving: Set when it should not go on.
        with_page: Whether people will look at it in a browser.
        workers_come_back: Whether a worker that ends by itself is started again.
        logs: Folder for the output of each program; None shows it.
        store: Where all workers keep checkpoints; None gives each a folder of its own.

    Returns:
        None when it was time to leave before the API answered.

    Raises:
        Refusal: The environment asks for log lines that there are none of.
        EndedEarly: The API ended, for example because its port is taken.
        NotHealthy: It did not answer in time.
    """
    log_lines.lines_of(os.environ)
    hide_from_plug_ins()
    children.start("api", ["backend"], _environment(settings), log=_log(logs, "api"))
    url = address(settings)
    children.wait_until_healthy(url, leaving, answers=api_answers)
    credentials = load_credentials(settings.credentials_path)
    if leaving.is_set() or credentials is None:
        return None
    if with_page:
        _start_page(children, settings, log=_log(logs, "page"))
    token_file = settings.data_dir / "registration.token"
    _write_private(token_file, credentials.registration_token)
    for device in devices:
        name = device.replace(":", "").replace(",", "+")
        arguments = ["worker", "--api", url, "--token-file", str(token_file), "--device", device]
        if device == "cpu" and cpu_processes > 1:
            arguments += ["--device-count", str(cpu_processes)]
        arguments += ["--data-dir", str(settings.data_dir / "workers" / name), "--name", name]
        for folder in data_folders(settings):
            arguments += ["--data", str(folder)]
        arguments += [] if store is None else ["--store", store]
        children.start(
            name,
            arguments,
            without_secrets(),
            log=_log(logs, name),
            comes_back=workers_come_back,
        )
    if with_page:
        children.wait_until_healthy(page_address(settings), leaving, answers=page_answers)
    return Running(url=url, admin_token=credentials.admin_token)


def has_page() -> bool:
    """Whether the program of the pages is installed beside the API."""
    return importlib.util.find_spec("frontend.__main__") is not None


def _start_page(children: Children, settings: Settings, *, log: Path | None) -> None:
    """Starts the page program; it holds no key of its own."""
    arguments = ["frontend", "--port", str(settings.page_port), "--api", address(settings)]
    arguments += ["--host", settings.host]
    arguments += ["--allowed-hosts", ",".join(sorted(settings.answered_hosts))]
    environment = without_keys_of_stores(without_secrets())
    children.start("page", arguments, environment, log=log)


def data_folders(settings: Settings) -> tuple[Path, ...]:
    """Where workers look for published data sets: the named folder, then the installation's own."""
    named = () if settings.datasets_dir is None else (settings.datasets_dir,)
    return (*named, settings.fetched_dir)


def _environment(settings: Settings) -> dict[str, str]:
    """The environment of the API: ours, with these settings and no other database than theirs."""
    url = settings.database_url
    return {
        **without_keys_of_stores(
            {name: value for name, value in os.environ.items() if name != _DATABASE_URL}
        ),
        f"{PREFIX}HOST": settings.host,
        f"{PREFIX}PORT": str(settings.port),
        f"{PREFIX}PAGE_PORT": str(settings.page_port),
        f"{PREFIX}DATA_DIR": str(settings.data_dir),
        **({} if url is None else {_DATABASE_URL: url}),
    }


def without_secrets() -> dict[str, str]:
    """The environment of programs that are not the API: they get none of the owner's secrets."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(PREFIX) or name == log_lines.VARIABLE
    }


def without_keys_of_stores(environment: Mapping[str, str]) -> dict[str, str]:
    """What only workers need, who keep checkpoints, is left out."""
    return {name: environment[name] for name in environment if not name.startswith("AWS_")}


def _log(folder: Path | None, name: str) -> Path | None:
    if folder is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.log"


def _write_private(path: Path, text: str) -> None:
    """Writes a file that only its owner can read, from its first byte on."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
