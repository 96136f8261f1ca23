"""The webhook as people set and see it, and how what it was sent went."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from planner.exchange.notifications import NotificationKind
from planner.exchange.webhook_url import webhook_url

DeliveryKind = NotificationKind | Literal["test"]

DeliveryStatus = Literal["waiting", "delivered", "given_up", "dropped"]
"""Message keys below ``delivery``; dropped is what waited when the webhook was switched off."""

DeliveryResult = Literal[
    "delivered",
    "refused",
    "redirected",
    "not_http",
    "timed_out",
    "not_connected",
    "certificate_refused",
    "address_refused",
    "not_resolved",
    "secret_lost",
]
"""How one try went; message keys below ``delivery.result``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookOrder:
    """Where notifications are sent from now on."""

    url: str = field(repr=False)

    def __post_init__(self) -> None:
        webhook_url(self.url, "url")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryState:
    """A notification on its way to the webhook, or there.

    Attributes:
        tries: Times that it was sent.
        tried_at: Last time; None before the first.
        result: Of the last try; None before the first.
        answered: Status of the receiver's answer to it; None where there was none.
    """

    number: int
    kind: DeliveryKind
    status: DeliveryStatus
    made_at: datetime
    tries: int
    tried_at: datetime | None
    result: DeliveryResult | None
    answered: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookState:
    """The webhook.

    Attributes:
        on: Whether anything is sent.
        url: Where to; empty before the first order.
        changed_at: When that was set or switched off; None before the first order.
        changed_by: Who did.
        secret: What signs everything that is sent, only in the answer to the order that made it.
        deliveries: Newest first, at most 20.
    """

    on: bool
    url: str = field(repr=False)
    changed_at: datetime | None
    changed_by: str
    secret: str | None = field(repr=False)
    deliveries: tuple[DeliveryState, ...]
