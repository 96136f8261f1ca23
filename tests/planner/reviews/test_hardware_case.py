from dataclasses import replace

import pytest

from planner.devices.fabric import Fabric, Interconnect
from planner.economics.energy import Facility
from planner.economics.rates import HardwareProfile
from planner.money import Money
from planner.reviews.production_on import production_on
from planner.reviews.review import make_review
from planner.reviews.review_input import ComparedHardware, ReviewRequest
from tests.support.measured_pilots import H100, a_review_input
from tests.support.planted_worker import planted_curve

HALF_LIVES = {"today": 0.10, "growing batch": 0.07}
GIVEN = a_review_input(HALF_LIVES)
HOME = HardwareProfile(
    rate_card=H100,
    device_count=8,
    throughput=planted_curve(overhead_s=0.001, samples_per_s=1e5),
)
SLOWER = HardwareProfile(
    rate_card=replace(
        H100, id="slower", device="A100", rent_per_gpu_hour=Money(amount=1.0, currency="USD")
    ),
    device_count=8,
    throughput=planted_curve(overhead_s=0.002, samples_per_s=5e4),
)
FACILITY = Facility(pue=1.2, grid_kg_per_kwh=0.4, as_of="2026-11-24", load_fraction=0.8)


def cases_of(*compared, **changes):
    return make_review(replace(GIVEN, home=HOME, compared=compared, **changes)).hardware_cases


def test_the_same_devices_at_another_price_train_as_long_and_cost_in_proportion():
    dearer = replace(HOME, rate_card=replace(H100, id="dearer", rent_per_gpu_hour=dear(2)))
    (here, there) = cases_of(HOME, dearer)
    review = make_review(GIVEN)
    assert here.npv == next(s for s in review.schedules if s.case).case.npv
    assert there.today.training_h == here.today.training_h == 12
    assert there.training.cost.amount == pytest.approx(2 * here.training.cost.amount)
    assert there.npv.amount > here.npv.amount
    assert there.payback.months is not None


def dear(times):
    return H100.rent_per_gpu_hour * times


def test_devices_half_as_fast_take_twice_as_long_but_for_what_no_schedule_changes():
    """12 h, 5 % of them overhead: 11.4 h twice and 0.6 h once; then the price of that device."""
    (slower,) = cases_of(SLOWER)
    assert slower.today.training_h == pytest.approx(2 * 11.4 + 0.6)
    assert slower.today.cost.amount == pytest.approx((2 * 11.4 + 0.6) * 8 * 1.0)


def test_without_a_curve_there_is_a_reason_and_no_number():
    (unknown,) = cases_of(replace(SLOWER, throughput=None))
    assert unknown.unavailable == "throughput_unknown"
    assert (unknown.today, unknown.training, unknown.npv, unknown.payback) == (None,) * 4


def test_a_review_on_other_devices_takes_their_hours_and_never_those_of_the_devices_at_home():
    """12 h, 5 % of them overhead, at half the speed: 23.4 h on 8 devices at 1 USD."""
    moved = make_review(replace(GIVEN, home=HOME, hardware=SLOWER))
    assert moved.today.training_h == pytest.approx(2 * 11.4 + 0.6)
    assert moved.production.training_h == pytest.approx(2 * 11.4 + 0.6)
    assert moved.today.cost_today.amount == pytest.approx((2 * 11.4 + 0.6) * 8 * 1.0)
    unknown = make_review(replace(GIVEN, home=HOME, hardware=replace(SLOWER, throughput=None)))
    assert unknown.unavailable == "throughput_unknown"
    assert unknown.today is None
    assert all(found.case is None for found in unknown.schedules)


def test_another_number_of_devices_is_not_guessed_at():
    (fewer,) = cases_of(replace(HOME, device_count=4))
    assert fewer.unavailable == "other_device_count"


SLOW_NETWORK = Interconnect(
    fabric=Fabric(bus_bytes_per_s=1e9, latency_s=0.0), payload_bytes=4e6, overlap_fraction=0.0
)
FAST_NETWORK = replace(SLOW_NETWORK, fabric=Fabric(bus_bytes_per_s=1e11, latency_s=0.0))


def test_devices_set_side_by_side_pay_for_their_messages_as_the_review_does():
    here = replace(HOME, interconnect=SLOW_NETWORK)
    production = replace(GIVEN.production, half_saturation_batch_size_per_device=None)
    given = replace(GIVEN, home=here, hardware=here, compared=(here,), production=production)
    review = make_review(given)
    (beside,) = review.hardware_cases
    case = next(found.case for found in review.schedules if found.case)
    assert (beside.training, beside.npv) == (case.training, case.npv)


