"""HTML of our own, with every text escaped."""

import re
from collections.abc import Iterable
from html import escape
from typing import Literal

import streamlit as st

from wording.contained import contained

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>$~&:^=])")
"""What Markdown may take for more than a letter."""

_SHORTCODE = re.compile(r":(?=\S)")


def text(value: str) -> str:
    """Anybody's text, safe between tags and in attributes."""
    return escape(contained(value), quote=True)


def literal(value: str) -> str:
    """Anybody's text as Streamlit's Markdown shows it: as it is, without any effect.

    Shortcodes such as ``:material/bolt:`` are found after Markdown was read, so that only an
    invisible letter behind the colon keeps them from being taken for one.
    """
    return _SHORTCODE.sub(":\u2060", _MARKDOWN.sub(r"\\\1", contained(value)))


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


def framed_table(
    title: str, *, heads: Iterable[str], rows: Iterable[str], class_: str = "pb-table"
) -> str:
    """A table in a frame that scrolls sideways where it is wider than its place.

    Args:
        title: Of the region and, unseen, of the table.
        heads: Markup of the cells of its first line.
        rows: Markup of the other lines.
        class_: Of the table.
    """
    table = element(
        "table",
        element("caption", text(title), class_="pb-hidden"),
        element("thead", element("tr", *heads)),
        element("tbody", *rows),
        class_=class_,
    )
    return element(
        "div", table, class_="pb-table-frame", tabindex="0", role="region", aria_label=title
    )


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
