"""Published settings as commands list and write them."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from backend.cli import main
from backend.cli.published import COLUMNS

WARM_UP = "json_nshb/incr_bs_warmup_lr/warmup_const_max1.0"


def run(*arguments: str):
    return CliRunner().invoke(main, ["schedule", *arguments, "--lang", "en"])


def test_the_list_says_what_each_setting_asks_for():
    rows = list(csv.DictReader(io.StringIO(run("list", "--search", "(iv) nshb max1.0").stdout)))
    assert tuple(rows[0]) == COLUMNS
    row = next(row for row in rows if row["id"] == WARM_UP)
    assert (row["first_batch_size"], row["last_batch_size"]) == ("8", "4096")
    assert (row["first_learning_rate"], row["peak_learning_rate"]) == ("0.1", "1.0")
    assert (row["steps"], row["epochs"], row["momentum"]) == ("374760", "300", "0.87")
    assert float(row["summed_effective_rate"]) == pytest.approx(263_890.361)
    assert "arXiv 2508.03105" in row["source"]


def test_the_list_can_be_one_family_in_json():
    found = json.loads(
        run("list", "--family", "constant_batch_constant_rate", "--format", "json").stdout
    )
    assert [state["setting"]["schedule"]["name"] for state in found] == ["constant"] * 3


def test_a_setting_becomes_a_file_that_can_be_shown(tmp_path):
    file = tmp_path / "warm_up.yaml"
    assert run("setting", WARM_UP, "--epochs", "20", "--out", str(file)).exit_code == 0
    (shown,) = json.loads(run("show", str(file), "--format", "json").stdout)
    # 30 epochs a stage of 300 are 2 of 20; the warm-up is 2 epochs long.
    assert [stage["batch_size"] for stage in shown["stages"]] == [8 * 2**k for k in range(10)]
    rates = dict(zip(shown["steps"]["epoch"], shown["steps"]["learning_rate"], strict=True))
    assert (rates[0], rates[19]) == (0.1, 1.0)


def test_without_a_length_the_setting_is_as_published(tmp_path):
    file = tmp_path / "warm_up.yaml"
    run("setting", WARM_UP, "--out", str(file))
    (shown,) = json.loads(run("show", str(file), "--format", "json").stdout)
    assert shown["work"]["steps"] == 374_760
    assert shown["work"]["summed_rate"] == pytest.approx(263_890.361)


def test_a_setting_that_nobody_published_is_refused():
    answer = run("setting", "json_nshb/ours")
    assert answer.exit_code == 2
    assert answer.stderr.startswith('ID: There is no published setting "json_nshb/ours".')
