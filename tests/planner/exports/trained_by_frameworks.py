"""Trains one small model with an exported file and prints the loss of every step.

It runs in an environment of a framework, in a folder with the exported file: it imports nothing of
ours. ``python trained_by_frameworks.py pytorch|lightning|hugging-face FILE [RESUMED_AT]``
"""

import importlib.util
import json
import sys
import tempfile
from pathlib import Path

import torch

SEED = 11


class Model(torch.nn.Module):
    """Two layers; the loss of a batch is a mean over its samples, and every loss is kept."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(SEED)
        self.layers = torch.nn.Sequential(
            torch.nn.Linear(5, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1)
        )
        self.losses = []

    def forward(self, inputs, targets):
        loss = torch.nn.functional.mse_loss(self.layers(inputs), targets)
        self.losses.append(loss.item())
        return {"loss": loss}


def data(samples):
    generator = torch.Generator().manual_seed(SEED)
    inputs = torch.randn(samples, 5, generator=generator)
    targets = inputs.square().sum(1, keepdim=True)
    return inputs, targets


def by_pytorch(exported, model):
    inputs, targets = data(exported.TRAINING_SAMPLES)
    optimizer = exported.make_optimizer(model.parameters())
    for step in exported.steps(seed=SEED):
        exported.set_step(optimizer, step.number)
        optimizer.zero_grad()
        (indices,) = step.micro_batches
        model(inputs[indices], targets[indices])["loss"].backward()
        optimizer.step()


def by_lightning(exported, model):
    import lightning

    class Module(lightning.LightningModule):
        def __init__(self):
            super().__init__()
            self.model = model

        def configure_optimizers(self):
            return exported.make_optimizer(self.parameters())

        def train_dataloader(self):
            batches = exported.epoch_batches(self.trainer, seed=SEED)
            pairs = torch.utils.data.TensorDataset(*data(exported.TRAINING_SAMPLES))
            return torch.utils.data.DataLoader(pairs, batch_sampler=batches)

        def training_step(self, batch, _):
            return self.model(*batch)["loss"]

    quiet = dict.fromkeys(("logger", "enable_checkpointing", "enable_progress_bar"), False)
    options = {"accelerator": "cpu", **quiet, **exported.trainer_options()}
    trainer = lightning.Trainer(callbacks=[exported.ScheduleCallback()], **options)
    trainer.fit(Module())


def by_hugging_face(exported, model, resumed_at=None):
    inputs, targets = data(exported.TRAINING_SAMPLES)
    rows = [{"inputs": one, "targets": other} for one, other in zip(inputs, targets, strict=True)]
    quiet = {"use_cpu": True, "report_to": [], "disable_tqdm": True, "logging_strategy": "no"}
    saved = {"save_strategy": "no"}
    if resumed_at:
        saved = {"save_strategy": "steps", "save_steps": resumed_at}
    with tempfile.TemporaryDirectory() as folder:

        def trainer():
            arguments = exported.training_arguments(folder, **quiet, **saved)
            return exported.ScheduledTrainer(
                model=model, args=arguments, train_dataset=rows, order_seed=SEED
            )

        trainer().train()
        if resumed_at:
            del model.losses[resumed_at:]
            trainer().train(resume_from_checkpoint=f"{folder}/checkpoint-{resumed_at}")


def main(kind, file, *resumed_at):
    spec = importlib.util.spec_from_file_location("exported", Path(file))
    exported = importlib.util.module_from_spec(spec)
    sys.modules["exported"] = exported
    spec.loader.exec_module(exported)
    model = Model()
    trained = {"pytorch": by_pytorch, "lightning": by_lightning, "hugging-face": by_hugging_face}
    trained[kind](exported, model, *map(int, resumed_at))
    sys.stdout.write(json.dumps(model.losses))


if __name__ == "__main__":
    main(*sys.argv[1:])
