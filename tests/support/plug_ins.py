"""Plug-ins written and installed by tests: a module, and what an installer writes beside it."""

from pathlib import Path
from uuid import uuid4

from worker.plug_ins.installed import PlugIn

GOOD = """
import numpy as np
import torch
from torch import nn

def load():
    draw = np.random.default_rng(7)
    def split(samples):
        labels = draw.integers(0, 3, samples)
        return draw.normal(labels[:, None], 0.5, (samples, 4)), labels
    return {"training": split(90), "validation": split(30), "test": split(30)}

def make_model():
    return nn.Linear(4, 3)
"""
"""Three clouds of points in four dimensions."""


def install(folder: Path, code: str = "", *, name: str = "ours", version: str = "1.0") -> PlugIn:
    """Writes a plug-in into a folder; what ``code`` defines comes in place of the good parts."""
    module = f"plug_in_{uuid4().hex}"
    (folder / f"{module}.py").write_text(GOOD + code)
    about = folder / f"{module}-{version}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: {version}\n")
    (about / "entry_points.txt").write_text(f"[paybatch.workloads]\n{name} = {module}\n")
    return PlugIn(name=name, value=module, package=module, version=version)
