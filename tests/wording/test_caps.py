from planner.pilots.cap_use import CapUse
from wording.caps import cap_sentence, near_sentence


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
