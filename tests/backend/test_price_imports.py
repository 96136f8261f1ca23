"""SkyPilot catalogues: prices of instances become those of devices, or wrong lines are named."""

import pytest

from tests.support.entered_prices import CATALOGUE, DAY, import_csv, put
from tests.support.installation import Api, problem
from wording.catalogue import LANGUAGES
from wording.refusals import refusal_sentence

HEADING = CATALOGUE.splitlines()[0]


def prices(api: Api) -> dict[str, tuple[str, float]]:
    cards = api.get("/api/prices").raise_for_status().json()
    return {
        card["id"]: (card["kind"], card["rent_per_gpu_hour"]["amount"])
        for card in cards
        if card["row"]
    }


def test_every_price_of_an_instance_becomes_one_of_a_device(api: Api) -> None:
    answer = import_csv(api)
    assert answer.status_code == 201
    assert answer.json() == {"added": 6, "unchanged": 0, "skipped": 2, "retired": 0}
    assert prices(api) == {
        "aws-p5.48xlarge-us-east-1": ("on_demand", pytest.approx(98.32 / 8)),
        "aws-p5.48xlarge-us-east-1a-spot": ("spot", pytest.approx(39.328 / 8)),
        "aws-p5.48xlarge-us-east-1b-spot": ("spot", pytest.approx(40.0 / 8)),
        "aws-p5.48xlarge-eu-north-1": ("on_demand", pytest.approx(110.0 / 8)),
        "aws-g6.xlarge-us-east-1": ("on_demand", 0.8048),
        "aws-g6.xlarge-us-east-1a-spot": ("spot", 0.2817),
    }
    card = api.get("/api/prices/aws-p5.48xlarge-us-east-1").json()
    assert (card["device"], card["vendor"], card["region"]) == (
        "H100",
        "AWS p5.48xlarge",
        "us-east-1",
    )
    assert (card["as_of"], card["source"]) == (DAY, "aws.csv")


def test_only_the_regions_and_devices_that_are_asked_for_are_taken(api: Api) -> None:
    import_csv(api, regions=["eu-north-1"], devices=["H100"])
    assert list(prices(api)) == ["aws-p5.48xlarge-eu-north-1"]


def test_the_same_catalogue_again_adds_nothing(api: Api) -> None:
    import_csv(api)
    assert import_csv(api, key="again").json() == {
        "added": 0,
        "unchanged": 6,
        "skipped": 2,
        "retired": 0,
    }
    later = import_csv(api, key="later", as_of="2026-10-28").json()
    assert later == {"added": 6, "unchanged": 0, "skipped": 2, "retired": 0}
    assert len(api.get("/api/prices/aws-g6.xlarge-us-east-1/history").json()) == 2


def test_an_import_brings_no_retired_row_back(api: Api) -> None:
    import_csv(api)
    api.post("/api/prices/aws-g6.xlarge-us-east-1:retire", {"reason": "too slow"})
    later = import_csv(api, key="later", as_of="2026-11-01").json()
    assert later == {"added": 5, "unchanged": 0, "skipped": 2, "retired": 1}
    assert "aws-g6.xlarge-us-east-1" not in prices(api)
    put(api, "aws-g6.xlarge-us-east-1", as_of="2026-11-01").raise_for_status()
    again = import_csv(api, key="again", as_of="2026-11-01").json()
    assert again == {"added": 1, "unchanged": 5, "skipped": 2, "retired": 0}


def test_an_import_leaves_one_audit_row(api: Api) -> None:
    import_csv(api)
    with api.installation.database.read() as session:
        told = "SELECT action, subject_id FROM audit_entries"
        assert session.connection().exec_driver_sql(told).all() == [("price.import", "AWS")]


def test_every_wrong_line_is_named_and_nothing_of_the_file_is_used(shared_api: Api) -> None:
    text = (
        CATALOGUE
        + "p4d,A100,0,,,32.8,,us-east-1,,\n"
        + "p4d,A100,8,,,cheap,,us-east-1,,\n"
        + ",A100,8,,,32.8,,us-east-1,,\n"
        + "g6.xlarge,L4,1,,,0.9,,us-east-1,,\n"
    )
    answer = import_csv(shared_api, text)
    assert answer.status_code == 422
    named = {error["field"]: error["code"] for error in answer.json()["errors"]}
    assert named == {
        "text.lines[8].AcceleratorCount": "catalogue_value_wrong",
        "text.lines[9].Price": "catalogue_value_wrong",
        "text.lines[10].InstanceType": "catalogue_value_wrong",
        "text.lines[11]": "catalogue_price_repeated",
    }
    wrong = answer.json()["errors"][1]
    english, japanese = (
        refusal_sentence(wrong["code"], language, wrong["params"]) for language in LANGUAGES
    )
    assert english.startswith('Line 9: Price is "cheap"')
    assert japanese.startswith("9行目：Priceの「cheap」")
    assert prices(shared_api) == {}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "column_missing"),
        ("a,b\n1,2\n", "column_missing"),
        (HEADING + "\n", "catalogue_without_prices"),
        (HEADING + '\np5,"H100,8,,,1,,us,,\n', "catalogue_line_unreadable"),
        (HEADING + "\n" * 50_001, "catalogue_too_long"),
        ("x" * (4 * 2**20 + 1), "file_too_large"),
    ],
)
def test_what_is_no_catalogue_is_refused(shared_api: Api, text: str, code: str) -> None:
    assert problem(import_csv(shared_api, text)) == (422, code, "text")


def test_more_prices_than_the_book_can_show_are_refused(shared_api: Api) -> None:
    lines = "".join(f"i{number},L4,1,,,1,,r,,\n" for number in range(5_001))
    answer = import_csv(shared_api, HEADING + "\n" + lines)
    assert problem(answer) == (422, "catalogue_prices_too_many", "text")


def test_a_catalogue_has_a_day_and_a_source(shared_api: Api) -> None:
    assert problem(import_csv(shared_api, as_of="soon")) == (422, "day_unreadable", "as_of")
    assert problem(import_csv(shared_api, as_of="2027-01-01")) == (422, "day_to_come", "as_of")
    assert problem(import_csv(shared_api, source="")) == (422, "empty", "source")