def test_hours_on_other_devices_count_the_messages_of_both():
    """2 x 7/8 of 4 MB: 7 ms at 1 GB/s, 0.07 ms at 100 GB/s, beside t0 + b/r of each device."""
    there = production_on(
        replace(SLOWER, interconnect=FAST_NETWORK),
        replace(HOME, interconnect=SLOW_NETWORK),
        GIVEN.production,
    )
    share = GIVEN.production.batch_size / 8
    slower = (0.002 + share / 5e4 + 0.07e-3) / (0.001 + share / 1e5 + 7e-3)
    assert there.training_h == pytest.approx(11.4 * slower + 0.6)


def test_hours_on_the_same_devices_over_another_fabric_count_the_messages_of_both():
    """The team states b_half = 64 of its devices; the curve gives their 100,000 samples/s."""
    there = production_on(
        replace(HOME, interconnect=FAST_NETWORK),
        replace(HOME, interconnect=SLOW_NETWORK),
        GIVEN.production,
    )
    half, share = GIVEN.production.half_saturation_batch_size_per_device, 256 / 8
    computing_s = (half + share) / 1e5
    faster = (computing_s + 0.07e-3) / (computing_s + 7e-3)
    assert there.training_h == pytest.approx(11.4 * faster + 0.6)
    assert there.half_saturation_batch_size_per_device == half


def test_the_same_devices_over_the_same_or_an_unknown_fabric_are_the_same_training():
    over_slow = replace(HOME, interconnect=SLOW_NETWORK)
    for one, other in ((over_slow, over_slow), (over_slow, HOME), (HOME, over_slow)):
        assert production_on(one, other, GIVEN.production) == GIVEN.production


def test_other_messages_of_devices_that_nobody_timed_give_no_hours():
    untimed = replace(HOME, throughput=None)
    found = production_on(
        replace(untimed, interconnect=FAST_NETWORK),
        replace(untimed, interconnect=SLOW_NETWORK),
        GIVEN.production,
    )
    assert found == "throughput_unknown"


def test_devices_so_fast_that_little_but_the_overhead_is_left_still_have_a_figure():
    """60 % of 12 h stay; the rest takes a thousandth: more than 99 % of the time is overhead."""
    production = replace(GIVEN.production, overhead_fraction=0.6)
    much_faster = replace(SLOWER, throughput=planted_curve(overhead_s=1e-6, samples_per_s=1e8))
    (there,) = cases_of(much_faster, production=production)
    assert there.today.training_h == pytest.approx(7.2 + 4.8 / 1000)
    assert there.npv is not None


def test_a_pilot_that_is_the_training_itself_is_timed_on_each_curve():
    (slower,) = cases_of(replace(SLOWER, device_count=1), production=None, hardware=one_device())
    review = make_review(replace(GIVEN, production=None, hardware=one_device()))
    (here,) = [found.training for found in review.schedules if found.role == "baseline"]
    there = slower.today
    assert there.evaluation_h == pytest.approx(here.evaluation_h, rel=1e-6)
    steps_h = here.training_h - here.evaluation_h
    assert there.training_h - there.evaluation_h == pytest.approx(2 * steps_h, rel=1e-6)


def one_device():
    return replace(HOME, device_count=1)


def test_energy_and_carbon_are_estimated_from_board_power_and_load_and_say_so():
    review = make_review(
        replace(
            GIVEN,
            home=HOME,
            compared=(HOME,),
            hardware=replace(HOME, rate_card=replace(H100, board_w=700)),
            assumptions=replace(GIVEN.assumptions, facility=FACILITY),
        )
    )
    today = next(found for found in review.schedules if found.role == "baseline").energy
    assert today.estimated
    assert today.energy_kwh == pytest.approx(12 * 8 * 0.7 * 0.8)
    assert today.carbon_kg == pytest.approx(12 * 8 * 0.7 * 0.8 * 1.2 * 0.4)
    assert today.cost is None


def test_without_facts_of_the_grid_no_carbon_is_stated():
    assert all(found.energy is None for found in make_review(GIVEN).schedules)


def test_a_request_names_at_most_twenty_kinds_of_hardware():
    many = tuple([ComparedHardware(hardware=GIVEN.pilot.hardware)] * 21)
    with pytest.raises(ValueError, match="compared_hardware"):
        ReviewRequest(pilot_id="p", compared_hardware=many)
