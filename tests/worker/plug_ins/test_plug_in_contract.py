"""What a plug-in may be and bring, and the sentence for each way to break the contract."""

import math

import pytest
import torch

from planner.pilots.workload import Workload
from tests.support.broken_plug_ins import BROKEN, MILD
from tests.support.plug_ins import install
from worker.data.places import DataPlaces
from worker.plug_ins.adapter import PlugInWorkload, load_plug_in
from worker.plug_ins.checks import examine
from worker.plug_ins.problem import PlugInWrong
from worker.plug_ins.words import sentence_of


@pytest.fixture
def made(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)

    def make(code: str = "") -> PlugInWorkload:
        return load_plug_in(install(tmp_path, code))

    return make


@pytest.fixture
def examined(tmp_path, monkeypatch):
    """Outcome and sentence of everything but what is well."""
    monkeypatch.syspath_prepend(tmp_path)

    def examine_it(code: str = "") -> list[tuple[str, str]]:
        state = torch.get_rng_state()
        found = list(examine(install(tmp_path, code)))
        torch.set_rng_state(state)
        return [(one.outcome, sentence_of(one)) for one in found if one.outcome != "ok"]

    return examine_it


def test_two_functions_are_enough(made, examined, tmp_path):
    workload = made()
    assert workload.facts == Workload(
        name="ours",
        version="1.0",
        training_samples=90,
        validation_samples=30,
        test_samples=30,
        classes=3,
        metrics=("train_loss", "validation_loss", "validation_accuracy", "full_gradient_norm"),
    )
    assert workload.facts.loss_of_guessing == math.log(3)
    inputs, labels = workload.load(DataPlaces(cache_dir=tmp_path))["training"]
    assert (inputs.dtype, inputs.shape, labels.dtype) == (torch.float32, (90, 4), torch.int64)
    assert examined() == []


def test_a_class_and_an_instance_serve_as_well_as_a_module(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    code = """
class Ours:
    load = staticmethod(load)
    make_model = staticmethod(make_model)
instance = Ours()
"""
    plug_in = install(tmp_path, code)
    for thing in ("Ours", "instance"):
        named = type(plug_in)(
            name="ours", value=f"{plug_in.value}:{thing}", package="p", version="1"
        )
        assert load_plug_in(named).facts.training_samples == 90


def test_a_regression_brings_its_loss_its_metrics_and_their_directions(made, examined):
    code = """
def make_model():
    return nn.Linear(4, 1)
def loss(outputs, labels):
    return (outputs[:, 0] - labels).square()
def metrics(outputs, labels):
    return {"absolute_error": (outputs[:, 0] - labels).abs()}
directions = {"absolute_error": "below"}
guessing_loss = 1.7
source = "drawn for a test"
def augment(inputs, generator):
    return inputs + 0.1 * torch.randn(inputs.shape, generator=generator)
"""
    facts = made(code).facts
    assert (facts.classes, facts.loss_of_guessing, facts.source) == (None, 1.7, "drawn for a test")
    assert facts.improves("validation_absolute_error") == "below"
    assert examined(code) == []


def test_a_models_weights_follow_from_the_seed_and_leave_the_global_generator_alone(made):
    workload = made()
    state = torch.get_rng_state()
    first, again, other = (workload.make_model(seed).weight for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("way", BROKEN)
def test_what_breaks_the_contract_is_said_with_how_to_mend_it(examined, way):
    code, sentence = BROKEN[way]
    found = examined(f"\n{code}\n")
    problems = [said for outcome, said in found if outcome == "problem"]
    assert [said for said in problems if sentence in said], found


@pytest.mark.parametrize("way", MILD)
def test_what_is_probably_not_meant_is_a_warning(examined, way):
    code, sentence = MILD[way]
    found = examined(f"\n{code}\n")
    assert [outcome for outcome, said in found if sentence in said] == ["warning"], found


def test_a_loss_that_changes_its_shape_later_is_the_plug_ins_fault_in_a_run_too(made):
    workload = made("def loss(outputs, labels):\n    return outputs.sum()")
    with pytest.raises(PlugInWrong, match="must give one loss per sample"):
        workload.loss_sum(torch.zeros(4, 3), torch.zeros(4, dtype=torch.long))
