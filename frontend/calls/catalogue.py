"""What the catalogue's page asks the API."""

from urllib.parse import quote

from frontend.calls.api import Api
from planner.plans.published_facts import PublishedFacts, PublishedState


def published_settings(
    api: Api, *, search: str = "", family: str | None = None, data_set: str | None = None
) -> tuple[PublishedState, ...]:
    """Settings that others published, in the order of their publication."""
    query = {"search": search or None, "family": family, "data_set": data_set}
    return api.get(tuple[PublishedState, ...], "/api/published-settings", query)


def published_setting(api: Api, setting_id: str) -> PublishedFacts:
    """One of them, epoch by epoch."""
    return api.get(PublishedFacts, f"/api/published-settings/{quote(setting_id)}")
