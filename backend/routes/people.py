"""People of the sign-in provider, and who may come in at all."""

from backend.routes.dependencies import PageNumber, PageSize, Reading, Writing
from backend.routes.guarded import guarded
from backend.services import access, people
from planner.exchange.access import AccessSummary, PersonRole, PersonState
from planner.exchange.states import Page

router = guarded(tags=["people"])


@router.get("/people")
def list_people(work: Reading, page: PageNumber = 1, page_size: PageSize = 50) -> Page[PersonState]:
    """People whom the sign-in provider vouched for, those without a role too."""
    return people.states(work, page=page, page_size=page_size)


@router.put("/people/{person_id}/role")
def set_role(person_id: str, body: PersonRole, work: Writing) -> PersonState:
    """What somebody may do from their next request on."""
    return people.set_role(work, person_id, body)


@router.post("/people/{person_id}:end-sessions")
def end_sessions(person_id: str, work: Writing) -> PersonState:
    """Signs somebody out of every browser."""
    return people.end_sessions(work, person_id)


@router.get("/access")
def summarise(work: Reading) -> AccessSummary:
    """How many may come in, by role, and until when."""
    return access.summary(work)
