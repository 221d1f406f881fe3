"""People of the rubrica, of one party or of all; refusals of advertising; requests under privacy law; where a list can be reached."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.listing import Filter, ListQuery, Page, Sort, Totals
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.tables import Person
from cms_desktop.modules.registry import listings
from cms_desktop.modules.registry.queries.merges import obstacle_error
from cms_desktop.modules.registry.queries.parties import list_parties
from cms_desktop.modules.registry.records import (
    Contact,
    ErasureLine,
    ErasureReport,
    Extraction,
    PrivacyRequest,
    Reached,
    Refusal,
)
from cms_desktop.modules.registry.tables import ContactPerson
from cms_desktop.modules.registry.tables import PrivacyRequest as RequestTable
from cms_desktop.modules.registry.tables import Refusal as RefusalTable

ROWS_AT_ONCE = 5_000


def list_contacts(unit: UnitOfWork, query: ListQuery, after: tuple[object, ...] | None = None) -> Page[Contact]:
    """A page of the rubrica, by name unless the query says otherwise."""
    page = listings.CONTACTS.page(unit, query, after)
    return Page(
        tuple(
            Contact(
                row._id, row.party_id, row.party_name, row.name, row.job, row.work_phone, row.private_phone, row.mobile, row.email, row.pec, row.notes,
                tuple(row.acts_for.split()), row.valid_from, row.valid_to, row.is_active, row.row_version,
            )
            for row in page.rows
        ),
        page.after,
    )  # fmt: skip


def find_contact(unit: UnitOfWork, contact_person_id: int) -> Contact | None:
    """One person of the rubrica."""
    found = list_contacts(unit, ListQuery((Filter("contact_person_id", "=", (contact_person_id,)),))).rows
    return found[0] if found else None


def sum_contacts(unit: UnitOfWork, query: ListQuery) -> Totals:
    return listings.CONTACTS.totals(unit, query)


def list_contacts_of(unit: UnitOfWork, party_id: int) -> list[Contact]:
    """People of one party, those of today first."""
    found = list_contacts(unit, ListQuery((Filter("party_id", "=", (party_id,)),), Sort("name"))).rows
    return sorted(found, key=lambda one: not one.is_active)


def list_refusals(unit: UnitOfWork, party_id: int) -> list[Refusal]:
    """All refusals of a party and its people, those in force first, then the newest."""
    person = ContactPerson.__table__.c
    refusal = RefusalTable.__table__.c
    rows = unit.rows(
        sa.select(RefusalTable.__table__, person.name)
        .select_from(RefusalTable.__table__)
        .outerjoin(
            ContactPerson.__table__, sa.and_(person.company_id == refusal.company_id, person.contact_person_id == refusal.contact_person_id)
        )
        .where(refusal.company_id == unit.company_id, refusal.party_id == party_id)
        .order_by(refusal.withdrawn_on.is_not(None), refusal.refused_on.desc(), refusal.refusal_id.desc())
    )
    return [
        Refusal(
            row.refusal_id, row.channel, row.contact_person_id, row.name or "", row.refused_on, row.origin, row.withdrawn_on,
            row.withdrawn_origin, row.row_version,
        )
        for row in rows
    ]  # fmt: skip


def may_contact(unit: UnitOfWork, party_id: int, channel: str, *, contact_person_id: int | None = None) -> bool:
    """Whether advertising may be sent to a party (or to one of its people) by email, letter, fax or phone. Asked by every sender."""
    return bool(unit.call("registry.may_contact", party_id, channel, contact_person_id))


_REACH = sa.text("select party_id, address, left_out from registry.reach(:company, cast(:ids as bigint[]), :channel)")


def reach(unit: UnitOfWork, party_ids: Sequence[int], channel: str) -> list[Reached]:
    """Where advertising to these parties goes to, and why some are left out. Asked by every sender to many."""
    rows = unit.rows(_REACH, {"ids": list(party_ids), "channel": channel})
    return [Reached(row.party_id, row.address, row.left_out) for row in rows]


def extracted(unit: UnitOfWork, query: ListQuery, channel: str) -> Iterator[tuple[Any, Reached]]:
    """Every party of a list with the way to reach it, page by page."""
    after: tuple[object, ...] | None = None
    while True:
        page = list_parties(unit, query, after, ROWS_AT_ONCE)
        reached = {one.party_id: one for one in reach(unit, [row.party_id for row in page.rows], channel)}
        for row in page.rows:
            yield row, reached[row.party_id]
        after = page.after
        if after is None:
            return


def count_extraction(unit: UnitOfWork, query: ListQuery, channel: str) -> Extraction:
    """How many of a list can be reached by a channel, and how many not, by reason."""
    reasons = Counter(reached.left_out for _row, reached in extracted(unit, query, channel))
    reachable = reasons.pop("", 0)
    return Extraction(reachable + sum(reasons.values()), reachable, dict(reasons))


def list_requests(unit: UnitOfWork, party_id: int, contact_person_id: int | None = None) -> list[PrivacyRequest]:
    """The register of requests of a party and its people, or of one of them; newest first; empty without the right."""
    request, person = RequestTable.__table__.c, ContactPerson.__table__.c
    author = (
        sa.select(Person.display_name).where(Person.person_id == request.created_by).correlate(RequestTable.__table__).scalar_subquery()
    )
    rows = unit.rows(
        sa.select(request.privacy_request_id, request.kind, request.origin, request.created_at, author.label("author"), person.name)
        .select_from(RequestTable.__table__)
        .outerjoin(
            ContactPerson.__table__, sa.and_(person.company_id == request.company_id, person.contact_person_id == request.contact_person_id)
        )
        .where(request.company_id == unit.company_id, request.party_id == party_id)
        .where(sa.true() if contact_person_id is None else request.contact_person_id == contact_person_id)
        .order_by(request.privacy_request_id.desc())
    )
    return [PrivacyRequest(row.privacy_request_id, row.kind, row.origin, row.created_at, row.author or "", row.name or "") for row in rows]


def preview_erasure(unit: UnitOfWork, party_id: int) -> ErasureReport:
    """What erasing a person would clear and what it would keep, and why."""
    return erasure_report(unit.call("registry.preview_erasure", party_id))


def preview_contact_erasure(unit: UnitOfWork, contact_person_id: int) -> ErasureReport:
    """What erasing one person of a rubrica would clear and what it would keep, and why."""
    return erasure_report(unit.call("registry.preview_contact_erasure", contact_person_id))


def erasure_report(found: dict[str, Any]) -> ErasureReport:
    until = found.get("until")
    return ErasureReport(
        obstacle_error(found.get("obstacle")),
        datetime.date.fromisoformat(until) if until else None,
        tuple(ErasureLine(one["table"], one["rows"], one["what"], one["why"]) for one in found["tables"]),
    )
