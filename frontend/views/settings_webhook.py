"""The webhook: where notifications are sent, its secret once, a test, and how the last went."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from urllib.parse import urlsplit

import streamlit as st

from frontend.calls import webhook as webhook_calls
from frontend.calls.api import ApiRefused, ApiUnreachable
from frontend.components.headings import card_title
from frontend.components.markup import element, show, show_table, text
from frontend.components.refusals import show_refusal
from frontend.session import Session, local, part_of_a_page
from planner.exchange.webhooks import DeliveryState, WebhookState
from wording.deliveries import delivery_kind, delivery_result, delivery_status
from wording.times import moment

LOOK_EVERY_S = 2
_SAID, _SECRET = "settings.webhook.said", "settings.webhook.secret"
_HEADS = ("made", "what", "state", "result")
_TONES = {"delivered": "good", "given_up": "bad"}


def webhook(session: Session) -> None:
    """The card; only an administrator sees more than that there is one."""
    with st.container(border=True, key="card-settings-webhook"):
        card_title(_words(session, "title"), _words(session, "hint"))
        if not session.may("GET /api/webhook"):
            _note(_words(session, "only_admin"))
            return
        known = webhook_calls.webhook(session.api)
        _note(_where(session, known))
        _form(session, known)
        secret_shown = _said(session)
        _deliveries(session, known, secret_shown=secret_shown)


def _where(session: Session, known: WebhookState) -> str:
    if not known.on or known.changed_at is None:
        return _words(session, "off")
    at = moment(local(known.changed_at), session.language)
    host = urlsplit(known.url).hostname or ""
    return _words(session, "on", at=at, host=host, by=known.changed_by)


def _form(session: Session, known: WebhookState) -> None:
    """An address that is the same again gets a new secret."""
    url = st.text_input(
        _words(session, "field_url"),
        key=f"settings.webhook.url.{known.url}",
        value=known.url,
        placeholder="https://hooks.example.com/…",
    )
    same = known.on and url == known.url
    api, order = session.api, None
    with st.container(horizontal=True):
        label = _words(session, "replace" if same else "set")
        if st.button(label, key="webhook.set", type="secondary" if same else "primary"):
            order = (partial(webhook_calls.set_webhook, api, url), "was_set")
        if known.on and st.button(_words(session, "send_test"), key="webhook.test"):
            order = (partial(webhook_calls.send_test, api), "test_put")
        if known.on and st.button(_words(session, "switch_off"), key="webhook.off"):
            order = (partial(webhook_calls.switch_off, api), "was_off")
    if order is not None:
        _order(session, *order)


def _order(session: Session, send: Callable[[], WebhookState], said: str) -> None:
    try:
        answer = send()
    except ApiRefused as refused:
        show_refusal(session, refused, {"url": _words(session, "field_url")})
        return
    st.session_state[_SAID], st.session_state[_SECRET] = said, answer.secret
    st.rerun()


def _said(session: Session) -> bool:
    """What the last click did; whether a secret is shown, which another drawing takes away."""
    said = st.session_state.pop(_SAID, None)
    secret = st.session_state.pop(_SECRET, None)
    if said is not None:
        st.success(_words(session, said))
    if secret is not None:
        st.text(_words(session, "secret"))
        st.code(secret, language=None, wrap_lines=True)
    return secret is not None


def _deliveries(session: Session, known: WebhookState, *, secret_shown: bool) -> None:
    """The last ones, looked at again until none waits for its first try."""
    shown = [known]

    @st.fragment(run_every=LOOK_EVERY_S if _awaited(known) else None)
    def rows() -> None:
        if _awaited(shown[-1]):
            with part_of_a_page(), suppress(ApiUnreachable):  # it is looked at again soon
                shown.append(webhook_calls.webhook(session.api))
            if not _awaited(shown[-1]) and not secret_shown:
                st.rerun()
        _table(session, shown[-1])

    rows()


def _awaited(known: WebhookState) -> bool:
    return any(one.status == "waiting" and not one.tries for one in known.deliveries)


def _table(session: Session, known: WebhookState) -> None:
    if not known.deliveries:
        if known.on:  # else the card says already that nothing is sent
            _note(_words(session, "none_yet"))
        return
    heads = [element("th", text(_words(session, f"column_{name}")), scope="col") for name in _HEADS]
    table = element(
        "table",
        element("thead", element("tr", *heads)),
        element("tbody", *(_row(session, one) for one in known.deliveries)),
        class_="pb-grid pb-words",
    )
    show_table(table, label=_words(session, "deliveries"))


def _row(session: Session, sent: DeliveryState) -> str:
    language = session.language
    tone = _TONES.get(sent.status, "plain")
    status = element("span", text(delivery_status(sent, language)), class_=f"pb-pill pb-{tone}")
    return element(
        "tr",
        element("th", text(moment(local(sent.made_at), language)), scope="row"),
        element("td", text(delivery_kind(sent, language))),
        element("td", status),
        element("td", text(delivery_result(sent, language))),
    )


def _note(sentence: str) -> None:
    show(element("p", text(sentence), class_="pb-note"))


def _words(session: Session, key: str, **params: str) -> str:
    return session.say(f"page.webhook.{key}", **params)
