"""What the webhook was sent, in words: what it was, where it stands, and how the last try went."""

from planner.exchange.webhooks import DeliveryState
from wording.catalogue import say
from wording.language import Language
from wording.numbers import number


def delivery_kind(sent: DeliveryState, language: Language) -> str:
    """What it tells of."""
    return say(f"delivery.kind.{sent.kind}", language)


def delivery_status(sent: DeliveryState, language: Language) -> str:
    """Whether it waits, arrived or was given up."""
    return say(f"delivery.{sent.status}", language)


def delivery_result(sent: DeliveryState, language: Language) -> str:
    """How the last try went, and the number of tries where there were several; empty before it."""
    if sent.result is None:
        return ""
    status = "" if sent.answered is None else str(sent.answered)
    result = say(f"delivery.result.{sent.result}", language, status=status)
    if sent.tries == 1:
        return result
    tries = number(sent.tries, language)
    return say("page.webhook.tries", language, result=result, tries=tries)
