"""What surrounds every page: style, language, sign-out, and what to say when the API is away."""

import json
from functools import cache

import streamlit as st

from frontend.calls.api import ApiRefused
from frontend.components.assets import ASSETS, asset
from frontend.components.headings import page_title
from frontend.components.markup import literal
from frontend.session import Session, api_answers, choose_language, go_to, is_dark
from wording.catalogue import LANGUAGES, messages, say
from wording.charts.palette import palette
from wording.language import Language
from wording.refusals import refusal_line

ICON = str(ASSETS / "icon.svg")

RETRY_EVERY_S = 2

_TURNED_LIGHT = ".js-plotly-plot, .pb-trace img { filter: invert(1) hue-rotate(180deg); }"
"""Charts are drawn in the colours of the dark theme; paper is white."""

_STREAMLIT_SAYS = "page.streamlit."


def style_sheet() -> None:
    """Our own styles, in the colours of the theme; on paper in those of the light one."""
    dark = is_dark()
    paper = f"@media print {{ {palette(dark=False).css()} {_TURNED_LIGHT if dark else ''} }}"
    st.html(f"<style>{palette(dark=dark).css()}{_styles()}{paper}</style>")


def logo() -> None:
    """The name of the product, in the colour of the theme."""
    st.logo(str(ASSETS / ("logo-dark.svg" if is_dark() else "logo.svg")), size="large")


def document_language(language: Language) -> None:
    """Puts the whole document into the language: for who listens, and what Streamlit says."""
    theirs, ours = messages("en"), messages(language)
    pairs = [(theirs[key], ours[key]) for key in theirs if key.startswith(_STREAMLIT_SAYS)]
    told = f"{json.dumps(language)}, {json.dumps(pairs, ensure_ascii=False)}"
    script = asset("own_words.js").strip()
    st.html(f"<script>({script})({told});</script>", unsafe_allow_javascript=True)


def language_switch(language: Language) -> None:
    """English or Japanese."""
    st.segmented_control(
        say("page.shell.language", language),
        LANGUAGES,
        default=language,
        required=True,
        format_func=lambda code: say(f"page.shell.language_{code}", language),
        key="language_switch",
        on_change=_language_chosen,
        width="stretch",
    )


def sign_out_button(session: Session) -> None:
    """Who is signed in, and the way out."""
    st.caption(literal(session.say("page.shell.signed_in_as", name=session.me.name)))
    if st.button(session.say("page.shell.sign_out"), key="sign_out", type="tertiary"):
        session.api.sign_out()
        st.rerun()


def unreachable_notice(language: Language) -> None:
    """Says that the API is away, and looks again until it is back."""

    @st.fragment(run_every=RETRY_EVERY_S)
    def wait() -> None:
        if api_answers():
            st.rerun()
        page_title(say("page.shell.unreachable_title", language))
        st.write(say("page.shell.unreachable", language))

    wait()


def no_page_notice(session: Session) -> None:
    """Says that an address has no page, and leads to one that is there."""
    page_title(session.say("page.shell.no_page_title"))
    st.write(session.say("page.shell.no_page"))
    if st.button(session.say("page.shell.to_pilots"), key="to_pilots", type="primary"):
        go_to("pilots")


def refused_notice(session: Session, refused: ApiRefused) -> None:
    """The sentences of a refusal."""
    for problem in refused.problems:
        said = refusal_line(problem.field, problem.code, session.language, problem.params)
        st.error(literal(said))


def _language_chosen() -> None:
    choose_language(st.session_state["language_switch"])


@cache
def _styles() -> str:
    sheets = sorted(ASSETS.glob("*.css"))
    return "".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
