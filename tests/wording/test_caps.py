from planner.pilots.cap_use import CapUse
from wording.caps import cap_sentence, forecast_sentence, near_sentence, passing_sentence


def test_a_cap_says_what_is_used_of_it():
    use = CapUse(scope="pilot", unit="money", used=0.8, limit=1.0, currency="USD")
    assert cap_sentence(use, "en") == "Cap of the pilot: $0.80 of $1.00 (80%)"
    assert near_sentence(use, "en").startswith("Cap of the pilot: $0.80 of $1.00 (80%) is nearly")


def test_an_estimated_use_says_so():
    use = CapUse(scope="month", unit="energy_kwh", used=3.0, limit=10.0, estimated=True)
    assert cap_sentence(use, "en") == (
        "Cap of the installation in this month: 3.00 of 10.0 kWh (30%), partly estimated"
    )
    assert "推定" in cap_sentence(use, "ja")


def test_a_forecast_says_what_is_expected_instead_of_what_is_used():
    use = CapUse(scope="pilot", unit="device_h", used=0.5, limit=2.0, expected=1.24)
    told = "Forecast · Cap of the pilot: 1.24 of 2.00 device-hours (62%)"
    assert forecast_sentence(use, "en") == told
    assert forecast_sentence(use, "ja").startswith("見込み")
    passed = CapUse(scope="run", unit="device_h", used=0.5, limit=2.0, expected=3.0)
    assert passing_sentence(passed, "en").startswith(
        "Forecast · Cap of a run: 3.00 of 2.00 device-hours (150%). The work would stop"
    )


def test_an_unknown_forecast_is_said_to_be_unknown():
    use = CapUse(scope="pilot", unit="device_h", used=0.0, limit=2.0)
    assert forecast_sentence(use, "en").endswith("forecast not known yet")


def test_a_cap_that_is_used_up_is_not_said_to_be_nearly_so():
    use = CapUse(scope="pilot", unit="device_h", used=2.1, limit=2.0)
    told = "Cap of the pilot: 2.10 of 2.00 device-hours (105%) is used up: the work has stopped. "
    told += "Raise it to go on."
    assert near_sentence(use, "en") == told
    assert "まもなく" not in near_sentence(use, "ja")


def test_a_used_up_cap_of_the_month_says_who_can_raise_it():
    use = CapUse(scope="month", unit="device_h", used=0.00374, limit=0.001)
    told = near_sentence(use, "en")
    assert "0.00374 of 0.00100 device-hours (374%) is used up: the work has stopped" in told
    assert "administrator" in told
    assert "管理者" in near_sentence(use, "ja")


def test_a_tiny_cap_of_money_is_not_rounded_to_nothing():
    use = CapUse(scope="run", unit="money", used=0.0, expected=0.00436, limit=0.001, currency="USD")
    told = "Forecast · Cap of a run: $0.0044 of $0.0010 (436%)"
    assert forecast_sentence(use, "en") == told
    yen = CapUse(scope="run", unit="money", used=1.0, limit=100.0, currency="JPY")
    assert cap_sentence(yen, "ja") == "実行の上限：100円のうち1円（1%）"
