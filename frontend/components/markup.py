"""HTML of our own, with every text escaped."""

from html import escape
from typing import Literal

import streamlit as st


def text(value: str) -> str:
    """Anybody's text, safe between tags and in attributes."""
    return escape(value, quote=True)


def element(tag: str, *content: str, **attributes: str | None) -> str:
    """An element; its content is markup already, its attributes are escaped here.

    An attribute that is None is left out; ``class_`` and ``aria_label`` become ``class`` and
    ``aria-label``.
    """
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{text(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    return f"<{tag}{written}>{''.join(content)}</{tag}>"


def show(markup: str, *, width: Literal["stretch", "content"] = "stretch") -> None:
    """Puts markup on the page."""
    st.html(markup, width=width)


def show_table(table: str, *, label: str) -> None:
    """Draws a table that scrolls sideways where it is wider than its place.

    Args:
        table: Markup of the whole table.
        label: Of the region, for who cannot see it.
    """
    show(element("div", table, class_="pb-scroll", tabindex="0", role="region", aria_label=label))
