"""A schedule as one Python file with a Trainer and a callback for Hugging Face transformers."""

from planner.exports.laid_out import LaidOut
from planner.exports.torch_parts import framework_source

_HEAD = '''\
"""Learning rate, batch size and momentum of a training with SGD in Hugging Face's Trainer.

Schedule {name}, for {training_samples} training samples and {epochs} epochs.
It needs transformers with accelerate and nothing else. `python THIS_FILE` checks it against its own
table, and that the Trainer does what it says in a short training.

    trainer = ScheduledTrainer(
        model=model,
        args=training_arguments("out"),  # and what else you set
        train_dataset=data,              # with the columns that the model takes
        order_seed=11,
    )
    trainer.train()

The Trainer's argument per_device_train_batch_size is one number for a whole training, so the
batches come from a sampler that knows every step; per_device_train_batch_size is not used.
For the Trainer the whole run is one epoch: evaluate and save by steps. Gradients are not clipped
unless you pass max_grad_norm.
What it does not cover, and stops at: several devices, accumulated batches (a batch is one step, so
the largest one must fit), more steps than are planned.
"""

import bisect
import hashlib
import json
import math
import tempfile

import torch
from transformers import Trainer, TrainerCallback, TrainingArguments

'''

_TRAINER = '''

def training_arguments(output_dir, **others):
    """Arguments that the schedule relies on, and yours."""
    fixed = {{
        "max_steps": STEPS,
        "gradient_accumulation_steps": 1,
        "lr_scheduler_type": "constant",
        "max_grad_norm": 0.0,
    }}
    return TrainingArguments(output_dir=output_dir, **{{**fixed, **others}})


class ScheduleCallback(TrainerCallback):
    """Sets rate, momentum and buffer before every step."""

    def on_train_begin(self, args, state, control, **kwargs):
        """Stops at what the schedule does not cover."""
        if args.world_size != 1 or args.n_gpu > 1:
            raise ValueError("this schedule is written for one device")
        if args.gradient_accumulation_steps != 1:
            raise ValueError("a batch is one step: leave gradient_accumulation_steps at 1")
        if state.max_steps > STEPS:
            raise ValueError(f"the schedule ends after {{STEPS}} steps: use training_arguments()")

    def on_step_begin(self, args, state, control, optimizer=None, **kwargs):
        """Prepares the step that follows."""
        set_step(optimizer, state.global_step)


class ScheduledTrainer(Trainer):
    """A Trainer whose batches, optimizer and rates are the schedule's."""

    def __init__(self, *args, order_seed, order=epoch_order, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_seed, self.order = order_seed, order
        self.add_callback(ScheduleCallback())

    def create_optimizer(self, *args, **kwargs):
        """SGD, unless the Trainer was given its own by make_optimizer."""
        if self.optimizer is None:
            self.optimizer = make_optimizer(self.model.parameters())
        return self.optimizer

    def get_train_dataloader(self):
        """One loader for the whole run."""
        loader = torch.utils.data.DataLoader(
            self.train_dataset,
            batch_sampler=Batches(seed=self.order_seed, order=self.order),
            collate_fn=self.data_collator,
            num_workers=self.args.dataloader_num_workers,
            pin_memory=self.args.dataloader_pin_memory,
        )
        return self.accelerator.prepare(loader)

    def training_step(self, model, inputs, *args, **kwargs):
        """Stops where a batch is not the planned one."""
        check_batch(self.state.global_step, samples_of(dict(inputs)))
        return super().training_step(model, inputs, *args, **kwargs)


class TrialModel(torch.nn.Module):
    """One weight, trained on the samples' own numbers."""

    def __init__(self):
        super().__init__()
        self.trial = Trial()
        self.weight = self.trial.weight
        self.trainer = None

    def forward(self, index):
        """Notes what the optimizer is set to."""
        return {{"loss": self.trial.loss(index, self.trainer[0].optimizer)}}


def trial():
    """Trains the first steps in the Trainer and checks what they did."""
    model = TrialModel()
    with tempfile.TemporaryDirectory() as folder:
        arguments = training_arguments(
            folder,
            max_steps=TRIED,
            use_cpu=True,
            report_to=[],
            save_strategy="no",
            logging_strategy="no",
            disable_tqdm=True,
        )
        trainer = ScheduledTrainer(
            model=model,
            args=arguments,
            train_dataset=[{{"index": index}} for index in range(TRAINING_SAMPLES)],
            order_seed=0,
        )
        model.trainer = [trainer]
        trainer.train()
    model.trial.check()


if __name__ == "__main__":
    self_test()
    trial()
    print(f"ok: {{STEPS}} steps, {{len(TABLE)}} of them checked, {{TRIED}} trained by the Trainer")
'''


def hugging_face_source(laid_out: LaidOut) -> str:
    """The whole file."""
    return framework_source(_HEAD, _TRAINER, laid_out)
