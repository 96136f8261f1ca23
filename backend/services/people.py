"""People of the sign-in provider: who they are, what they may, and which browsers are theirs."""

import unicodedata
from typing import cast
from uuid import uuid4

from backend.oidc.client import OidcClient
from backend.oidc.id_token import Identity
from backend.repositories import people, tokens
from backend.services import audit
from backend.tables import PersonRow
from backend.unit_of_work import UnitOfWork
from backend.wire.problems import not_found
from planner.exchange.access import PersonRole, PersonState, Role, RoleFrom
from planner.exchange.states import Page

PROGRAMS = frozenset({"anybody", "judge", "owner", "reaper", "sender", "workers"})
"""Names of our own in the audit trail."""


def known(work: UnitOfWork, identity: Identity, client: OidcClient) -> PersonRow:
    """Somebody who signs in, with the role that they have now; None of it lets them in nowhere.

    An administrator's word about a person goes before what the provider's claim says.
    """
    person = people.by_subject(work.session, identity.issuer, identity.subject)
    role = client.role_of(identity.values)
    if person is None:
        person = PersonRow(
            id=uuid4().hex,
            issuer=identity.issuer,
            subject=identity.subject,
            known_as=_free_name(work, identity),
            role_from="provider",
            created_at=work.now,
        )
    person.name, person.email, person.signed_in_at = identity.name, identity.email, work.now
    if person.role_from == "provider":
        person.role = role
    people.add(work.session, person)
    return person


def states(work: UnitOfWork, *, page: int, page_size: int) -> Page[PersonState]:
    """One page of people."""
    rows = people.by_name(work.session, limit=page_size, offset=(page - 1) * page_size)
    return Page(
        items=tuple(_state(work, row) for row in rows),
        page=page,
        page_size=page_size,
        total=people.count(work.session),
    )


def set_role(work: UnitOfWork, person_id: str, order: PersonRole) -> PersonState:
    """What somebody is from their next request on.

    Raises:
        RequestError: There is no such person.
    """
    person = _found(work, person_id)
    before = {"role": person.role, "role_from": person.role_from}
    if order.role == "provider":
        person.role_from = "provider"
    else:
        person.role = None if order.role == "none" else order.role
        person.role_from = "admin"
    after = {"role": person.role, "role_from": person.role_from, "known_as": person.known_as}
    audit.record(work, "person.set_role", person_id, before, after)
    work.session.flush()
    return _state(work, person)


def end_sessions(work: UnitOfWork, person_id: str) -> PersonState:
    """Signs somebody out of every browser.

    Raises:
        RequestError: There is no such person.
    """
    person = _found(work, person_id)
    ended = people.end_sessions(work.session, person_id, now=work.now)
    told = {"known_as": person.known_as, "sessions": ended}
    audit.record(work, "person.end_sessions", person_id, told, {"sessions": 0})
    return _state(work, person)


def is_of_another(work: UnitOfWork, name: str) -> bool:
    """Whether the audit trail would take a program of this name for a person, or for us."""
    return name.strip().casefold() in PROGRAMS | people.names(work.session)


def _found(work: UnitOfWork, person_id: str) -> PersonRow:
    person = people.find(work.session, person_id)
    if person is None:
        raise not_found("person", person_id)
    return person


def _free_name(work: UnitOfWork, identity: Identity) -> str:
    """A name for the audit trail that nobody and nothing has, whatever the provider calls them."""
    told = identity.name or identity.email or identity.subject[:100]
    wanted = " ".join(unicodedata.normalize("NFKC", told).split()) or identity.subject[:100]
    taken = PROGRAMS | people.names(work.session) | people.names_of_tokens(work.session)
    name, number = wanted, 1
    while name.casefold() in taken:
        number += 1
        name = f"{wanted} ({number})"
    return name


def _state(work: UnitOfWork, person: PersonRow) -> PersonState:
    return PersonState(
        id=person.id,
        issuer=person.issuer,
        subject=person.subject,
        known_as=person.known_as,
        name=person.name,
        email=person.email,
        role=cast("Role | None", person.role),
        role_from=cast("RoleFrom", person.role_from),
        created_at=person.created_at,
        signed_in_at=person.signed_in_at,
        sessions=tokens.live_sessions(work.session, person.id, now=work.now),
    )
