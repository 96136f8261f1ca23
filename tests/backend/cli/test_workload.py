"""`paybatch workload`: plug-ins that programs of their own load, whatever they do to them."""

import json
import os

import pytest
from click.testing import CliRunner

from backend.cli import main
from tests.support.plug_ins import install
from wording.catalogue import messages, placeholders, say


@pytest.fixture
def plug_ins(tmp_path, monkeypatch):
    """The folder that holds what is installed, for the programs that commands start."""
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    )
    return tmp_path


def paybatch(*words):
    return CliRunner().invoke(main, list(words), catch_exceptions=False)


def test_a_good_plug_in_is_found_fit_step_by_step(plug_ins):
    install(plug_ins)
    answer = paybatch("workload", "check", "ours", "--lang", "en")
    assert answer.exit_code == 0, answer.output
    first, *_, last = answer.stdout.splitlines()
    assert first.startswith("OK: installed: plug_in_")
    assert (
        "OK: data: 90 training, 30 validation and 30 test samples; a sample is [4]" in answer.stdout
    )
    assert "OK: 20 steps of training: loss from" in answer.stdout
    assert last == "ours can be trained."


def test_what_comes_with_paybatch_needs_no_check():
    answer = paybatch("workload", "check", "digits-mlp", "--lang", "en")
    assert answer.exit_code == 0
    assert answer.stdout.startswith("digits-mlp comes with Paybatch")


def test_a_plug_in_that_hangs_is_ended_and_one_that_kills_its_program_is_told(plug_ins):
    install(plug_ins, "import threading\nthreading.Event().wait()", name="hangs")
    answer = paybatch("workload", "check", "hangs", "--patience", "1", "--lang", "en")
    assert answer.exit_code == 1
    assert "It did not answer within 1 seconds." in answer.stdout
    install(plug_ins, "import os\nos.kill(os.getpid(), 9)", name="kills")
    answer = paybatch("workload", "check", "kills", "--json")
    assert answer.exit_code == 1
    last = json.loads(answer.stdout)[-1]
    assert (last["code"], last["params"]["exit"]) == ("ended_early", "signal 9")


def test_every_plug_in_is_listed_with_what_it_brings_or_what_is_wrong(plug_ins):
    install(plug_ins)
    install(plug_ins, "print('noise')\nraise RuntimeError('no licence')", name="theirs")
    install(plug_ins, name="digits-mlp")
    told = paybatch("workload", "list", "--lang", "ja").stdout.splitlines()
    assert len(told) == 3
    assert any("ours 1.0：学習用90件" in line for line in told)
    assert any("のインポートに失敗しました：RuntimeError: no licence" in line for line in told)
    assert any("「digits-mlp」は組み込みワークロードの名前です。" in line for line in told)


def test_a_name_that_is_not_installed_is_refused_with_those_that_are(plug_ins):
    install(plug_ins)
    answer = paybatch("workload", "check", "other", "--lang", "en")
    assert answer.exit_code == 1
    assert 'No plug-in named "other" is installed for this Python.' in answer.stdout
    assert "Installed are: ours." in answer.stdout


def test_commands_without_a_server_know_the_plug_ins_of_this_computer(plug_ins, tmp_path):
    install(plug_ins)
    file = tmp_path / "schedules.json"
    schedule = {"name": "s", "learning_rate": {"initial": 0.1}, "batch_size": {"initial": 30}}
    file.write_text(
        json.dumps({"workload": "ours", "budget": {"epochs": 2}, "schedules": [schedule]})
    )
    answer = paybatch("schedule", "show", str(file))
    assert len(answer.stdout.splitlines()) == 1 + 2 * 90 / 30


@pytest.mark.parametrize("key", [key for key in messages("en") if key.startswith("plug_in.")])
def test_every_sentence_about_a_plug_in_can_be_said_in_both_languages(key):
    given = dict.fromkeys(placeholders(messages("en")[key]), "x")
    assert say(key, "en", **given)
    assert say(key, "ja", **given)
