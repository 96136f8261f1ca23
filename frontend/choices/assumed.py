"""What somebody assumes otherwise than the pilot, in words."""

from collections.abc import Iterator

from frontend.choices.review import Choice
from planner.pilots.pilot import Pilot
from wording.assumption_fields import FIELDS, PRODUCTION_FIELDS, Field, defaults, meant
from wording.catalogue import say
from wording.inputs import input_name, input_value
from wording.language import Language
from wording.money import money
from wording.numbers import number
from wording.times import day


def assumed_otherwise(
    pilot: Pilot, choice: Choice, language: Language, *, hardware: str
) -> tuple[str, ...]:
    """One part of a sentence for each thing; nothing where everything is as the pilot says.

    Args:
        pilot: As it was fixed.
        choice: What the link says.
        language: Of the reader.
        hardware: What the chosen row of the price book is called.
    """
    return (
        *_about_prices(pilot, choice, language, hardware),
        *_about_numbers(pilot, choice, language),
    )


def _about_prices(pilot: Pilot, choice: Choice, language: Language, hardware: str) -> Iterator[str]:
    if choice.base.currency != pilot.assumptions.currency:
        yield say("page.reports.in_currency", language, currency=choice.base.currency)
    if choice.hardware.profile != pilot.hardware.profile:
        yield hardware
    rent = choice.hardware.rent_per_gpu_hour
    if rent is not None and rent != pilot.hardware.rent_per_gpu_hour:
        price = money(rent.amount, rent.currency, language)
        yield say("page.reports.at_price", language, price=price)
    if choice.price_day is not None:
        yield say("page.reports.on_day", language, day=day(choice.price_day, language))
    if choice.pilot_rate is not None:
        rate = money(choice.pilot_rate.amount, choice.pilot_rate.currency, language)
        yield say("page.reports.at_pilot_rate", language, price=rate)


def _about_numbers(pilot: Pilot, choice: Choice, language: Language) -> Iterator[str]:
    own = defaults(choice.base, pilot.production)

    def shown(field: Field, value: float) -> str:
        if not (field.per_cent or field.is_money):
            return number(value, language)
        held = meant(field, value)
        return input_value(field.name, held, currency=choice.base.currency, language=language)

    for field in (*FIELDS, *PRODUCTION_FIELDS):
        if field.name in choice.changed:
            yield say(
                "page.reports.other_number",
                language,
                name=input_name(field.name, language),
                value=shown(field, choice.changed[field.name]),
                own=shown(field, own[field.name]),
            )
    if choice.uncertain is not None:
        yield say("page.reports.other_ranges", language)
