import json

import pytest
from click.testing import CliRunner

from backend.cli import main
from tests.support.entered_prices import CATALOGUE


@pytest.fixture
def paybatch(live, monkeypatch):
    url, token = live
    monkeypatch.setenv("PAYBATCH_URL", url)
    monkeypatch.setenv("PAYBATCH_TOKEN", token)
    return lambda *arguments: CliRunner().invoke(main, ["price", *arguments, "--lang", "en"])


def add(paybatch, *more, price="2.2"):
    return paybatch(
        *("add", "our-h100", "--device", "H100 SXM", "--vendor", "Ours", "--kind", "spot"),
        *("--price", price, "--source", "contract 17", "--as-of", "2026-10-20", *more),
    )


def listed(paybatch, *filters):
    return json.loads(paybatch("list", *filters).stdout)


def test_a_price_is_entered_replaced_and_retired(paybatch):
    made = json.loads(add(paybatch, "--interruptions", "0.05").stdout)
    assert made["card"]["spot"]["interruptions_per_device_h"] == 0.05
    assert "already" in add(paybatch).stderr
    add(paybatch, "--replace", price="2.0")
    (row,) = listed(paybatch, "--search", "our-h100")
    assert row["card"]["rent_per_gpu_hour"] == {"amount": 2.0, "currency": "USD"}
    retired = json.loads(paybatch("retire", "our-h100", "--reason", "ended").stdout)
    assert retired["retired_on"] is not None


def test_the_book_is_listed_with_ages(paybatch):
    rows = listed(paybatch)
    assert len(rows) == 1 + 26
    ages = {row["card"]["id"]: row["age_days"] for row in rows}
    assert ages["t4-aws-g4dn-xlarge"] is None
    assert ages["h100-sxm-lambda-8x"] is not None
    assert {row["card"]["kind"] for row in listed(paybatch, "--kind", "reserved")} == {"reserved"}


def test_a_catalogue_is_imported_from_its_file(paybatch, tmp_path):
    file = tmp_path / "aws.csv"
    file.write_text(CATALOGUE, encoding="utf-8")
    arguments = ("import", str(file), "--vendor", "AWS", "--as-of", "2026-10-20")
    done = json.loads(paybatch(*arguments, "--region", "us-east-1", "--device", "H100").stdout)
    assert done == {"added": 3, "unchanged": 0, "skipped": 4, "retired": 0}


def test_a_wrong_line_of_a_catalogue_is_named(paybatch, tmp_path):
    file = tmp_path / "aws.csv"
    file.write_text(CATALOGUE + "p4d,A100,8,,,cheap,,us-east-1,,\n", encoding="utf-8")
    answer = paybatch("import", str(file), "--vendor", "AWS", "--as-of", "2026-10-20")
    assert answer.exit_code == 2
    assert 'Line 8: Price is "cheap"' in answer.stderr


def test_a_wrong_price_is_refused_before_it_is_sent(paybatch):
    answer = add(paybatch, price="-1")
    assert answer.exit_code == 2
    assert answer.stderr.startswith("rent_per_gpu_hour: ")
