"""What every part of the client asks with: questions, creates, orders, whole lists."""

from itertools import count
from typing import TypeVar
from urllib.parse import quote

from paybatch.connection import Connection, Query, new_key
from planner.exchange.states import Page, RunOrder

Value = TypeVar("Value")
Item = TypeVar("Item")

PAGE_SIZE = 200


class Asking:
    """Somebody with a connection to an installation."""

    connection: Connection

    def _asked(self, kind: type[Value], path: str, body: object) -> Value:
        """The answer to a question, which may be asked twice."""
        return self.connection.send(kind, "POST", path, body=body, again=True)

    def _made(self, kind: type[Value], path: str, body: object) -> Value:
        """What was created, once however often the request was sent."""
        return self.connection.send(kind, "POST", path, body=body, headers=new_key())

    def _ordered(self, kind: type[Value], path: str, reason: str) -> Value:
        return self.connection.send(kind, "POST", path, body=RunOrder(reason=reason))

    def _every(self, kind: type[Item], path: str, params: Query) -> tuple[Item, ...]:
        """A whole list, read page by page."""
        found: tuple[Item, ...] = ()
        for number in count(1):
            asked = {**params, "page": number, "page_size": PAGE_SIZE}
            page = self.connection.send(Page[kind], "GET", path, params=asked)  # type: ignore[valid-type]
            found += page.items
            if not page.items or len(found) >= page.total:
                break
        return found


def address_of(noun: str, identifier: str) -> str:
    """The address of one thing; nothing in an identifier leads elsewhere."""
    return f"/api/{noun}/{quote(identifier, safe='')}"
