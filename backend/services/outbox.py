"""What waits to be sent to the webhook: written with what it tells of, so that nothing is lost."""

from backend.repositories import deliveries
from backend.tables import DeliveryRow
from backend.unit_of_work import UnitOfWork
from backend.webhook.post import Answer

MOST_TRIES = 6


def put(work: UnitOfWork, notification: int | None) -> None:
    """Lets a notification, or a test without one, wait to be sent; unless the webhook is off."""
    webhook = deliveries.webhook(work.session)
    if webhook is None or not webhook.is_on:
        return
    deliveries.add(
        work.session,
        DeliveryRow(notification=notification, status=deliveries.WAITING, made_at=work.now),
    )


def note(work: UnitOfWork, number: int, answer: Answer) -> bool:
    """Keeps how a try went; whether it is to be tried again."""
    row = deliveries.find(work.session, number)
    if row is None or row.status != deliveries.WAITING:
        return False
    row.tries += 1
    row.tried_at, row.result, row.answered = work.now, answer.result, answer.status
    if answer.result == "delivered":
        row.status = "delivered"
    elif row.tries >= MOST_TRIES:
        row.status = "given_up"
    return row.status == deliveries.WAITING


def drop(work: UnitOfWork) -> None:
    """Sends nothing of what waits."""
    deliveries.drop_waiting(work.session, status="dropped")
