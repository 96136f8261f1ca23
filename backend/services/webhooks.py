"""The webhook as its owner sets it, and the messages that are made for it."""

from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from backend import VERSION
from backend.repositories import deliveries, notifications
from backend.services import audit, outbox
from backend.services.notifications import told_of
from backend.tables import DeliveryRow, WebhookRow
from backend.unit_of_work import UnitOfWork
from backend.webhook.signature import HEADER, make_key, new_salt, secret_of, signature
from backend.wire.canonical import canonical_json
from backend.wire.codec import encode
from backend.wire.problems import conflict
from planner.exchange.webhook_url import WebhookUrl, webhook_url
from planner.exchange.webhooks import (
    DeliveryKind,
    DeliveryResult,
    DeliveryState,
    DeliveryStatus,
    WebhookOrder,
    WebhookState,
)
from wording.catalogue import LANGUAGES, say
from wording.notifications import notification_path, notification_sentence

WEBHOOK = "webhook"
"""What the audit trail calls it."""

MOST_DELIVERIES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is sent in one try.

    Attributes:
        headers: None where the secret that signs them is gone.
    """

    url: WebhookUrl
    headers: dict[str, str] | None
    body: bytes


def state(work: UnitOfWork, *, secret: str | None = None) -> WebhookState:
    """The webhook with its last deliveries."""
    row = deliveries.webhook(work.session)
    newest = deliveries.newest(work.session, limit=MOST_DELIVERIES)
    return WebhookState(
        on=row is not None and row.is_on,
        url=row.url if row else "",
        changed_at=row.changed_at if row else None,
        changed_by=row.changed_by if row else "",
        secret=secret,
        deliveries=tuple(_delivery(delivery, kind) for delivery, kind in newest),
    )


def set_url(work: UnitOfWork, order: WebhookOrder) -> WebhookState:
    """Sends notifications to an address from now on, signed with a new secret."""
    make_key(work.settings.data_dir)
    row = _changed(work, url=order.url, salt=new_salt(), is_on=True)
    return state(work, secret=secret_of(work.settings.data_dir, row.salt))


def switch_off(work: UnitOfWork) -> WebhookState:
    """Sends nothing any longer, nor what still waits.

    Raises:
        RequestError: It is off.
    """
    row = _switched_on(work)
    _changed(work, url=row.url, salt=row.salt, is_on=False)
    outbox.drop(work)
    return state(work)


def send_test(work: UnitOfWork, nothing: None) -> WebhookState:
    """Lets a message without meaning wait to be sent.

    Raises:
        RequestError: The webhook is off.
    """
    del nothing  # a test has no body
    _switched_on(work)
    outbox.put(work, None)
    audit.record(work, "webhook.test", WEBHOOK, None, {"kind": "test"})
    return state(work)


def message_for(work: UnitOfWork, number: int) -> Message | None:
    """What a delivery sends now; None where it no longer waits or the webhook is off."""
    row, webhook = deliveries.find(work.session, number), deliveries.webhook(work.session)
    if row is None or row.status != deliveries.WAITING or webhook is None or not webhook.is_on:
        return None
    body = canonical_json(_told(work, row)).encode()
    return Message(
        url=webhook_url(webhook.url, "url"),
        headers=_headers(work, row, webhook, body),
        body=body,
    )


def _headers(
    work: UnitOfWork, row: DeliveryRow, webhook: WebhookRow, body: bytes
) -> dict[str, str] | None:
    secret = secret_of(work.settings.data_dir, webhook.salt)
    if secret is None:
        return None
    return {
        "Content-Type": "application/json",
        "User-Agent": f"Paybatch/{VERSION}",
        "Paybatch-Delivery": str(row.number),
        HEADER: signature(secret, body, sent_s=int(work.now.timestamp())),
    }


def _told(work: UnitOfWork, row: DeliveryRow) -> dict[str, object]:
    """The body as JSON-like data."""
    home = work.settings.page_address
    found = notifications.find(work.session, row.notification) if row.notification else None
    if found is None:
        sentences = {language: say("delivery.test", language) for language in LANGUAGES}
        return {"kind": "test", "at": row.made_at.isoformat(), "link": home, "sentences": sentences}
    told = told_of(*found, read_up_to=0)
    return {
        "id": told.number,
        "kind": told.kind,
        "at": told.at.isoformat(),
        "pilot": {"id": told.pilot_id, "name": told.pilot_name},
        "run_id": told.run_id,
        "facts": encode(told)["facts"],
        "link": home + notification_path(told),
        "sentences": {language: notification_sentence(told, language) for language in LANGUAGES},
    }


def _switched_on(work: UnitOfWork) -> WebhookRow:
    row = deliveries.webhook(work.session)
    if row is None or not row.is_on:
        raise conflict("webhook_is_off")
    return row


def _changed(work: UnitOfWork, *, url: str, salt: str, is_on: bool) -> WebhookRow:
    """Keeps the webhook; the audit trail knows its host, as a path may hold a secret of theirs."""
    before = deliveries.webhook(work.session)
    earlier = None if before is None else {"on": before.is_on, "host": _host(before.url)}
    row = WebhookRow(
        number=1,
        url=url,
        salt=salt,
        is_on=is_on,
        changed_at=work.now,
        changed_by=work.principal.name,
    )
    deliveries.keep_webhook(work.session, row)
    action = "webhook.set" if is_on else "webhook.off"
    audit.record(work, action, WEBHOOK, earlier, {"on": is_on, "host": _host(url)})
    return row


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _delivery(row: DeliveryRow, kind: str | None) -> DeliveryState:
    return DeliveryState(
        number=row.number,
        kind=cast("DeliveryKind", kind or "test"),
        status=cast("DeliveryStatus", row.status),
        made_at=row.made_at,
        tries=row.tries,
        tried_at=row.tried_at,
        result=cast("DeliveryResult | None", row.result),
        answered=row.answered,
    )
