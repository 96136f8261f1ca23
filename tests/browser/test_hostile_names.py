"""Names that want to be more, on every page: nothing runs, nothing loads, nothing overflows."""

import dataclasses
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Request

from backend.wire.codec import decode, encode
from planner.exchange.access import TokenRequest, TokenState
from planner.exchange.page_states import Draft
from planner.exchange.price_states import PriceEntry
from planner.exchange.states import PilotRequest, PilotState
from planner.exchange.work import Device
from planner.money import Money
from tests.browser.browsing import Visitor
from tests.browser.conftest import NewVisitor
from tests.browser.places import PLACES, Place
from tests.browser.programs import Paybatch
from tests.browser.sights import open_place
from tests.contract.programs import PATIENCE_S
from tests.support.installation import credentials_in
from tests.support.planted_pilots import ADOPT
from tests.support.planted_worker import PlantedWorker, planted_curve

ELSEWHERE = "http://elsewhere.example"

MARKUP = (
    f'=1+1 <img src="{ELSEWHERE}/i.png" onerror="window.ran=1"><script>window.ran=1</script>'
    f" ![in]({ELSEWHERE}/m.png) **strong** $\\sqrt2$ :material/bolt: :smile: :red[warm]"
)
LINK = f'[go]({ELSEWHERE}/go) `code` # "quoted" \u202ekcab \x07'
LONG = "W" * 200

EFFECTS = """host => ({
    ran: window.ran === 1,
    loaded: document.querySelectorAll(`[src*="${host}"], iframe`).length,
    links: document.querySelectorAll(`a[href*="${host}"]`).length,
    strong: [...document.querySelectorAll('strong')].filter(b => b.innerText === 'strong').length,
    code: [...document.querySelectorAll('code')].filter(c => c.innerText === 'code').length,
    formulas: document.querySelectorAll('.katex').length,
    coloured: [...document.querySelectorAll('.stMarkdownColoredText')].length,
    smiles: document.body.innerText.includes('\\u{1F604}'),
    wider: document.querySelector('[data-testid="stMain"]').scrollWidth
        - document.querySelector('[data-testid="stMain"]').clientWidth > 1,
})"""
"""What a name must not bring about."""

NONE = {
    **dict.fromkeys(("ran", "smiles", "wider"), False),
    **dict.fromkeys(("loaded", "links", "strong", "code", "formulas", "coloured"), 0),
}

WIDTHS = (1440, 420)


@pytest.fixture
def named(new_paybatch: Paybatch) -> PilotState:
    """A finished pilot, a price, a device, a worker, a person and a draft with such names."""
    api = new_paybatch.api
    person = TokenRequest(name=MARKUP, scope="admin")
    token = decode(TokenState, api.post("/api/tokens", person)).token
    pilot = hostile_pilot()
    device = Device(kind="cpu", name=MARKUP, memory_bytes=2**30)
    curve = dataclasses.replace(planted_curve(), device=device.name, versions=LINK)
    registration = credentials_in(new_paybatch.folder / "api").registration_token
    with httpx.Client(base_url=api.url, timeout=PATIENCE_S) as http:
        made = http.post(
            "/api/pilots",
            json=encode(PilotRequest(pilot=pilot)),
            headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "once"},
        )
        worker = PlantedWorker(
            http, registration, ADOPT.plant(), name=LINK, curve=curve, device=device, versions=LINK
        )
        worker.work_until_idle()
    price = PriceEntry(
        id="hostile",
        device=MARKUP,
        vendor=LONG,
        kind="on_demand",
        rent_per_gpu_hour=Money(amount=1.0, currency="USD"),
        as_of="2026-11-01",
        source=LONG,
        region=LINK,
    )
    api.post("/api/prices", price)
    example = encode(dataclasses.replace(pilot, name=LONG))
    api.post("/api/drafts/hostile", {"pilot": example, "name": LONG}, method="PUT")
    assert decode(Draft, api.get("/api/drafts/hostile")).state.name == LONG
    return api.pilot(made.raise_for_status().json()["id"])


def hostile_pilot():
    """Today's schedule and the candidate of the story that pays back, renamed."""
    pilot = ADOPT.pilot()
    today, candidate = pilot.schedules
    schedules = (dataclasses.replace(today, name=LONG), dataclasses.replace(candidate, name=LINK))
    return dataclasses.replace(pilot, name=MARKUP, schedules=schedules)


def places() -> tuple[Place, ...]:
    """Every page; the plan is the draft, the price the one that was entered."""
    return tuple(
        dataclasses.replace(place, query={**place.query, **replaced(place)}) for place in PLACES
    )


def replaced(place: Place) -> dict[str, str]:
    """What a link says beside what it says in other tests."""
    if place.path == "plan":
        return {"draft": "hostile"}
    return {"row": "hostile"} if "row" in place.query else {}


def test_no_name_has_an_effect_on_any_page(
    named: PilotState, new_paybatch: Paybatch, signed_in: NewVisitor
):
    visitor = signed_in(paybatch=new_paybatch)
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(host_of(request)))
    found = {}
    for place in places():
        open_place(visitor, place, named.id)
        effects = effects_on(visitor)
        if effects:
            found[str(place)] = effects
    waiting = new_paybatch.api.create(hostile_pilot(), throughput=planted_curve())
    for query in ({"pilots": f"{named.id},{waiting.id}"}, {"pilots": named.id, "in": MARKUP}):
        visitor.visit("compare", **query)
        found |= {f"compare {query}": effects for effects in [effects_on(visitor)] if effects}
    assert found == {}
    assert set(asked) <= {urlsplit(new_paybatch.page.url).netloc, ""}


def effects_on(visitor: Visitor) -> dict[str, object]:
    """What is there and must not be, by width."""
    effects: dict[str, object] = {}
    for width in WIDTHS:
        visitor.resize(width)
        seen = visitor.page.evaluate(EFFECTS, urlsplit(ELSEWHERE).netloc)
        effects |= {f"{name} at {width}": seen[name] for name in NONE if seen[name] != NONE[name]}
    return effects


def host_of(request: Request) -> str:
    """Whom a request goes to; empty for what stays inside the browser."""
    return urlsplit(request.url).netloc
