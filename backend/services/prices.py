"""The price book of any day: what Paybatch comes with, under what people entered since."""

from collections.abc import Collection, Mapping

from backend.published.price_book import PriceBook, is_known_on, shipped_book, shipped_cards
from backend.repositories import prices
from backend.services import price_terms
from backend.tables import PriceRow
from backend.unit_of_work import UnitOfWork
from backend.wire.codec import decode
from backend.wire.problems import not_found
from planner.economics.rates import RateCard, RateKind
from planner.exchange.price_states import PriceState
from planner.exchange.states import Page


def of_day(
    work: UnitOfWork,
    day: str | None = None,
    *,
    ids: Collection[str] | None = None,
    currency: str | None = None,
    electricity: bool = True,
) -> PriceBook:
    """The book as it was known on a day.

    Args:
        work: Of the request.
        day: ISO date; None for the newest book.
        ids: Only these rows, where no other is asked for.
        currency: Its exchange rates are read; None where nothing is exchanged.
        electricity: Whether what it costs is read, too.
    """
    rates = () if currency is None else price_terms.exchange_rates_of(work, currency, day)
    return PriceBook(
        cards=_cards(work, day, ids),
        exchange_rates=rates,
        facility=price_terms.facility_of(work, day) if electricity else None,
        day=day,
    )


def cards(work: UnitOfWork, day: str | None = None) -> tuple[RateCard, ...]:
    """Every row that can be priced with, this computer first, then what people entered."""
    return tuple(sorted(_cards(work, day, None).values(), key=_comes_later))


def page(
    work: UnitOfWork,
    *,
    kind: RateKind | None,
    device: str | None,
    search: str,
    page: int,
    page_size: int,
) -> Page[PriceState]:
    """The newest word on every row of the book, retired ones last."""
    words = search.lower().split()
    found = [
        state
        for state in sorted(states(work), key=_order)
        if kind in (None, state.card.kind)
        and device in (None, state.card.device)
        and all(word in _searched(state.card) for word in words)
    ]
    start = (page - 1) * page_size
    items = tuple(found[start : start + page_size])
    return Page(items=items, page=page, page_size=page_size, total=len(found))


def devices(work: UnitOfWork) -> tuple[str, ...]:
    """Every device that the book has a price of, by name."""
    return tuple(sorted({card.device for card in cards(work)}))


def read(work: UnitOfWork, price_id: str, day: str | None = None) -> RateCard:
    """One row of the book.

    Raises:
        RequestError: There is none, or it had been retired by then.
    """
    card = _cards(work, day, [price_id]).get(price_id)
    if card is None:
        raise not_found("price", price_id)
    return card


def history(work: UnitOfWork, price_id: str) -> tuple[PriceState, ...]:
    """Everything that one row of the book ever said, newest first.

    Raises:
        RequestError: There is none.
    """
    entered = [
        entered_state(work, row) for row in prices.history(work.session, [price_id]) if row.card
    ]
    shipped = [_shipped(work, card) for card in shipped_cards() if card.id == price_id]
    if not (entered or shipped):
        raise not_found("price", price_id)
    return tuple(
        sorted((*entered, *shipped), key=lambda state: state.card.as_of or "", reverse=True)
    )


def state(work: UnitOfWork, price_id: str) -> PriceState:
    """The newest word on one row of the book.

    Raises:
        RequestError: There is none.
    """
    found = next((one for one in states(work, [price_id]) if one.card.id == price_id), None)
    if found is None:
        raise not_found("price", price_id)
    return found


def states(work: UnitOfWork, ids: Collection[str] | None = None) -> list[PriceState]:
    """One a row of the book, those included that are retired.

    A retired row that shipped with an earlier Paybatch, of which nobody knows any longer what it
    said, is left out.
    """
    shipped = {
        card.id: _shipped(work, card) for card in shipped_cards() if ids is None or card.id in ids
    }
    newest = [
        row
        for row in prices.latest(work.session, ids=ids)
        if row.id not in shipped or (shipped[row.id].card.as_of or "") <= row.as_of
    ]
    retired = {row.id: row for row in newest if row.card is None}
    last_words = _last_words(work, retired, shipped)
    entered = {row.id: entered_state(work, row) for row in newest if row.card is not None}
    live = {one: state for one, state in shipped.items() if one not in retired}
    ended = {
        one: _retired(last_words[one], row) for one, row in retired.items() if one in last_words
    }
    return list({**live, **entered, **ended}.values())


def entered_state(work: UnitOfWork, row: PriceRow) -> PriceState:
    """An entered row as it is shown."""
    return PriceState(
        card=card_of(row),
        origin="imported" if row.imported else "entered",
        age_days=price_terms.age_days(work, row.as_of),
        entered_by=row.entered_by,
        entered_at=row.entered_at,
    )


def card_of(row: PriceRow) -> RateCard:
    """What an entered row says, under its number."""
    return decode(RateCard, {**(row.card or {}), "row": row.number})


def _cards(
    work: UnitOfWork, day: str | None, ids: Collection[str] | None
) -> Mapping[str, RateCard]:
    """A dated price hides what was shipped before it; a retirement hides both."""
    found = {
        card_id: card
        for card_id, card in shipped_book(day).cards.items()
        if ids is None or card_id in ids
    }
    for row in prices.latest(work.session, on=day, ids=ids):
        shipped = found.get(row.id)
        if shipped is not None and (shipped.as_of or "") > row.as_of:
            continue
        if row.card is None:
            found.pop(row.id, None)
        else:
            found[row.id] = card_of(row)
    return found


def _shipped(work: UnitOfWork, card: RateCard) -> PriceState:
    known = None if card.as_of is None else price_terms.age_days(work, card.as_of)
    return PriceState(card=card, origin="shipped", age_days=known)


def _last_words(
    work: UnitOfWork, retired: Mapping[str, PriceRow], shipped: Mapping[str, PriceState]
) -> dict[str, PriceState]:
    """What retired rows said last, by row of the book."""
    known = {
        one: state
        for one, state in shipped.items()
        if one in retired and is_known_on(state.card, retired[one].as_of)
    }
    for row in reversed(prices.history(work.session, list(retired)) if retired else ()):
        shipped_as_of = known[row.id].card.as_of or "" if row.id in known else ""
        if row.card is not None and shipped_as_of <= row.as_of <= retired[row.id].as_of:
            known[row.id] = entered_state(work, row)
    return known


def _retired(last: PriceState, row: PriceRow) -> PriceState:
    """What a retired row said last, with the day from which it says nothing."""
    return PriceState(
        card=last.card,
        origin=last.origin,
        age_days=last.age_days,
        retired_on=row.as_of,
        entered_by=row.entered_by,
        entered_at=row.entered_at,
        reason=row.reason,
    )


def _order(state: PriceState) -> tuple[bool, bool, bool, str, float]:
    """This computer first, then what people entered, each by device and price; retired last."""
    card = state.card
    return (
        state.retired_on is not None,
        card.kind != "this_computer",
        state.origin == "shipped",
        card.device,
        card.rent_per_gpu_hour.amount,
    )


def _comes_later(card: RateCard) -> tuple[bool, bool]:
    return card.kind != "this_computer", not card.row


def _searched(card: RateCard) -> str:
    return " ".join((card.id, card.device, card.vendor, card.region, card.source)).lower()
