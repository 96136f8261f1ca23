"""Fields of a plan: each shows and changes one path of its document, with what is said about it.

A document lies on a desk, a place in this browser's memory. The plan has one; schedules that are
stated elsewhere, such as those of an import, are written with the same fields on another.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from frontend.components.markup import element, literal, show, text
from frontend.components.remarks import remark_markup
from frontend.components.terms import help_of
from frontend.planning.document import Document, is_within, read, written
from frontend.planning.form import Remark
from frontend.session import Session
from wording.assumption_fields import Field, meant, typed

PLAN = "plan"
"""The desk of the plan."""

DOCUMENT = f"{PLAN}.document"
"""Where this browser's plan is kept between two runs of the page."""

Change = Callable[[Document, Any], Document]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The fields of one plan.

    Attributes:
        session: Whose.
        document: The plan before anything is changed on the page.
        remarks: Refusals and warnings, each shown beside its field.
        desk: Where the document lies.
    """

    session: Session
    document: Document
    remarks: tuple[Remark, ...]
    desk: str = PLAN

    def read(self, path: str) -> Any:  # noqa: ANN401  # JSON has no narrower type
        """What the plan says at a path."""
        return read(self.document, path)

    def words(self, key: str, **params: str | float) -> str:
        """A message of this page."""
        return self.session.say(f"page.plan.{key}", **params)

    def text(
        self,
        path: str,
        label: str,
        *,
        hint: str | None = None,
        change: Change | None = None,
        shown: str | None = None,
    ) -> None:
        """A line of text; ``shown`` instead of what stands at the path."""
        key = self._key(path, label, str(self.read(path) or "") if shown is None else shown)
        st.text_input(
            label,
            key=key,
            help=hint,
            on_change=self._changed,
            args=(path, key, change),
        )
        self.said(path)

    def number(
        self,
        path: str,
        label: str,
        *,
        step: float | None = None,
        hint: str | None = None,
        change: Change | None = None,
        assumed: Field | None = None,
    ) -> None:
        """A number; shown without digits that say nothing, ``assumed`` in the unit people type."""
        value = self.read(path)
        shown = float(value) if isinstance(value, int | float) else None
        if assumed is not None and shown is not None:
            shown = typed(assumed, shown)
        if assumed is not None and assumed.per_cent:
            label = self.session.say("format.axis", label=label, unit="%")
        key = self._key(path, label, shown)
        st.number_input(
            label,
            key=key,
            value=None,
            step=step,
            format="%.10g",
            help=hint or help_of(label, self.session.language),
            on_change=self._changed,
            args=(path, key, change, assumed),
        )
        self.said(path)

    def whole(
        self,
        path: str,
        label: str,
        *,
        hint: str | None = None,
        change: Change | None = None,
        shown: int | None = None,
    ) -> None:
        """A whole number; ``shown`` instead of what stands at the path."""
        value = self.read(path) if shown is None else shown
        key = self._key(path, label, value if isinstance(value, int) else None)
        st.number_input(
            label,
            key=key,
            value=None,
            step=1,
            help=hint or help_of(label, self.session.language),
            on_change=self._changed,
            args=(path, key, change),
        )
        self.said(path)

    def choice(
        self,
        path: str,
        label: str,
        options: Sequence[Any],
        *,
        names: Callable[[Any], str],
        chosen: object = None,
        hint: str | None = None,
        change: Change | None = None,
        quiet: bool = False,
    ) -> None:
        """One of several; ``chosen`` instead of what stands at the path.

        ``quiet`` says nothing about fields below the path, which have places of their own.
        """
        value = self.read(path) if chosen is None else chosen
        offered = list(options) if value in options else [*options, value]
        key = self._key(path, label, value)
        st.selectbox(
            label,
            offered,
            key=key,
            format_func=names,
            help=hint or help_of(label, self.session.language),
            on_change=self._changed,
            args=(path, key, change),
        )
        if not quiet:
            self.said(path)

    def several(
        self,
        path: str,
        label: str,
        options: Sequence[Any],
        *,
        names: Callable[[Any], str],
        change: Change,
        quiet: bool = False,
    ) -> None:
        """Any of several, all of them in sight; ``quiet`` as for a choice."""
        key = self._key(path, label, list(self.read(path) or ()))
        st.pills(
            label,
            options,
            key=key,
            selection_mode="multi",
            format_func=lambda option: literal(names(option)),
            help=help_of(label, self.session.language),
            on_change=self._changed,
            args=(path, key, change),
        )
        if not quiet:
            self.said(path)

    def note(self, sentence: str) -> None:
        """A small sentence about what stands above it."""
        show(element("p", text(sentence), class_="pb-note"))

    def flag(
        self, path: str, label: str, *, on: bool, change: Change, hint: str | None = None
    ) -> bool:
        """Whether a part of the plan is wanted."""
        key = self._key(path, label, on)
        wanted = st.toggle(
            label,
            key=key,
            help=hint or help_of(label, self.session.language),
            on_change=self._changed,
            args=(path, key, change),
        )
        return bool(wanted)

    def said(self, path: str) -> None:
        """What is said about a field and, for one that holds others unseen, about those."""
        for remark in self.remarks:
            if is_within(remark.field, path):
                show(remark_markup(remark, self.session.language))

    def refusal(self, sentence: str) -> None:
        """Why something cannot be started like this."""
        show(element("p", text(sentence), class_="pb-remark pb-refused"))

    def said_exactly(self, *paths: str) -> None:
        """What is said about these fields themselves, not about what they hold."""
        for remark in self.remarks:
            if remark.field in paths:
                show(remark_markup(remark, self.session.language))

    def label_of(self, field: str) -> str:
        """How the page called a field when it was drawn last; empty where it never was."""
        labels: dict[str, str] = st.session_state.get(self._labels, {})
        known = [path for path in labels if is_within(field, path)]
        return labels[max(known, key=len)] if known else ""

    def _key(self, path: str, label: str, value: object) -> str:
        """The widget's key; a widget that is new to the page begins with the plan's value."""
        st.session_state.setdefault(self._labels, {})[path] = label
        key = f"{self.desk}.field.{path}"
        if key not in st.session_state:
            st.session_state[key] = value
        return key

    @property
    def _labels(self) -> str:
        return f"{self.desk}.labels.{self.session.language}"

    def _changed(
        self, path: str, key: str, change: Change | None = None, assumed: Field | None = None
    ) -> None:
        """Runs before the page is drawn again: brings one widget's value into the plan."""
        value = st.session_state[key]
        if assumed is not None and value is not None:
            value = meant(assumed, value)
        document = current(self.desk)
        if change is None:
            changed(written(document, path, value), desk=self.desk)
        else:
            reshaped(change(document, value), by=key, desk=self.desk)


def changed(document: Document, *, desk: str = PLAN) -> None:
    """Keeps another document whose other fields stay as they are shown."""
    st.session_state[f"{desk}.document"] = document


def reshaped(document: Document, *, by: str | None = None, desk: str = PLAN) -> None:
    """Keeps another document in which fields moved: all but ``by`` are shown anew from it."""
    changed(document, desk=desk)
    st.session_state[f"{desk}.generation"] = generation(desk) + 1
    for key in list(st.session_state):
        if str(key).startswith(f"{desk}.field.") and key != by:
            del st.session_state[key]


def generation(desk: str = PLAN) -> int:
    """How often fields moved; part of the key of whatever must then begin anew."""
    count: int = st.session_state.get(f"{desk}.generation", 0)
    return count


def current(desk: str = PLAN) -> Document:
    """The document of this browser on a desk, as last changed."""
    document: Document = st.session_state[f"{desk}.document"]
    return document
