"""Parties: the list by section, one with everything its form shows, twins of what is being written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.errors import Conflict
from cms_desktop.core.listing import FoundRecord, ListQuery, Page, Totals
from cms_desktop.db.errors import CONFLICT_TEXT
from cms_desktop.db.listing import Listing
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.tables import Person
from cms_desktop.modules.registry import listings
from cms_desktop.modules.registry.records import KnownParty, PartyRow, Role, Twin
from cms_desktop.modules.registry.records import Party as PartyRecord
from cms_desktop.modules.registry.rules import CLASS_KEYS, PARTY_FIELDS, ROLES
from cms_desktop.modules.registry.tables import ContactPerson, Party, PartyRole, SectionCount

PALETTE_HITS = 6
SECTIONS = {role: listings.section(role) for role in ROLES}


# ---- the list -----------------------------------------------------------------------------------------------------------------


def split_section(query: ListQuery) -> tuple[str, ListQuery]:
    """The section a query asks for ('' for every party), and the rest of it."""
    roles = [str(one.values[0]) for one in query.filters if one.key == "role" and one.operator == "="]
    return (roles[0] if roles else ""), replace(query, filters=tuple(one for one in query.filters if one.key != "role"))


def _listing(query: ListQuery) -> tuple[Listing, ListQuery, str]:
    role, rest = split_section(query)
    return SECTIONS.get(role, listings.PARTIES), rest, role


def list_parties(unit: UnitOfWork, query: ListQuery, after: tuple[object, ...] | None = None, limit: int | None = None) -> Page[PartyRow]:
    """A page of parties, by name unless the query says otherwise; a filter `role` chooses the section."""
    listing, rest, _role = _listing(query)
    page = listing.page(unit, rest, after, limit)
    return Page(tuple(_party_row(row) for row in page.rows), page.after)


def ids_of_parties(unit: UnitOfWork, query: ListQuery) -> sa.Select[Any]:
    """The party_id of every row of the list, for statements about all of them."""
    listing, rest, _role = _listing(query)
    return listing.ids(unit, rest)


def sum_parties(unit: UnitOfWork, query: ListQuery) -> Totals:
    """How many parties; without further filters by the kept counts, so that a million are not counted."""
    listing, rest, role = _listing(query)
    if not rest.filters and not rest.search.strip():
        return Totals(count_sections(unit)[role or "party"])
    return listing.totals(unit, rest)


def count_sections(unit: UnitOfWork) -> dict[str, int]:
    """Parties by section: party (all), customer, supplier, prospect."""
    counts = (
        sa.select(SectionCount.section, sa.func.sum(SectionCount.parties).label("parties"))
        .where(SectionCount.company_id == unit.company_id)
        .group_by(SectionCount.section)
    )
    return dict.fromkeys(("party", *ROLES), 0) | {row.section: int(row.parties) for row in unit.rows(counts)}


def _party_row(row: Any) -> PartyRow:
    return PartyRow(
        row._id, row.name, row.kind, tuple(sorted(row.roles or (), key=ROLES.index)), row.vat_number or "", row.tax_code or "", row.first_name,
        row.last_name, row.town, row.province_code, row.country, row.phone, row.email, row.created_on,
        tuple(getattr(row, key) for key in CLASS_KEYS), tuple((row.refused or "").split()), row.is_incomplete, row.erased_on is not None,
    )  # fmt: skip


# ---- one record -----------------------------------------------------------------------------------------------------------------


def load_party(unit: UnitOfWork, party_id: int) -> PartyRecord:
    """A party with roles, merges and counts. Raises Conflict when it is gone or not visible."""
    party = unit.session.scalars(sa.select(Party).where(Party.party_id == party_id).execution_options(populate_existing=True)).first()
    if party is None:
        raise Conflict(CONFLICT_TEXT)
    roles = unit.session.scalars(
        sa.select(PartyRole).where(PartyRole.party_id == party_id).order_by(PartyRole.since_on, PartyRole.party_role_id)
    )
    author = unit.value(sa.select(Person.display_name).where(Person.person_id == (party.changed_by or party.created_by))) or ""
    contacts = unit.value(sa.select(sa.func.count()).where(ContactPerson.company_id == unit.company_id, ContactPerson.party_id == party_id))
    return PartyRecord(
        party_id, {key: getattr(party, key) for key in PARTY_FIELDS}, party.row_version,
        tuple(Role(one.party_role_id, one.role, one.since_on, one.until_on, one.row_version) for one in roles), party.created_on, author,
        int(contacts or 0), _known(unit, Party.survivor_id == party_id),
        next(iter(_known(unit, Party.party_id == party.survivor_id)), None), party.erased_on,
    )  # fmt: skip


def _known(unit: UnitOfWork, which: sa.ColumnElement[bool]) -> tuple[KnownParty, ...]:
    found = sa.select(Party.party_id, Party.name, Party.town).where(Party.company_id == unit.company_id, which).order_by(Party.party_id)
    return tuple(KnownParty(row.party_id, row.name, row.town) for row in unit.rows(found))


def find_records(unit: UnitOfWork, text: str) -> list[FoundRecord]:
    """Parties for the command palette that are no customers (those Gestione Clienti finds), and people of the rubrica."""
    if len(text.strip()) < 2:
        return []
    parties = [row for row in list_parties(unit, ListQuery(search=text), limit=4 * PALETTE_HITS).rows if "customer" not in row.roles]
    return [
        FoundRecord("Anagrafiche", "book-user", row.name, row.town, row.phone, "parties", row.party_id) for row in parties[:PALETTE_HITS]
    ]


# ---- twins ------------------------------------------------------------------------------------------------------------------------

_TWINS = sa.text(
    "select party_id, party_name, town, reasons, likeness from registry.find_twins(:company, :vat_number, :tax_code, :phone, :mobile, :name, :besides, :most)"
)


def find_twins(unit: UnitOfWork, values: Mapping[str, Any], *, besides: int = 0, most: int = 5) -> list[Twin]:
    """Parties that may be the one with these values: same codes or telephone, or a name very like it."""
    wanted = {key: str(values.get(key) or "") for key in ("vat_number", "tax_code", "phone", "mobile", "name")}
    rows = unit.rows(_TWINS, {**wanted, "besides": besides, "most": most})
    return [Twin(row.party_id, row.party_name, row.town, tuple(row.reasons), float(row.likeness)) for row in rows]


def list_twins(unit: UnitOfWork, *, vat_number: str, tax_code: str, besides: int = 0) -> Sequence[KnownParty]:
    """Other parties of the company with the same partita IVA or codice fiscale."""
    same = [column == code for column, code in ((Party.vat_number, vat_number), (Party.tax_code, tax_code)) if code]
    if not same:
        return []
    statement = (
        sa.select(Party.party_id, Party.name, Party.town)
        .where(Party.company_id == unit.company_id, sa.or_(*same), Party.party_id != besides, Party.survivor_id.is_(None))
        .order_by(Party.party_id)
        .limit(5)
    )
    return [KnownParty(row.party_id, row.name, row.town) for row in unit.rows(statement)]
