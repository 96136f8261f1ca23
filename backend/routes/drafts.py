"""Drafts of plans."""

from backend.routes.dependencies import Reading, Writing
from backend.routes.guarded import guarded
from backend.services import drafts
from planner.exchange.page_states import Draft, DraftState

router = guarded(tags=["drafts"])


@router.get("/drafts")
def list_drafts(work: Reading) -> tuple[DraftState, ...]:
    """Plans that whoever asks left unfinished, last saved first."""
    return drafts.own(work)


@router.get("/drafts/{draft_id}")
def read_draft(draft_id: str, work: Reading) -> Draft:
    """One draft."""
    return drafts.read(work, draft_id)


@router.put("/drafts/{draft_id}")
def save_draft(draft_id: str, body: dict[str, object], work: Writing) -> DraftState:
    """Keeps a draft, whatever it says; at most 256 KiB."""
    return drafts.save(work, draft_id, body)


@router.delete("/drafts/{draft_id}")
def remove_draft(draft_id: str, work: Writing) -> DraftState:
    """Throws a draft away."""
    return drafts.remove(work, draft_id)
