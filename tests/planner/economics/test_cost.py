import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.economics.cost import (
    StageUse,
    device_h,
    people_cost,
    rented_cost,
    spot_factor,
    training_h,
)
from planner.economics.energy import carbon_kg, energy_cost, estimated_energy_kwh
from planner.economics.ownership import (
    OwnedDevice,
    owned_rate_per_device_h,
    worth_of_saved_device_h,
)
from planner.money import Money
from planner.refusal import Refusal

stage_uses = st.builds(
    StageUse,
    steps=st.integers(0, 10_000),
    step_time_s=st.floats(0, 10),
    device_count=st.integers(1, 64),
)


def usd(amount: float) -> Money:
    return Money(amount=amount, currency="USD")


def stage(steps: int, step_time_s: float, device_count: int) -> StageUse:
    return StageUse(steps=steps, step_time_s=step_time_s, device_count=device_count)


def an_owned_device(**changes) -> OwnedDevice:
    fields = {
        "purchase": usd(300_000),
        "residual": usd(30_000),
        "life_years": 5,
        "use_fraction": 0.6,
        "maintenance_per_year": usd(24_000),
        "use_w": 700.0,
        "idle_w": 0.0,
        "pue": 1.3,
        "energy_price_per_kwh": usd(0.20),
    }
    return OwnedDevice(**{**fields, **changes})


def test_reserved_devices_are_paid_for_the_whole_training_and_elastic_ones_by_stage():
    stages = (stage(3600, 1.0, 2), stage(1800, 2.0, 8))
    assert training_h(stages) == 1.0 + 1.0
    assert device_h(stages, device_use="reserved") == 8 * 2.0
    assert device_h(stages, device_use="elastic") == 2 * 1.0 + 8 * 1.0


def test_evaluations_and_a_restart_at_a_device_change_take_time_and_money():
    stages = (stage(3600, 1.0, 2), stage(3600, 1.0, 2), stage(1800, 2.0, 8))
    extra = {"evaluation_s": 720.0, "restart_s": 360.0}
    assert training_h(stages, **extra) == pytest.approx(3.0 + 0.2 + 0.1)
    assert device_h(stages, device_use="reserved", **extra) == pytest.approx(8 * 3.3)
    elastic = 2 * 2.0 + 8 * 1.0 + 8 * 0.2 + 8 * 0.1
    assert device_h(stages, device_use="elastic", **extra) == pytest.approx(elastic)


def test_no_stages_cost_nothing():
    assert device_h((), device_use="reserved") == 0.0


@given(st.lists(stage_uses, min_size=1, max_size=6))
def test_elastic_devices_never_cost_more_than_reserved_ones(stages):
    elastic = device_h(stages, device_use="elastic")
    assert elastic <= device_h(stages, device_use="reserved") * (1 + 1e-12) + 1e-300


def test_eight_gpus_for_half_an_hour_cost_four_gpu_hours():
    hours = device_h((stage(1800, 1.0, 8),), device_use="reserved")
    assert rented_cost(hours, usd(2.0)) == usd(4 * 2.0)


def test_spot_interruptions_lengthen_a_training():
    factor = spot_factor(
        interruptions_per_device_h=0.05,
        device_count=8,
        checkpoint_interval_h=0.5,
        restart_h=0.1,
    )
    assert factor == pytest.approx(1.15129434, abs=5e-9)


@given(st.floats(0, 1), st.integers(1, 64), st.floats(0.01, 2), st.floats(0, 1))
def test_spot_never_shortens_a_training(rate, count, interval_h, restart_h):
    factor = spot_factor(
        interruptions_per_device_h=rate,
        device_count=count,
        checkpoint_interval_h=interval_h,
        restart_h=restart_h,
    )
    assert factor >= 1 - 1e-9


def test_the_full_rate_of_an_owned_device_has_capital_maintenance_and_energy():
    capital = 270_000 / (5 * 8760 * 0.6)
    maintenance = 24_000 / (8760 * 0.6)
    energy = 0.7 * 1.3 * 0.20
    rate = owned_rate_per_device_h(an_owned_device())
    assert rate.amount == pytest.approx(capital + maintenance + energy)
    assert rate.amount == pytest.approx(15.0221826, abs=5e-8)


def test_idle_power_is_charged_to_the_hours_of_use():
    idle = an_owned_device(idle_w=100.0)
    extra = owned_rate_per_device_h(idle) - owned_rate_per_device_h(an_owned_device())
    assert extra.amount == pytest.approx(0.1 * (0.4 / 0.6) * 1.3 * 0.20)


def test_a_saved_hour_of_a_bought_device_is_worth_its_energy_unless_it_is_reused():
    device = an_owned_device(idle_w=100.0)
    energy = (0.7 - 0.1) * 1.3 * 0.20
    assert worth_of_saved_device_h(device).amount == pytest.approx(energy)
    half_reused = energy + 0.5 * owned_rate_per_device_h(device).amount
    assert worth_of_saved_device_h(device, reuse_fraction=0.5).amount == pytest.approx(half_reused)


def test_energy_is_priced_with_its_facility_overhead():
    assert energy_cost(3, 1.5, usd(0.10)).amount == pytest.approx(3 * 1.5 * 0.10)
    assert carbon_kg(3, pue=1.5, grid_kg_per_kwh=0.4) == pytest.approx(3 * 1.5 * 0.4)
    energy = estimated_energy_kwh(board_w=700, load_fraction=0.8, device_hours_h=10)
    assert energy == pytest.approx(0.7 * 0.8 * 10)


def test_people_cost_their_hours():
    assert people_cost(40, usd(90)) == usd(40 * 90)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("life_years", 0, "not_positive"),
        ("use_fraction", 0.0, "out_of_range"),
        ("idle_w", 800.0, "idle_above_use"),
        ("pue", 0.9, "below_minimum"),
    ],
)
def test_a_nonsense_device_is_refused_at_its_field(field, value, code):
    with pytest.raises(Refusal) as refusal:
        an_owned_device(**{field: value})
    assert (refusal.value.field, refusal.value.code) == (field, code)


def test_a_checkpoint_interval_of_zero_is_refused():
    with pytest.raises(Refusal) as refusal:
        spot_factor(
            interruptions_per_device_h=0.1,
            device_count=1,
            checkpoint_interval_h=0.0,
            restart_h=0.1,
        )
    assert refusal.value.field == "checkpoint_interval_h"
