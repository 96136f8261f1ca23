"""A plug-in whose model wants more memory than there is, with one seed of all."""

from pathlib import Path

from tests.support.plug_ins import install
from worker.training.seeds import stream_seed

NAME = "hungry-seed"

KINDS = ("at once", "bit by bit", "more than exists")

_CODE = """
from pathlib import Path

HOW = Path({how!r})

def eat():
    how = HOW.read_text()
    if how == "more than exists":
        torch.empty(2**62, dtype=torch.uint8)
    if how == "at once":
        torch.ones({limit_bytes} + 1, dtype=torch.uint8)
    eaten = []
    while True:
        eaten.append(np.ones(2**23))

class Hungry(nn.Linear):
    def __init__(self):
        super().__init__(4, 3)
        self.is_hungry = torch.initial_seed() == {seed}

    def forward(self, inputs):
        if self.training and self.is_hungry:
            eat()
        return super().forward(inputs)

def make_model():
    return Hungry()
"""


class HungryPlugIn:
    """The plug-in, and how it is to go beyond its limit."""

    SEED = 12

    def __init__(self, site: Path, folder: Path, *, limit_gib: int) -> None:
        self._how = folder / "hungry"
        code = _CODE.format(
            how=str(self._how),
            limit_bytes=limit_gib * 2**30,
            seed=stream_seed(self.SEED, "weights"),
        )
        install(site, code, name=NAME)

    def eat(self, kind: str) -> None:
        self._how.write_text(kind)
