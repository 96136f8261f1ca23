"""One kind of hardware beside others, in a sentence."""

from planner.economics.cost import SECONDS_PER_HOUR
from planner.reviews.hardware_case import HardwareCase
from wording.catalogue import say
from wording.language import Language
from wording.money import money
from wording.times import duration
from wording.verdict import payback_text


def hardware_sentence(case: HardwareCase, language: Language) -> str:
    """Time, cost, worth and payback of a candidate there; or why nobody can tell."""
    name = ", ".join(part for part in (case.price.device, case.price.vendor) if part)
    hardware = say("verdict.hardware.devices", language, count=case.device_count, name=name)
    if case.unavailable is not None or case.training is None or case.npv is None:
        return say(
            "verdict.hardware.unavailable",
            language,
            hardware=hardware,
            why=say(f"unavailable.{case.unavailable or 'too_few_pairs'}", language),
        )
    cost = case.training.cost
    back = case.payback.months if case.payback else None
    return say(
        "verdict.hardware.case",
        language,
        hardware=hardware,
        schedule=case.schedule,
        time=duration(case.training.training_h * SECONDS_PER_HOUR, language),
        cost=money(cost.amount, cost.currency, language),
        npv=money(case.npv.amount, case.npv.currency, language),
        payback=payback_text(language, band=(back, back, back)),
    )
