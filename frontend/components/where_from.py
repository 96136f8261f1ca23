"""Where a number comes from: a small button that opens its formula and inputs in words."""

from collections.abc import Iterable

from frontend.components.markup import element, text
from planner.reviews.ingredient import Ingredient
from planner.reviews.provenance import Number, Provenance
from wording.catalogue import knows, say
from wording.language import Language
from wording.quantities import ingredient_text

Place = tuple[Number, str]
"""A number of a schedule."""


class Origins:
    """Every origin of one review, ready to be shown beside its number."""

    def __init__(self, provenances: Iterable[Provenance], language: Language) -> None:
        self._by_place: dict[Place, Provenance] = {
            (found.number, found.schedule): found for found in provenances
        }
        self._numbers = {place: count for count, place in enumerate(self._by_place)}
        self._language = language

    def button(self, number: Number, schedule: str, *, label: str, where: str) -> str:
        """A round button beside a number, and what it opens; nothing where no origin is known.

        Args:
            number: Which number.
            schedule: Of which schedule.
            label: How the page calls the number.
            where: Part of the page, so that two buttons for one number do not share a name.
        """
        found = self._by_place.get((number, schedule))
        if found is None:
            return ""
        identity = self._identity(where, found)
        opener = element(
            "button",
            "i",
            class_="pb-from",
            type="button",
            popovertarget=identity,
            aria_label=self._about(label, schedule),
        )
        return opener + self._card(found, identity, label)

    def figure(self, number: Number, schedule: str, shown: str, *, label: str, where: str) -> str:
        """The number itself as the button, for tables."""
        found = self._by_place.get((number, schedule))
        if found is None:
            return text(shown)
        identity = self._identity(where, found)
        opener = element(
            "button",
            text(shown),
            class_="pb-figure",
            type="button",
            popovertarget=identity,
            title=self._about(label, schedule),
        )
        return opener + self._card(found, identity, label)

    def _identity(self, where: str, found: Provenance) -> str:
        return f"from-{where}-{self._numbers[(found.number, found.schedule)]}"

    def _about(self, label: str, schedule: str) -> str:
        return say("page.where_from.button", self._language, number=label, schedule=schedule)

    def _card(self, found: Provenance, identity: str, label: str) -> str:
        formula = say(f"provenance.{found.formula}", self._language)
        rows = "".join(self._row(ingredient) for ingredient in found.ingredients)
        return element(
            "div",
            element("p", text(f"{label} · {found.schedule}"), class_="pb-pop-title"),
            element("p", text(formula)),
            element("table", element("tbody", rows)) if rows else "",
            id=identity,
            popover="auto",
            class_="pb-pop",
        )

    def _row(self, ingredient: Ingredient) -> str:
        source = element("small", text(ingredient.source)) if ingredient.source else ""
        return element(
            "tr",
            element("th", text(self._name(ingredient)), scope="row"),
            element("td", text(ingredient_text(ingredient, self._language)) + source),
            element("td", text(say(f"origin.{ingredient.origin}", self._language))),
        )

    def _name(self, ingredient: Ingredient) -> str:
        key = f"ingredient.{ingredient.name}"
        name = say(key if knows(key) else f"assumption.{ingredient.name}", self._language)
        return name[:1].upper() + name[1:]
