"""SGD with momentum as a heavy ball: its mechanical energy, and the rate it can bear.

Everything is worked out for PyTorch's buffer ``u = beta u + g`` and ``theta -= alpha u``. The other
forms are converted: a normalised buffer ``m = (1 - beta) u`` with rate ``eta = alpha / (1 - beta)``
has the same energy, and Nesterov's form keeps the same buffer.
"""

from dataclasses import dataclass

from planner.schedules.momentum import MomentumForm


@dataclass(frozen=True, slots=True, kw_only=True)
class Ball:
    """Rate and momentum of one step, as PyTorch's heavy ball has them.

    Attributes:
        learning_rate: alpha.
        beta: Momentum.
    """

    learning_rate: float
    beta: float


def heavy_ball(form: MomentumForm, *, rate: float, beta: float) -> Ball:
    """A step of any form as the heavy ball that walks the same path."""
    alpha = rate * (1 - beta) if form == "normalised" else rate
    return Ball(learning_rate=alpha, beta=beta)


def buffer_square(form: MomentumForm, *, square: float, beta: float) -> float:
    """``|u|^2`` of the heavy ball, from the squared norm of the form's own buffer."""
    return square / (1 - beta) ** 2 if form == "normalised" else square


def curvature_ratio(form: MomentumForm, ball: Ball, *, curvature: float) -> float:
    """Rate over the largest one that a quadratic of this curvature bears; 1 is the limit.

    ``R = alpha lambda / (2 (1 + beta))`` for the heavy ball. Nesterov bears less:
    ``alpha lambda < 2 (1 + beta) / (1 + 2 beta)``. A batch that is not the whole data bears less
    than either.

    Args:
        form: How momentum is applied.
        ball: Rate and momentum.
        curvature: lambda, the largest eigenvalue of the loss's Hessian; negative is a saddle's.
    """
    ratio = ball.learning_rate * curvature / (2 * (1 + ball.beta))
    return ratio * (1 + 2 * ball.beta) if form == "nesterov" else ratio


def kinetic_energy(ball: Ball, *, square: float) -> float:
    """``(alpha beta / 2) |u|^2``, in the unit of the loss.

    With it ``E = f + (alpha beta / 2) |u|^2`` changes in a step of exact gradients on a quadratic
    by ``-alpha (1-beta) |u|^2 - (alpha beta / 2) |u - u_before|^2 + (alpha^2 / 2) u'Au`` [derived]:
    it falls at every step while ``alpha lambda <= 2 (1 - beta)``, and on the whole up to R = 1.
    """
    return ball.learning_rate * ball.beta / 2 * square


def energy_jump(
    form: MomentumForm, before: Ball, after: Ball, *, square: float, buffer_factor: float
) -> float:
    """What a change of rate or momentum adds to the energy before anything moves; exact.

    Args:
        form: How momentum is applied.
        before: Of the step that was made.
        after: Of the step to come.
        square: Squared norm of the form's own buffer now.
        buffer_factor: On that buffer before the step to come.
    """
    then = buffer_square(form, square=square * buffer_factor**2, beta=after.beta)
    now = buffer_square(form, square=square, beta=before.beta)
    return kinetic_energy(after, square=then) - kinetic_energy(before, square=now)
