"""Views: what the link of the compare page says, kept under a name for everybody."""

import json
from dataclasses import dataclass
from datetime import datetime

from planner.bounds import check_name
from planner.refusal import Refusal, require

LARGEST_VIEW_BYTES = 64 * 2**10

MOST_PARAMS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewRequest:
    """A view to be kept.

    Attributes:
        name: What people call it.
        query: Parameters of the link; the page that wrote them reads them again, and refuses
            what no longer fits.
    """

    name: str
    query: dict[str, str]

    def __post_init__(self) -> None:
        check_name(self.name, "name")
        require(bool(self.query), "query", "empty")
        require(len(self.query) <= MOST_PARAMS, "query", "too_many_items", most=MOST_PARAMS)
        for key in self.query:
            check_name(key, "query")
        try:
            text = json.dumps(self.query, ensure_ascii=False).encode()
        except ValueError as error:  # half of a character
            raise Refusal("query", "not_json") from error
        largest_kib = LARGEST_VIEW_BYTES // 2**10
        fits = len(text) <= LARGEST_VIEW_BYTES
        require(fits, "query", "view_too_large", largest_kib=largest_kib)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A view that is kept.

    Attributes:
        owner: Who saved it; they and admins can remove it.
    """

    id: str
    name: str
    owner: str
    saved_at: datetime
    query: dict[str, str]
