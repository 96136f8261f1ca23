"""Words of the glossary on the page: explained on hover, on keyboard focus, and by a click."""

from collections.abc import Iterable, Iterator
from functools import cache

import streamlit as st

from frontend.components.assets import asset
from frontend.components.markup import element, show, text
from wording.glossary import found_in, meaning, term, words
from wording.language import Language


def marked(label: str, language: Language) -> str:
    """Markup of a label whose first known word opens its explanation; else the label alone."""
    found = found_in(label, language)
    if found is None:
        return text(label)
    opener = element(
        "button",
        text(label[found.start : found.end]),
        class_="pb-term",
        type="button",
        popovertarget=_identity(found.word),
    )
    return text(label[: found.start]) + opener + text(label[found.end :])


def help_of(label: str, language: Language) -> str | None:
    """What a field's own help says of the first known word of its label; None without one."""
    found = found_in(label, language)
    if found is None:
        return None
    return f"**{_title(found.word, language)}** – {meaning(found.word, language)}"


def head_cell(label: str, language: Language, *, of_words: bool = False) -> str:
    """The head of a column; numbers stand to the right, words to the left."""
    class_ = "pb-text" if of_words else None
    return element("th", marked(label, language), scope="col", class_=class_)


def column_heads(heads: Iterable[tuple[str, bool]], language: Language) -> Iterator[str]:
    """Cells of a table's first line.

    Args:
        heads: The words of each column, and whether it holds words.
        language: Of the words.
    """
    return (head_cell(head, language, of_words=of_words) for head, of_words in heads)


def meanings(language: Language) -> None:
    """What the marked words of the page open; unseen until then. Drawn once, last of all."""
    show(_cards(language))
    st.html(f"<script>{asset('terms.js')}</script>", unsafe_allow_javascript=True)


@cache
def _cards(language: Language) -> str:
    return "".join(
        element(
            "div",
            element("p", text(_title(word, language)), class_="pb-pop-title"),
            element("p", text(meaning(word, language))),
            id=_identity(word),
            popover="auto",
            class_="pb-pop pb-meaning",
        )
        for word in words()
    )


def _title(word: str, language: Language) -> str:
    name = term(word, language)
    return name[:1].upper() + name[1:]


def _identity(word: str) -> str:
    return f"term-{word}"
