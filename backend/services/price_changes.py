"""Changes of the price book: rows are added, and nothing that was priced with loses its price."""

from dataclasses import asdict, replace

from backend.published.skypilot_catalogue import read_catalogue
from backend.repositories import prices as rows
from backend.services import audit, price_terms, prices
from backend.tables import PriceRow
from backend.unit_of_work import UnitOfWork
from backend.wire.codec import encode
from backend.wire.problems import conflict
from planner.economics.rates import RateCard
from planner.exchange.price_states import (
    PriceEntry,
    PriceImport,
    PriceImported,
    PriceRetirement,
    PriceState,
)
from planner.refusal import require


def create(work: UnitOfWork, entry: PriceEntry) -> PriceState:
    """A new row of the book.

    Raises:
        Refusal: The price is of a day to come.
        RequestError: The book has a row of this name, or had one.
    """
    if _known(work, entry.id) is not None:
        raise conflict("price_exists", id=entry.id)
    return _enter(work, entry, before=None)


def replace_price(work: UnitOfWork, price_id: str, entry: PriceEntry) -> PriceState:
    """Another price of a row; the earlier one stays in its history. The same again adds nothing.

    A price of an earlier day than the row was retired on brings nothing back, and says so.

    Raises:
        Refusal: The price is of a day to come, or names another row.
        RequestError: There is no such row.
    """
    require(entry.id == price_id, "id", "price_id_differs", id=price_id)
    known = prices.state(work, price_id)
    if known.retired_on is None and same(known.card, entry.card()):
        return known
    return _enter(work, entry, before=known.card)


def retire(work: UnitOfWork, price_id: str, retirement: PriceRetirement) -> PriceState:
    """Takes a row out of the book from today on. Asked again, nothing changes.

    Raises:
        Refusal: It is the row of this computer, which every pilot needs.
        RequestError: There is no such row.
    """
    known = prices.state(work, price_id)
    require(known.card.kind != "this_computer", "", "price_of_this_computer_stays")
    if known.retired_on is None:
        day = max(work.now.date().isoformat(), known.card.as_of or "")
        rows.add(work.session, _row(work, price_id, day, None, reason=retirement.reason))
        after = {"retired_on": day, **asdict(retirement)}
        audit.record(work, "price.retire", price_id, encode(known.card), after)
    return prices.state(work, price_id)


def import_catalogue(work: UnitOfWork, given: PriceImport) -> PriceImported:
    """Adds every price of a catalogue that the book did not have of that day.

    Rows that somebody retired stay retired: only an entry of their own brings them back.

    Raises:
        InputError: The file is no catalogue, or has wrong lines; nothing of it is added then.
        Refusal: It is of a day to come.
    """
    price_terms.require_day_reached(work, given.as_of)
    catalogue = read_catalogue(given)
    known = {
        row.id: row
        for row in rows.latest(work.session, on=given.as_of, ids=list(catalogue.entries))
    }
    newest = rows.latest(work.session, ids=list(catalogue.entries))
    retired = {row.id for row in newest if row.card is None}
    fresh = [
        _row(work, price_id, given.as_of, entry.card(), imported=True)
        for price_id, entry in catalogue.entries.items()
        if price_id not in retired and not _says_the_same(known.get(price_id), entry.card())
    ]
    rows.add_all(work.session, fresh)
    done = PriceImported(
        added=len(fresh),
        unchanged=len(catalogue.entries) - len(fresh) - len(retired),
        skipped=catalogue.skipped,
        retired=len(retired),
    )
    told = {"vendor": given.vendor, "as_of": given.as_of, "source": given.source, **encode(done)}
    audit.record(work, "price.import", given.vendor, None, told)
    return done


def same(one: RateCard, other: RateCard) -> bool:
    """Whether two rows say the same, whatever their numbers."""
    return replace(one, row=0) == replace(other, row=0)


def _enter(work: UnitOfWork, entry: PriceEntry, *, before: RateCard | None) -> PriceState:
    price_terms.require_day_reached(work, entry.as_of)
    row = _row(work, entry.id, entry.as_of, entry.card())
    rows.add(work.session, row)
    told = None if before is None else encode(before)
    audit.record(work, "price.enter", entry.id, told, encode(prices.card_of(row)))
    entered = prices.entered_state(work, row)
    (newest,) = rows.latest(work.session, ids=[entry.id])
    if newest.card is not None:
        return entered
    return replace(entered, retired_on=newest.as_of, reason=newest.reason)


def _known(work: UnitOfWork, price_id: str) -> PriceState | None:
    return next(iter(prices.states(work, [price_id])), None)


def _says_the_same(row: PriceRow | None, card: RateCard) -> bool:
    return row is not None and row.card is not None and same(prices.card_of(row), card)


def _row(
    work: UnitOfWork,
    price_id: str,
    day: str,
    card: RateCard | None,
    *,
    imported: bool = False,
    reason: str = "",
) -> PriceRow:
    return PriceRow(
        id=price_id,
        as_of=day,
        card=None if card is None else encode(card),
        imported=imported,
        reason=reason,
        entered_by=work.principal.name,
        entered_at=work.now,
    )
