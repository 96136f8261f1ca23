"""A plug-in that gets stuck where a test wants it, ignores SIGTERM, and leaves a child running."""

from pathlib import Path

from tests.support.plug_ins import install
from tests.support.processes import wait_until

NAME = "stuck"

PLACES = ("load", "step", "evaluation", "gradient", "save")
"""Where it can get stuck: before the first step, in one, in an evaluation, in a gradient that is
measured, and while a checkpoint is written, as on a disk that hangs."""

_CODE = """
import os, signal, subprocess, sys, threading, time
from pathlib import Path

FOLDER = Path({folder!r})

def get_stuck(place):
    if not (FOLDER / place).exists():
        return
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    idle = [sys.executable, "-S", "-c", "import time; time.sleep(3600)"]
    child = subprocess.Popen(idle, start_new_session=True)
    (FOLDER / "being stuck").write_text(str(child.pid))
    (FOLDER / "being stuck").rename(FOLDER / "stuck")
    while True:
        time.sleep(0.01)

load_it, sync = load, os.fsync

def load():
    get_stuck("load")
    return load_it()

def fsync(file):
    get_stuck("save")
    sync(file)

os.fsync = fsync

class Stuck(nn.Linear):
    def forward(self, inputs):
        if self.training:
            time.sleep(0.001)
            get_stuck("step")
        else:
            get_stuck("gradient" if torch.is_grad_enabled() else "evaluation")
        return super().forward(inputs)

def make_model():
    return Stuck(4, 3)
"""


class StuckPlugIn:
    """The plug-in, and the folder of marks by which it knows where to get stuck."""

    def __init__(self, site: Path, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        install(site, _CODE.format(folder=str(folder)), name=NAME)

    def get_stuck_in(self, place: str) -> None:
        """From now on, whoever comes by that place stays there."""
        (self._folder / place).touch()

    def child(self) -> int:
        """The process that it left running where it got stuck, once it is."""
        wait_until((self._folder / "stuck").exists, what="a plug-in that is stuck")
        return int((self._folder / "stuck").read_text())

    def let_go(self) -> None:
        """Nobody else gets stuck."""
        for mark in self._folder.iterdir():
            mark.unlink()
