"""Settings that others published."""

from typing import Annotated

from fastapi import Query

from backend.published.published_settings import facts_of, published_states
from backend.routes.dependencies import SearchText
from backend.routes.guarded import guarded
from planner.plans.published_facts import PublishedFacts, PublishedState
from planner.schedules.momentum import MomentumForm
from planner.schedules.theory import Family

router = guarded(tags=["published settings"])


@router.get("/published-settings")
def list_published_settings(
    search: SearchText = "",
    family: Family | None = None,
    data_set: Annotated[str | None, Query(max_length=200)] = None,
    momentum_form: MomentumForm | None = None,
) -> tuple[PublishedState, ...]:
    """Settings with every word of ``search`` in their names, in the publication's order."""
    return published_states(
        search=search, family=family, data_set=data_set, momentum_form=momentum_form
    )


@router.get("/published-settings/{setting_id:path}")
def read_published_setting(setting_id: str) -> PublishedFacts:
    """One setting: every epoch, the points of its curves, and what the theory says of it."""
    return facts_of(setting_id)
