"""Anybody's text stays text, in our own markup and in Streamlit's Markdown."""

import pytest

from frontend.components.markup import element, literal, text


def test_markup_in_a_name_is_shown_and_not_obeyed():
    assert element("b", text("<i>&"), title='"x"') == '<b title="&quot;x&quot;">&lt;i&gt;&amp;</b>'


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("growing batch", "growing batch"),
        ("![in](x)", r"\!\[in\]\(x\)"),
        ("**strong** `code`", r"\*\*strong\*\* \`code\`"),
        (r"$\frac$", r"\$\\frac\$"),
        (":material/bolt:", "\\:\u2060material/bolt\\:"),
        ("at 9: today", r"at 9\: today"),
    ],
)
def test_a_name_has_no_effect_in_markdown(name, written):
    assert literal(name) == written


def test_a_name_that_turns_around_is_closed_in_both():
    assert (text("\u202ea"), literal("\u202ea")) == ("\u202ea\u202c", "\u202ea\u202c")
