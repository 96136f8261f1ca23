"""A retired row says nothing from its day on, and still prices what came before."""

from datetime import UTC, datetime

from sqlalchemy import event

from backend.tables import PriceRow
from tests.support.entered_prices import audited, book, enter, price_on, put, row, usd
from tests.support.installation import Api, problem


def test_a_retired_row_prices_nothing_more_and_still_prices_the_past(api: Api) -> None:
    enter(api)
    answer = api.post("/api/prices/our-h100:retire", {"reason": "contract ended"})
    assert answer.raise_for_status().json()["retired_on"] == "2026-11-01"
    assert problem(api.get("/api/prices/our-h100"))[:2] == (404, "price_not_found")
    assert price_on(api, "our-h100", "2026-10-31") == 2.2
    last = book(api).items[-1]
    assert (last.card.id, last.reason) == ("our-h100", "contract ended")
    again = api.post("/api/prices/our-h100:retire", {})
    assert again.json()["reason"] == "contract ended"
    assert audited(api) == [("price.enter", "our-h100"), ("price.retire", "our-h100")]


def test_a_retired_row_comes_back_with_a_new_price(api: Api) -> None:
    enter(api)
    api.post("/api/prices/our-h100:retire", {})
    put(api, "our-h100", rent_per_gpu_hour=usd(1.9), as_of="2026-11-01")
    assert row(api, "our-h100").retired_on is None
    assert price_on(api, "our-h100", "2026-11-01") == 1.9


def test_a_price_of_a_day_before_the_retirement_brings_nothing_back_and_says_so(api: Api) -> None:
    enter(api)
    api.post("/api/prices/our-h100:retire", {"reason": "contract ended"}).raise_for_status()
    late = put(api, "our-h100", rent_per_gpu_hour=usd(1.9), as_of="2026-10-25").json()
    assert late["card"]["rent_per_gpu_hour"]["amount"] == 1.9
    assert (late["retired_on"], late["reason"]) == ("2026-11-01", "contract ended")
    assert row(api, "our-h100").retired_on == "2026-11-01"
    assert row(api, "our-h100").card.rent_per_gpu_hour.amount == 1.9
    assert price_on(api, "our-h100", "2026-10-26") == 1.9
    assert problem(api.get("/api/prices/our-h100"))[:2] == (404, "price_not_found")


def test_a_retired_row_that_is_shipped_no_longer_leaves_the_book_whole(api: Api) -> None:
    """As after an update whose own rows lack one that this installation had retired."""
    with api.installation.database.write() as session:
        gone = PriceRow(
            id="shipped-once",
            as_of="2026-10-01",
            card=None,
            imported=False,
            reason="too dear",
            entered_by="owner",
            entered_at=datetime(2026, 10, 1, tzinfo=UTC),
        )
        session.add(gone)
        session.commit()
    assert "shipped-once" not in [state.card.id for state in book(api).items]
    assert problem(api.get("/api/prices/shipped-once/history"))[:2] == (404, "price_not_found")
    assert enter(api, id="shipped-once").status_code == 201
    assert row(api, "shipped-once").retired_on is None


def test_however_many_rows_are_retired_the_book_is_read_with_as_many_queries(api: Api) -> None:
    with api.installation.database.read() as session:
        engine = session.get_bind()
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))

    def queries() -> int:
        asked.clear()
        book(api)
        return len(asked)

    enter(api, id="row-1")
    api.post("/api/prices/row-1:retire", {}).raise_for_status()
    one = queries()
    for place in range(2, 6):
        enter(api, id=f"row-{place}")
        api.post(f"/api/prices/row-{place}:retire", {}).raise_for_status()
    assert queries() == one


def test_a_price_that_ships_with_paybatch_can_be_retired(api: Api) -> None:
    api.post("/api/prices/b200-lambda:retire", {}).raise_for_status()
    assert "b200-lambda" not in [card["id"] for card in api.get("/api/prices").json()]


def test_the_row_of_this_computer_cannot_be_retired(shared_api: Api) -> None:
    answer = shared_api.post("/api/prices/this-computer:retire", {})
    assert problem(answer) == (422, "price_of_this_computer_stays", "")
