"""Where notifications are sent, for the owner of the installation."""

from backend.routes.dependencies import IdempotencyKey, Reading, Writing
from backend.routes.guarded import guarded
from backend.services import idempotency, webhooks
from planner.exchange.webhooks import WebhookOrder, WebhookState

router = guarded(tags=["webhook"])


@router.get("/webhook")
def read_webhook(work: Reading) -> WebhookState:
    """Where notifications are sent, and how the last ones went; never the secret."""
    return webhooks.state(work)


@router.put("/webhook")
def set_webhook(body: WebhookOrder, work: Writing) -> WebhookState:
    """Sends notifications to an address; the secret that signs them is only in this answer."""
    return webhooks.set_url(work, body)


@router.post("/webhook:off")
def switch_off(work: Writing) -> WebhookState:
    """Sends nothing any longer."""
    return webhooks.switch_off(work)


@router.post("/webhook:test", status_code=201)
def test_webhook(work: Writing, idempotency_key: IdempotencyKey) -> WebhookState:
    """Lets a test wait to be sent, once for a key."""
    return idempotency.once(
        work, f"webhook {idempotency_key}", None, answer=WebhookState, make=webhooks.send_test
    )
