"""What the webhook was sent, in words of both languages."""

from datetime import UTC, datetime

from planner.exchange.webhooks import DeliveryResult, DeliveryState
from wording.deliveries import delivery_kind, delivery_result, delivery_status

AT = datetime(2026, 11, 1, tzinfo=UTC)


def sent(*, result: DeliveryResult | None, answered: int | None, tries: int) -> DeliveryState:
    return DeliveryState(
        number=1,
        kind="gate_ready",
        status="waiting",
        made_at=AT,
        tries=tries,
        tried_at=AT,
        result=result,
        answered=answered,
    )


def test_a_refusal_says_its_status_and_how_often_it_was_tried():
    refused = sent(result="refused", answered=503, tries=3)
    assert delivery_kind(refused, "en") == "Gate ready"
    assert delivery_status(refused, "ja") == "送信待ち"
    told = "The receiver refused it with status 503. Tries: 3."
    assert delivery_result(refused, "en") == told
    assert delivery_result(refused, "ja") == (
        "受信側がステータス503で拒否しました。試行回数：3回。"
    )


def test_before_the_first_try_there_is_nothing_to_say():
    assert delivery_result(sent(result=None, answered=None, tries=0), "en") == ""


def test_one_try_is_not_counted():
    once = sent(result="not_resolved", answered=None, tries=1)
    assert delivery_result(once, "en") == "Nobody knows the name of the receiver."
