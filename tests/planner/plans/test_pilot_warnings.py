from dataclasses import replace

from planner.economics.assumptions import Production
from planner.economics.rates import HardwareProfile, RateCard
from planner.money import Money
from planner.pilots.cap_use import CapUse
from planner.pilots.device_stages import DevicesOfSchedule
from planner.pilots.pilot import Seeds
from planner.pilots.workload import BUILT_IN
from planner.plans.plan_warnings import pilot_warnings
from planner.plans.queue_forecast import Serving
from planner.plans.takers import Takers
from tests.planner.plans.warned_pilots import CURVE, a_pilot, schedule

DIGITS = BUILT_IN["digits-mlp"]

HARDWARE = HardwareProfile(
    rate_card=RateCard(
        id="x",
        device="X",
        vendor="",
        kind="on_demand",
        rent_per_gpu_hour=Money(amount=2.0, currency="USD"),
        as_of="2026-11-01",
    ),
    device_count=1,
    throughput=CURVE,
)


HERE = (Serving(device_count=4),)


def of_pilot(pilot=None, *, workload=DIGITS, hardware=HARDWARE, serving=HERE, caps=()):
    candidate = a_pilot(schedule("new", batch=128)) if pilot is None else pilot
    return pilot_warnings(
        candidate,
        workload=workload,
        hardware=hardware,
        takers=Takers(serving=serving, wanted=frozenset({1, candidate.most_devices})),
        caps=caps,
    )


def test_a_sound_pilot_is_left_alone():
    assert of_pilot() == ()


def test_a_pilot_hears_that_no_worker_has_as_many_devices_as_it_wants():
    several = a_pilot(
        schedule("new", batch=128),
        devices=(DevicesOfSchedule(schedule="new", counts=(1, 4)),),
    )
    assert of_pilot(several) == ()
    (warning,) = of_pilot(several, serving=(Serving(),))
    assert (warning.field, warning.code) == ("devices", "devices_not_here")
    assert dict(warning.params) == {"devices": 4}


def test_a_pilot_hears_that_every_worker_takes_larger_runs_only():
    (warning,) = of_pilot(serving=(Serving(device_count=4, fewest_devices=2),))
    assert (warning.field, warning.code) == ("devices", "one_device_not_here")


def test_a_pilot_without_workers_prices_and_seeds_hears_of_each():
    card = replace(HARDWARE.rate_card, as_of=None)
    found = of_pilot(
        a_pilot(
            schedule("new", batch=128),
            rate_multipliers=(1.0,),
            seeds=Seeds(confirmation=(11, 12)),
        ),
        hardware=replace(HARDWARE, rate_card=card, throughput=None),
        serving=(),
        caps=(CapUse(scope="pilot", unit="device_h", used=0.0, limit=1.0, expected=1.5),),
    )
    assert {(warning.field, warning.code) for warning in found} == {
        ("hardware.rent_per_gpu_hour", "price_undated"),
        ("hardware.profile", "hardware_unmeasured"),
        ("workload", "workload_served_by_no_worker"),
        ("rate_multipliers", "only_one_rate"),
        ("seeds.confirmation", "too_few_seeds"),
        ("caps.pilot_device_h", "cap_below_need_device_h"),
    }


def test_a_pilot_without_workers_hears_how_to_get_data_that_are_fetched():
    (warning,) = of_pilot(serving=(), workload=BUILT_IN["cifar100-resnet18"])
    assert (warning.field, warning.code) == ("workload", "workload_without_its_data")
    assert warning.params == {"workload": "cifar100-resnet18", "data_set": "cifar-100"}


def test_a_price_of_zero_is_told_instead_of_its_missing_day():
    free = Money(amount=0.0, currency="USD")
    card = replace(HARDWARE.rate_card, as_of=None, rent_per_gpu_hour=free)
    assert [one.code for one in of_pilot(hardware=replace(HARDWARE, rate_card=card))] == [
        "price_zero"
    ]


def test_hardware_needs_no_curve_where_the_production_states_its_half_saturation():
    production = Production(
        training_h=1, device_count=1, batch_size=8, half_saturation_batch_size_per_device=4
    )
    pilot = a_pilot(schedule("new", batch=128), production=production)
    assert of_pilot(pilot, hardware=replace(HARDWARE, throughput=None)) == ()
