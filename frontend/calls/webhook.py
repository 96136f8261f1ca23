"""What the page of settings asks the API about the webhook."""

from uuid import uuid4

from frontend.calls.api import Api
from planner.exchange.webhooks import WebhookState


def webhook(api: Api) -> WebhookState:
    """Where notifications are sent, and how the last ones went."""
    return api.get(WebhookState, "/api/webhook")


def set_webhook(api: Api, url: str) -> WebhookState:
    """Sends notifications to an address; the answer holds the secret."""
    return api.post(WebhookState, "/api/webhook", {"url": url}, method="PUT")


def switch_off(api: Api) -> WebhookState:
    """Sends nothing any longer."""
    return api.post(WebhookState, "/api/webhook:off")


def send_test(api: Api) -> WebhookState:
    """Lets a test wait to be sent."""
    headers = {"Idempotency-Key": str(uuid4())}
    return api.post(WebhookState, "/api/webhook:test", headers=headers)
