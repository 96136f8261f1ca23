"""Plans that somebody left unfinished: kept as their page wrote them, read by nobody else."""

import json
import re
from collections.abc import Mapping

from backend.repositories import drafts
from backend.services import audit
from backend.tables import DraftRow
from backend.unit_of_work import UnitOfWork
from backend.wire.problems import conflict, not_found
from planner.bounds import LONGEST_NAME
from planner.exchange.page_states import Draft, DraftState
from planner.refusal import Refusal, require

LARGEST_DRAFT_BYTES = 256 * 2**10
MOST_LEVELS = 32
MOST_DRAFTS = 200
"""Drafts that one person may keep."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def save(work: UnitOfWork, draft_id: str, body: Mapping[str, object]) -> DraftState:
    """Keeps a draft under an id that its page chose; a known one is replaced.

    Raises:
        Refusal: The id or the body is not one that is kept.
        RequestError: The draft is somebody else's, or there are too many.
    """
    require(_ID.fullmatch(draft_id) is not None, "draft_id", "draft_id_wrong")
    size = _checked_size(body)
    row = drafts.find(work.session, draft_id)
    if row is None:
        row = _new(work, draft_id, body)
    else:
        _check_owner(work, row)
        row.name, row.body, row.saved_at = _name(body), dict(body), work.now
    audit.record(work, "draft.save", draft_id, None, {"size_bytes": size})
    return _state(row)


def read(work: UnitOfWork, draft_id: str) -> Draft:
    """One draft, whoever saved it: its link can be handed on.

    Raises:
        RequestError: There is none.
    """
    row = _existing(work, draft_id)
    return Draft(state=_state(row), body=row.body)


def own(work: UnitOfWork) -> tuple[DraftState, ...]:
    """The drafts of whoever asks, last saved first."""
    return tuple(_state(row) for row in drafts.of_owner(work.session, work.principal.name))


def remove(work: UnitOfWork, draft_id: str) -> DraftState:
    """Throws a draft away.

    Raises:
        RequestError: There is none, or it is somebody else's.
    """
    row = _existing(work, draft_id)
    _check_owner(work, row)
    drafts.remove(work.session, row)
    audit.record(work, "draft.remove", draft_id, {"name": row.name}, None)
    return _state(row)


def _checked_size(body: Mapping[str, object]) -> int:
    """Bytes of a body that can be given back as it is."""
    require(_nested_within(body, MOST_LEVELS), "", "draft_too_deep", most=MOST_LEVELS)
    try:
        text = json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except ValueError as error:  # NaN, or half of a character
        raise Refusal("", "not_json") from error
    largest_kib = LARGEST_DRAFT_BYTES // 2**10
    require(len(text) <= LARGEST_DRAFT_BYTES, "", "draft_too_large", largest_kib=largest_kib)
    return len(text)


def _nested_within(value: object, levels: int) -> bool:
    """Whether lists and objects are in each other at most ``levels`` deep."""
    if not isinstance(value, Mapping | list):
        return True
    inner = value.values() if isinstance(value, Mapping) else value
    return levels > 0 and all(_nested_within(part, levels - 1) for part in inner)


def _new(work: UnitOfWork, draft_id: str, body: Mapping[str, object]) -> DraftRow:
    owner = work.principal.name
    if drafts.count(work.session, owner) >= MOST_DRAFTS:
        raise conflict("too_many_drafts", most=MOST_DRAFTS)
    row = DraftRow(id=draft_id, owner=owner, name=_name(body), body=dict(body), saved_at=work.now)
    drafts.add(work.session, row)
    return row


def _existing(work: UnitOfWork, draft_id: str) -> DraftRow:
    row = drafts.find(work.session, draft_id)
    if row is None:
        raise not_found("draft", draft_id)
    return row


def _check_owner(work: UnitOfWork, row: DraftRow) -> None:
    if row.owner != work.principal.name:
        raise conflict("draft_of_other", owner=row.owner)


def _name(body: Mapping[str, object]) -> str:
    """What the plan is called so far: its own name, or that of the pilot in it."""
    pilot = body.get("pilot")
    for place in (body, pilot if isinstance(pilot, dict) else {}):
        name = place.get("name")
        if isinstance(name, str) and name.strip():
            return name.strip()[:LONGEST_NAME]
    return ""


def _state(row: DraftRow) -> DraftState:
    return DraftState(id=row.id, name=row.name, owner=row.owner, saved_at=row.saved_at)
