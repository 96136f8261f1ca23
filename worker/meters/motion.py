"""Motion: the mechanical energy of the run as a heavy ball on the probe loss."""

from planner.measurements.mechanics import buffer_square, energy_jump, kinetic_energy
from planner.pilots.meters import MeterName
from planner.schedules.momentum import MomentumForm
from worker.meters.meter import Moment, Readings
from worker.meters.probe_loss import ProbeLoss, Samples
from worker.training.learner import Learner


class MotionMeter:
    """Reads ``E = f_probe + (alpha beta / 2) |u|^2`` with the rate of the step just made.

    The other momentum forms are converted to PyTorch's heavy ball
    (`planner.measurements.mechanics`). The jump is what the next step's rate, momentum and buffer
    conversion add to E before it moves.
    """

    name: MeterName = "motion"
    passes = 1

    def __init__(
        self, loss: ProbeLoss, probe: Samples, learner: Learner, *, form: MomentumForm
    ) -> None:
        self._loss = loss
        self._probe = probe
        self._learner = learner
        self._form = form

    def read(self, moment: Moment) -> Readings:
        """Energy, its jump, and the share of it that moves."""
        potential = self._loss.value(self._probe)
        square = float(self._learner.momentum.double().square().sum())
        kinetic = kinetic_energy(
            moment.before, square=buffer_square(self._form, square=square, beta=moment.before.beta)
        )
        energy = potential + kinetic
        return {
            "mechanical_energy": energy,
            "energy_jump": energy_jump(
                self._form,
                moment.before,
                moment.after,
                square=square,
                buffer_factor=moment.buffer_factor,
            ),
            "kinetic_fraction": kinetic / energy if energy > 0 else None,
        }
