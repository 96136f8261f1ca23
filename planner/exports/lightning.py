"""A schedule as one Python file with a callback and a batch sampler for Lightning."""

from planner.exports.laid_out import LaidOut
from planner.exports.torch_parts import framework_source

_HEAD = '''\
"""Learning rate, batch size and momentum of a training with SGD in Lightning.

Schedule {name}, for {training_samples} training samples and {epochs} epochs.
It needs lightning and nothing else. `python THIS_FILE` checks it against its own table, and that
Lightning does what it says in a short training.

    class Mine(lightning.LightningModule):
        def configure_optimizers(self):
            return make_optimizer(self.parameters())

        def train_dataloader(self):
            return DataLoader(data, batch_sampler=epoch_batches(self.trainer, seed=11))

    trainer = lightning.Trainer(callbacks=[ScheduleCallback()], **trainer_options())
    trainer.fit(Mine())

What it does not cover, and stops at: several devices, accumulated batches (a batch is one step, so
the largest one must fit), another learning-rate scheduler, manual optimization with several
optimizers. Resume from checkpoints that were written at the end of an epoch.
"""

import bisect
import hashlib
import json
import math

import lightning
import torch

'''

_CALLBACK = '''

def trainer_options():
    """Options of the Trainer that the schedule relies on."""
    return {{"max_epochs": EPOCHS, "reload_dataloaders_every_n_epochs": 1}}


def epoch_batches(trainer, *, seed, order=epoch_order):
    """Batch sampler of the epoch that the trainer is about to begin."""
    numbers = [part[0] for part in _PARTS if part[1] == trainer.current_epoch]
    later = [part[0] for part in _PARTS if part[1] == trainer.current_epoch + 1]
    end = later[0] if later else STEPS
    return Batches(seed=seed, first_step=numbers[0], end_step=end, order=order)


class ScheduleCallback(lightning.Callback):
    """Sets rate, momentum and buffer before every step, and stops where a batch is not planned."""

    def on_fit_start(self, trainer, pl_module):
        """Stops at what the schedule does not cover."""
        if trainer.world_size != 1:
            raise ValueError("this schedule is written for one device")
        if trainer.accumulate_grad_batches != 1:
            raise ValueError("a batch is one step: leave accumulate_grad_batches at 1")
        if trainer.reload_dataloaders_every_n_epochs != 1:
            raise ValueError("pass trainer_options() to the Trainer: epochs differ in length")
        if len(trainer.optimizers) != 1 or trainer.lr_scheduler_configs:
            raise ValueError("one optimizer without a learning-rate scheduler is needed")

    def on_train_batch_start(self, trainer, pl_module, batch, batch_idx):
        """Prepares the step that follows."""
        check_batch(trainer.global_step, samples_of(batch))
        set_step(trainer.optimizers[0], trainer.global_step)


class TrialModule(lightning.LightningModule):
    """One weight, trained on the samples' own numbers."""

    def __init__(self):
        super().__init__()
        self.trial = Trial()
        self.weight = self.trial.weight

    def configure_optimizers(self):
        """The schedule's."""
        return make_optimizer(self.parameters())

    def train_dataloader(self):
        """Every sample is its number."""
        data = torch.utils.data.TensorDataset(torch.arange(TRAINING_SAMPLES))
        return torch.utils.data.DataLoader(data, batch_sampler=epoch_batches(self.trainer, seed=0))

    def training_step(self, batch, _):
        """Notes what the optimizer is set to."""
        return self.trial.loss(batch[0], self.trainer.optimizers[0])


def trial():
    """Trains the first steps in Lightning and checks what they did."""
    module = TrialModule()
    quiet = dict.fromkeys(
        ("logger", "enable_checkpointing", "enable_progress_bar", "enable_model_summary"), False
    )
    trainer = lightning.Trainer(
        accelerator="cpu",
        devices=1,
        max_steps=TRIED,
        callbacks=[ScheduleCallback()],
        **quiet,
        **trainer_options(),
    )
    trainer.fit(module)
    module.trial.check()


if __name__ == "__main__":
    self_test()
    trial()
    print(f"ok: {{STEPS}} steps, {{len(TABLE)}} of them checked, {{TRIED}} trained in Lightning")
'''


def lightning_source(laid_out: LaidOut) -> str:
    """The whole file."""
    return framework_source(_HEAD, _CALLBACK, laid_out)
