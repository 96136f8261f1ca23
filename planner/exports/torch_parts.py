"""What exports for trainers on PyTorch share: sample order, optimiser, the state of a step."""

from planner.exports.laid_out import LaidOut
from planner.exports.plain_python import shared_source

_OPTIMISER = '''

def epoch_order(seed, epoch):
    """Order of the training samples in one epoch; put your own here if you have one."""
    generator = torch.Generator().manual_seed(seed * 1_000_003 + epoch)
    return torch.randperm(TRAINING_SAMPLES, generator=generator)


def make_optimizer(parameters):
    """SGD with momentum as {form} takes it; its buffers start at zero."""
    parameters = list(parameters)
    beta = momentum(0)
    optimizer = torch.optim.SGD(
        parameters,
        lr=learning_rate(0),
        momentum=beta,
        dampening={dampening},
        nesterov={nesterov},
    )
    for parameter in parameters:
        optimizer.state[parameter]["momentum_buffer"] = torch.zeros_like(parameter)
    return optimizer


def set_step(optimizer, number):
    """Rate and momentum of a step, and the buffer's conversion where momentum changes."""
    beta, factor = momentum(number), buffer_factor(number)
    for group in optimizer.param_groups:
        group["lr"] = learning_rate(number)
        group["momentum"] = beta
        group["dampening"] = {dampening}
        if factor != 1.0:
            for parameter in group["params"]:
                optimizer.state[parameter]["momentum_buffer"].mul_(factor)
'''

_BATCHES = '''

class Batches(torch.utils.data.Sampler):
    """Indices of the training samples of every step from `first_step` up to `end_step`.

    A `batch_sampler` for a `DataLoader`: batches grow without a new loader, and each epoch sees
    every training sample exactly once.
    """

    def __init__(self, *, seed, first_step=0, end_step=STEPS, order=epoch_order):
        self.seed, self.order = seed, order
        self.first_step, self.end_step = first_step, end_step

    def __len__(self):
        return self.end_step - self.first_step

    def __iter__(self):
        current, indices = -1, None
        for number in range(self.first_step, self.end_step):
            epoch, cursor, items, _ = at(number)
            if epoch != current:
                current, indices = epoch, self.order(self.seed, epoch)
            yield indices[cursor : cursor + items].tolist()


def samples_of(batch):
    """Number of samples in a batch of tensors, in a tuple, list or dict or alone."""
    if isinstance(batch, dict):
        batch = list(batch.values())
    return samples_of(batch[0]) if isinstance(batch, (list, tuple)) else len(batch)


def check_batch(number, samples):
    """Stops where a step does not hold the samples that are planned for it."""
    if number >= STEPS:
        raise ValueError(f"the schedule ends after {{STEPS}} steps")
    if samples != at(number)[2]:
        raise ValueError(
            f"step {{number}} holds {{samples}} samples where {{at(number)[2]}} are planned"
        )


TRIED = STEPS if STEPS <= 1000 else 200


class Trial:
    """What a short training really did, held against the plan."""

    def __init__(self):
        self.weight = torch.nn.Parameter(torch.zeros(1))
        self.steps, self.seen = [], torch.zeros(TRAINING_SAMPLES, dtype=torch.int64)

    def loss(self, index, optimizer):
        """Call it in place of a model's loss; `index` holds the samples' own numbers."""
        self.seen[index] += 1
        group = optimizer.param_groups[0]
        self.steps.append((len(index), group["lr"], group["momentum"], group["dampening"]))
        return (self.weight - 1).square().sum()

    def check(self):
        """Stops where a step was not the planned one, or a sample came twice in an epoch."""
        assert len(self.steps) == TRIED, len(self.steps)
        for number, (samples, rate, beta, dampening) in enumerate(self.steps):
            check_batch(number, samples)
            expected = learning_rate(number), momentum(number), {trial_dampening}
            assert (rate, beta, dampening) == expected, (number, rate, beta, dampening)
        epochs = at(TRIED - 1)[0]
        assert set(self.seen.tolist()) <= {{epochs, epochs + 1}}
'''


def optimiser_source(laid_out: LaidOut) -> str:
    """Sample order, optimiser and the state of a step; needs torch and `plain_python`."""
    return _OPTIMISER.format(
        form=laid_out.form,
        dampening="beta" if laid_out.form == "normalised" else "0.0",
        nesterov=laid_out.form == "nesterov",
    )


def batches_source(laid_out: LaidOut) -> str:
    """A batch sampler, and what a trial in a framework is held against; needs the optimiser."""
    normalised = laid_out.form == "normalised"
    return _BATCHES.format(trial_dampening="momentum(number)" if normalised else "0.0")


def framework_source(head: str, trainer: str, laid_out: LaidOut) -> str:
    """A whole file for a framework on PyTorch: its head, all that such files share, its own part.

    Args:
        head: Template that names the schedule, the training samples and the epochs.
        trainer: Template with nothing to fill in.
        laid_out: The schedule.
    """
    named = head.format(
        name=quoted_name(laid_out),
        training_samples=laid_out.table.training_samples,
        epochs=laid_out.table.epochs,
    )
    parts = shared_source(laid_out), optimiser_source(laid_out), batches_source(laid_out)
    return named + "".join(parts) + trainer.format()


def quoted_name(laid_out: LaidOut) -> str:
    """The schedule's name, harmless inside a docstring: nothing in it ends or escapes from it."""
    return repr(laid_out.schedule.name.replace('"', "'")).replace('"', "'").replace("\\", "")
