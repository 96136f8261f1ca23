import pytest

from planner.measurements.gradient_noise import NoiseScale
from planner.measurements.meter_summary import meter_summary
from wording import meters


def scale(samples, low=None, high=None):
    return NoiseScale(readings=4, samples=samples, low=low, high=high)


@pytest.mark.parametrize(
    ("noise", "english", "japanese"),
    [
        (None, "not measured", "未計測"),
        (scale(None), "not resolved", "判別できません"),
        (scale(1234.5), "1,200", "1,200"),
        (scale(64, 51.2, 80), "64 (51 to 80)", "64（51〜80）"),
        (scale(64, 51.2), "64 (above 51)", "64（51以上）"),
    ],
)
def test_a_noise_scale_says_how_sure_it_is_or_why_it_is_absent(noise, english, japanese):
    assert meters.noise(noise, "en") == english
    assert meters.noise(noise, "ja") == japanese


def test_bytes_and_joules_are_shown_in_the_unit_that_suits_them():
    assert meters.memory(700 * 2**20, "en") == "700 MiB"
    assert meters.memory(1.5 * 2**30, "en") == "1.50 GiB"
    assert meters.energy(900.0, "en") == "900 J"
    assert meters.energy(2.5 * 3600, "en") == "2.50 Wh"
    assert meters.power(312.4, "en") == "312 W"


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("ratio", [None, 0.2, 1.0, 1.5])
@pytest.mark.parametrize("energies", [(2.0,), (2.0, 1.0), (1.0, 2.0)])
def test_nothing_is_ever_called_proved_or_stable(language, ratio, energies):
    columns = {
        "curvature_ratio": (ratio,) * len(energies),
        "mechanical_energy": energies,
        "energy_jump": (0.0,) * len(energies),
    }
    summary = meter_summary(range(len(energies)), columns, stages=(), wall_clock_s=None)
    told = meters.stability(summary, language) + meters.decrease(summary, language)
    assert not any(word in told.lower() for word in ("proved", "stable", "証明", "安定"))
