"""Rows and forms of the price book, without a page."""

import pytest

from frontend.price_book import forms
from frontend.price_book.choice import with_row
from frontend.price_book.table import age_text, csv_rows, price_table, price_text
from planner.economics.rates import THIS_COMPUTER, RateCard
from planner.exchange.price_states import PriceEntry, PriceState
from planner.money import Money
from wording.catalogue import LANGUAGES


def a_card(amount=2.2, currency="USD", **changes):
    fields = {
        "id": "ours",
        "device": "H100",
        "vendor": "<b>Ours</b>",
        "kind": "reserved",
        "rent_per_gpu_hour": Money(amount=amount, currency=currency),
        "as_of": "2026-11-01",
        "source": "contract",
    }
    return RateCard(**{**fields, **changes})


def a_state(card=None, **changes):
    return PriceState(card=card or a_card(), **{"origin": "entered", "age_days": 12, **changes})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_row_is_escaped_and_tells_its_age(language):
    markup = price_table([a_state()], None, language)
    assert "&lt;b&gt;Ours&lt;/b&gt;" in markup
    assert age_text(12, language) in markup


@pytest.mark.parametrize(
    ("age_days", "english", "japanese"),
    [
        (None, "undated", "日付なし"),
        (0, "read today", "本日確認"),
        (1, "read yesterday", "昨日確認"),
        (12, "read 12 days ago", "12日前に確認"),
    ],
)
def test_an_age_is_told_in_words(age_days, english, japanese):
    assert (age_text(age_days, "en"), age_text(age_days, "ja")) == (english, japanese)


@pytest.mark.parametrize(("age_days", "tone"), [(90, "plain"), (91, "caution"), (None, "caution")])
def test_an_old_or_undated_price_asks_for_another_look(age_days, tone):
    assert f"pb-pill pb-{tone}" in price_table([a_state(age_days=age_days)], None, "en")


def test_a_small_price_keeps_its_figures():
    assert price_text(a_card(0.2817), "en") == "$0.2817"
    assert price_text(a_card(0.53), "en") == "$0.53"
    assert price_text(a_card(2.2), "en") == "$2.20"
    assert price_text(a_card(0.0), "en") == "$0.00"


def test_a_row_as_csv_has_full_precision():
    (row,) = csv_rows([a_state(a_card(1 / 3))])
    assert row[5:7] == [1 / 3, "USD"]


TYPED = {
    "kind": "on_demand",
    "id": "",
    "device": "H100 SXM",
    "vendor": "Ours",
    "region": "",
    "amount": 2.0,
    "currency": "USD",
    "as_of": "2026-11-01",
    "source": "contract",
    "board_w": None,
}


def test_a_row_without_a_name_is_called_after_what_it_is():
    assert PriceEntry(**sent(TYPED)).id == "h100-sxm-ours-on-demand"


def test_what_is_typed_of_another_kind_is_not_sent():
    spot = {"interruptions_per_device_h": 0.05, "checkpoint_interval_h": 1.0, "restart_h": None}
    assert "spot" not in forms.entry(TYPED | spot)
    sent = forms.entry(TYPED | spot | {"kind": "spot"})
    assert sent["spot"] == {"interruptions_per_device_h": 0.05, "checkpoint_interval_h": 1.0}


def test_an_owned_device_that_is_not_described_lacks_what_is_missing():
    blank = dict.fromkeys((*forms.OWNED_NUMBERS, *forms.OWNED_MONEY))
    owned = blank | {"case": "already_bought", "reuse_fraction": 0.0, "currency": "USD"}
    assert not forms.is_complete(forms.ownership(owned))
    full = owned | dict.fromkeys(blank, 1.0)
    assert forms.is_complete(forms.ownership(full))


def test_the_form_for_another_price_begins_with_the_row():
    begun = forms.typed_from(a_card(0.5))
    assert (begun["id"], begun["amount"], begun["kind"]) == ("ours", 0.5, "reserved")
    assert "as_of" not in begun
    assert "source" not in begun


def test_names_are_typed_with_commas_between_them():
    assert forms.names(" us-east-1, eu-north-1 ,,") == ["us-east-1", "eu-north-1"]


def test_a_row_that_the_book_lost_can_still_be_shown():
    assert with_row([a_card()], "ours") == (a_card(),)
    assert with_row([a_card()], "gone")[-1].device == "gone"


def test_this_computer_keeps_its_name():
    typed = {**TYPED, "kind": "this_computer"}
    assert forms.entry(typed)["id"] == forms.entry(typed)["device"] == THIS_COMPUTER


def sent(typed):
    entry = forms.entry(typed)
    return entry | {"rent_per_gpu_hour": Money(**entry["rent_per_gpu_hour"])}
