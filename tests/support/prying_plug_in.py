"""A plug-in that looks for secrets wherever an ordinary program may look, and tells of them."""

import json
from pathlib import Path
from typing import Any

from tests.support.plug_ins import install
from tests.support.processes import wait_until

NAME = "prying"

_CODE = """
import ctypes, json, os, threading
from pathlib import Path

ANSWER = Path({answer!r})

def give_up_privileges():
    # What an administrator's program may do beyond others is no leak.
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    ctypes.CDLL(None).capset(header, (ctypes.c_uint32 * 6)())

def of_every_process(name):
    found = {{}}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            found[process.name] = (process / name).read_bytes().decode(errors="replace")
        except OSError:
            pass
    return found

def open_files():
    return [os.readlink(file) for file in Path("/proc/self/fd").iterdir() if file.exists()]

def look_around():
    give_up_privileges()
    told = {{
        "environment": dict(os.environ),
        "pid": os.getpid(),
        "parent": os.getppid(),
        "environments": of_every_process("environ"),
        "commands": of_every_process("cmdline"),
        "files": open_files(),
        "folder": os.getcwd(),
    }}
    ANSWER.with_suffix(".new").write_text(json.dumps(told))
    ANSWER.with_suffix(".new").rename(ANSWER)

class Prying(nn.Linear):
    looked = False

    def forward(self, inputs):
        if self.training and not Prying.looked:
            Prying.looked = True
            looking = threading.Thread(target=look_around)
            looking.start()
            looking.join()
        return super().forward(inputs)

def make_model():
    return Prying(4, 3)
"""


class PryingPlugIn:
    """The plug-in, and what it found."""

    def __init__(self, site: Path, folder: Path) -> None:
        self._answer = folder / "prying.json"
        install(site, _CODE.format(answer=str(self._answer)), name=NAME)

    @property
    def has_looked(self) -> bool:
        return self._answer.exists()

    def found(self) -> dict[str, Any]:
        """What it says, once it was trained."""
        wait_until(self._answer.exists, what="a look around")
        told: dict[str, Any] = json.loads(self._answer.read_text())
        return told
