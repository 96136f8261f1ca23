"""What a plan costs and what it brings, line by line; every amount says where it comes from."""

import streamlit as st

from frontend.components.chart_card import csv_button, csv_bytes
from frontend.components.facts import show_facts
from frontend.components.headings import card_title
from frontend.components.markup import element, literal, show, text
from frontend.components.terms import marked
from frontend.components.where_from import Origins
from frontend.session import Session
from frontend.tables.hardware import energy_sentence, pilot_energy_sentence
from planner.economics.business_case import BusinessCase
from planner.economics.investment import InvestmentLine
from planner.money import Money
from planner.reviews.provenance import OUTLAYS, Number
from planner.reviews.review import Review
from planner.reviews.schedule_review import ScheduleReview
from wording.money import compact_money, money
from wording.noise import noise_sentence
from wording.numbers import percent
from wording.returns import returns_of

LINE_COLUMNS = ("line", "amount", "currency", "sunk", "counted")
RETURN_COLUMNS = ("number", "value", "meaning")
VALUES: tuple[Number, ...] = ("device_hours", "engineer_hours", "earlier_result")


def money_card(
    session: Session, reviewed: ScheduleReview, case: BusinessCase, origins: Origins
) -> None:
    """The lines of the investment and the three lines of what a training is worth."""
    title = session.say("page.review.money_title")
    with st.container(border=True, key="card-money", height="stretch", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", wrap=False, gap=None):
            card_title(title)
            csv_button(session, "lines", lambda: csv_bytes(LINE_COLUMNS, line_rows(case)), title)
        show(
            element("p", text(session.say("page.review.money_subtitle")), class_="pb-card-subtitle")
        )
        lines = _Lines(session=session, schedule=reviewed.schedule, origins=origins)
        show(lines.outlay(case) + lines.worth(case))


def returns_table(
    session: Session, review: Review, reviewed: ScheduleReview, origins: Origins
) -> None:
    """Returns and break-evens with how they are to be read."""
    if reviewed.case is None:
        st.write(session.say("page.review.no_money"))
        return
    found = returns_of(review, reviewed.case, session.language)
    label = session.say("page.review.returns_alt")
    show_facts(
        [session.say(f"page.review.column_{name}") for name in ("what", "value", "reading")],
        [
            (
                marked(line.label, session.language),
                origins.figure(
                    line.number, reviewed.schedule, line.value, label=line.label, where="returns"
                ),
                text(line.meaning),
            )
            for line in found
        ],
        label=label,
    )
    if review.assumptions.tax_fraction:
        tax = percent(review.assumptions.tax_fraction, session.language, decimals=1)
        st.caption(session.say("returns.after_tax", tax=tax))
    st.caption(literal(energy_sentence(reviewed.energy, session.language)))
    noise = noise_sentence(review, reviewed.schedule, session.language)
    if noise:
        st.caption(literal(noise))
    spent = pilot_energy_sentence(review.pilot_energy, session.language)
    if spent:
        st.caption(literal(spent))
    rows = [[line.label, line.value, line.meaning] for line in found]
    csv_button(session, "returns", lambda: csv_bytes(RETURN_COLUMNS, rows), label)


def line_rows(case: BusinessCase) -> list[list[object]]:
    """Every line at full precision, in the order of `LINE_COLUMNS`."""
    paid = [
        [line.key, line.cost.amount, line.cost.currency, line.sunk, line.counted]
        for line in case.investment.lines
    ]
    amounts = [(name, getattr(case.value, name)) for name in VALUES]
    return paid + [[name, found.amount, found.currency, None, None] for name, found in amounts]


class _Lines:
    """Lists of amounts; each is a button that opens its origin."""

    def __init__(self, *, session: Session, schedule: str, origins: Origins) -> None:
        self._session = session
        self._schedule = schedule
        self._origins = origins

    def outlay(self, case: BusinessCase) -> str:
        """What is paid once; lines that cost nothing are left out."""
        by_key = {line.key: line for line in case.investment.lines}
        shown = [by_key[key] for key in OUTLAYS if by_key[key].cost.amount]
        rows = "".join(self._paid(line) for line in shown)
        total = self._row("investment", self._say("sum"), case.investment.counted, total=True)
        return self._list("paid_once", rows + total)

    def worth(self, case: BusinessCase) -> str:
        """The three lines that are never mixed; one that is zero is said, too."""
        rows = "".join(
            self._row(name, self._session.say(f"value.{name}"), getattr(case.value, name))
            for name in VALUES
        )
        total = self._row("worth_per_training", self._say("sum"), case.value.total, total=True)
        return self._list("worth_each", rows + total)

    def _list(self, title: str, rows: str) -> str:
        shown = self._say(title)
        heading = element("h3", text(shown), class_="pb-list-title")
        return heading + element("dl", rows, class_="pb-list")

    def _paid(self, line: InvestmentLine) -> str:
        number = next(key for key in OUTLAYS if key == line.key)
        remark = ""
        if line.sunk:
            remark = self._say("sunk" if line.counted else "sunk_not_counted")
        return self._row(number, self._session.say(f"investment.{line.key}"), line.cost, remark)

    def _row(
        self, number: Number, name: str, amount: Money, remark: str = "", *, total: bool = False
    ) -> str:
        shown = money(amount.amount, amount.currency, self._session.language)
        if abs(amount.amount) >= 1e6:
            shown = compact_money(amount.amount, amount.currency, self._session.language)
        figure = self._origins.figure(number, self._schedule, shown, label=name, where="lines")
        small = element("small", text(remark), class_="pb-muted") if remark else ""
        class_ = "pb-total" if total else None
        return element("dt", text(name), small, class_=class_) + element(
            "dd", figure, class_=class_
        )

    def _say(self, key: str) -> str:
        return self._session.say(f"page.review.{key}")
