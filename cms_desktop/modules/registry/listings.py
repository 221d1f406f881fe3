"""The lists of Registry as `Listing`s: parties (all, or those of one section), people of the rubrica, twins, merges.

CLASS_COLUMNS and REFUSED are for the lists of every module that has a party in its rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.listing import Sort, Value
from cms_desktop.db.listing import Expression, ListColumn, Listing
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.tables import Person
from cms_desktop.modules.registry.queries.search import contains_words, finds_contacts, nearest_with_words
from cms_desktop.modules.registry.rules import CLASS_KEYS
from cms_desktop.modules.registry.tables import ContactPerson, Merge, MergeRow, Party, PartyRole, Refusal, Twin

# The tables, not the classes: see customers.listings.
_party, _role, _refusal = Party.__table__.c, PartyRole.__table__.c, Refusal.__table__.c
_contact, _twin, _merge, _moved = ContactPerson.__table__.c, Twin.__table__.c, Merge.__table__.c, MergeRow.__table__.c
TODAY = sa.func.current_date(type_=sa.Date)


def _exact(expression: Expression) -> ListColumn:
    return ListColumn(expression, is_nullable=False)


CLASS_COLUMNS: Mapping[str, ListColumn] = {key: ListColumn(_party[key]) for key in CLASS_KEYS}

IS_INCOMPLETE: sa.ColumnElement[bool] = sa.or_(
    _party.street == "",
    _party.town == "",
    sa.and_(_party.country == "IT", sa.or_(_party.postal_code == "", _party.province_code == "")),
    sa.and_(_party.vat_number.is_(None), _party.tax_code.is_(None)),
)


def _name_contains(unit: UnitOfWork, words: str) -> Expression:
    return sa.and_(contains_words(unit, words), sa.func.strpos(_party.search_key, sa.func.base.fold(words)) > 0)


def _town_contains(unit: UnitOfWork, words: str) -> Expression:
    return sa.and_(contains_words(unit, words), sa.func.strpos(sa.func.base.fold(_party.town), sa.func.base.fold(words)) > 0)


def _code_contains(column: Expression) -> Any:
    def contains(unit: UnitOfWork, digits: str) -> Expression:
        return sa.and_(contains_words(unit, digits), sa.func.strpos(column, digits.strip().upper()) > 0)

    return contains


_ROLES_OF_PARTY = (
    sa.select(sa.func.array_agg(_role.role))
    .where(_role.company_id == _party.company_id, _role.party_id == _party.party_id, _role.until_on.is_(None))
    .correlate(Party.__table__)
    .scalar_subquery()
)
_REFUSED_BY_PARTY = (
    sa.select(sa.func.array_agg(_refusal.channel))
    .where(
        _refusal.company_id == _party.company_id,
        _refusal.party_id == _party.party_id,
        _refusal.withdrawn_on.is_(None),
        _refusal.contact_person_id.is_(None),
    )
    .correlate(Party.__table__)
    .scalar_subquery()
)


def _refuses(channels: tuple[Value, ...]) -> Expression:
    return sa.exists(
        sa.select(sa.literal(1))
        .select_from(Refusal.__table__)
        .where(
            _refusal.company_id == _party.company_id,
            _refusal.party_id == _party.party_id,
            _refusal.withdrawn_on.is_(None),
            _refusal.contact_person_id.is_(None),
            _refusal.channel.in_(channels),
        )
        .correlate(Party.__table__)
    )


REFUSED = ListColumn(sa.func.array_to_string(_REFUSED_BY_PARTY, " ", type_=sa.Text), holds=_refuses)  # the channels, with a space between

PARTIES = Listing(
    source=Party.__table__,
    company=_party.company_id,
    where=(_party.survivor_id.is_(None),),
    columns={
        "name": ListColumn(_party.name, folded=_party.search_key, contains=_name_contains),
        "kind": _exact(_party.kind),
        "vat_number": ListColumn(_party.vat_number, contains=_code_contains(_party.vat_number)),
        "tax_code": ListColumn(_party.tax_code, contains=_code_contains(_party.tax_code)),
        "town": ListColumn(_party.town, is_nullable=False, contains=_town_contains),
        "province_code": _exact(_party.province_code),
        "country": _exact(_party.country),
        "phone": _exact(_party.phone),
        "email": _exact(_party.email),
        "created_on": _exact(_party.created_on),
        "is_incomplete": _exact(IS_INCOMPLETE),
        "refused": REFUSED,
        **CLASS_COLUMNS,
    },
    row_id=_party.party_id,
    default=Sort("name"),
    search=contains_words,
    nearest=nearest_with_words,
    extra=(
        _ROLES_OF_PARTY.label("roles"), _party.first_name.label("first_name"), _party.last_name.label("last_name"), _party.erased_on.label("erased_on"),
    ),
)  # fmt: skip

_IN_ROLE = sa.join(PartyRole.__table__, Party.__table__, sa.and_(_party.company_id == _role.company_id, _party.party_id == _role.party_id))


def section(role: str) -> Listing:
    """Parties that hold a role today, by name on the index of the roles."""
    by_name = replace(PARTIES.columns["name"], folded=_role.search_key)
    return replace(
        PARTIES, source=_IN_ROLE, company=_role.company_id, where=(_role.role == role, _role.until_on.is_(None)), row_id=_role.party_id,
        columns={**PARTIES.columns, "name": by_name}, search=lambda unit, words: contains_words(unit, words, _role.party_id),
        nearest=lambda unit, words, after: nearest_with_words(unit, words, after, _role.party_id),
    )  # fmt: skip


# ---- rubrica ------------------------------------------------------------------------------------------------------------------

_CONTACTS = sa.join(
    ContactPerson.__table__, Party.__table__, sa.and_(_party.company_id == _contact.company_id, _party.party_id == _contact.party_id)
)
IS_ACTIVE = sa.and_(
    sa.func.coalesce(_contact.valid_from, TODAY) <= TODAY,
    sa.func.coalesce(_contact.valid_to, TODAY) >= TODAY,
)


def _acts_for(acts: tuple[Value, ...]) -> Expression:
    return _contact.acts_for.op("&&")(sa.cast(list(acts), sa.ARRAY(sa.Text)))


CONTACTS = Listing(
    source=_CONTACTS,
    company=_contact.company_id,
    columns={
        "contact_person_id": _exact(_contact.contact_person_id),
        "name": ListColumn(_contact.name, folded=_contact.search_key),
        "party_name": ListColumn(_party.name, folded=_party.search_key, contains=_name_contains),
        "party_id": _exact(_contact.party_id),
        "job": _exact(_contact.job),
        "work_phone": _exact(_contact.work_phone),
        "private_phone": _exact(_contact.private_phone),
        "mobile": _exact(_contact.mobile),
        "email": _exact(_contact.email),
        "pec": _exact(_contact.pec),
        "acts_for": ListColumn(sa.func.array_to_string(_contact.acts_for, " ", type_=sa.Text), is_nullable=False, holds=_acts_for),
        "valid_from": ListColumn(_contact.valid_from),
        "valid_to": ListColumn(_contact.valid_to),
        "is_active": _exact(IS_ACTIVE),
        **CLASS_COLUMNS,
    },
    row_id=_contact.contact_person_id,
    default=Sort("name"),
    search=finds_contacts,
    extra=(_contact.notes.label("notes"), _contact.row_version.label("row_version")),
)

# ---- twins and merges -----------------------------------------------------------------------------------------------------------

_one, _other = Party.__table__.alias("one"), Party.__table__.alias("other")


def _pair(left: sa.FromClause, first: Expression, second: Expression) -> sa.FromClause:
    company = left.c.company_id
    return left.join(_one, sa.and_(_one.c.company_id == company, _one.c.party_id == first)).join(
        _other, sa.and_(_other.c.company_id == company, _other.c.party_id == second)
    )


TWINS = Listing(
    source=_pair(Twin.__table__, _twin.party_id, _twin.other_id),
    company=_twin.company_id,
    where=(_twin.verdict == "open", _one.c.survivor_id.is_(None), _other.c.survivor_id.is_(None)),
    columns={
        "name": ListColumn(_one.c.name, folded=_one.c.search_key),
        "other_name": ListColumn(_other.c.name, folded=_other.c.search_key),
        "reasons": _exact(sa.func.array_to_string(_twin.reasons, " ", type_=sa.Text)),
        "created_at": _exact(_twin.created_at),
    },
    row_id=_twin.twin_id,
    default=Sort("created_at", True),
    extra=(
        _twin.party_id.label("party_id"), _twin.other_id.label("other_id"), _one.c.town.label("town"), _other.c.town.label("other_town"),
        _twin.row_version.label("row_version"),
    ),
)  # fmt: skip

_MOVED_ROWS = (
    sa.select(sa.func.count())
    .select_from(MergeRow.__table__)
    .where(_moved.company_id == _merge.company_id, _moved.merge_id == _merge.merge_id)
    .correlate(Merge.__table__)
    .scalar_subquery()
)
_AUTHOR = sa.select(Person.display_name).where(Person.person_id == _merge.created_by).correlate(Merge.__table__).scalar_subquery()
MERGES = Listing(
    source=_pair(Merge.__table__, _merge.survivor_id, _merge.merged_id),
    company=_merge.company_id,
    columns={
        "survivor_name": ListColumn(_one.c.name, folded=_one.c.search_key),
        "merged_name": ListColumn(_other.c.name, folded=_other.c.search_key),
        "moved_rows": _exact(_MOVED_ROWS),
        "created_at": _exact(_merge.created_at),
        "author": ListColumn(_AUTHOR),
        "is_undone": _exact(_merge.undone_at.is_not(None)),
    },
    row_id=_merge.merge_id,
    default=Sort("created_at", True),
    extra=(_merge.survivor_id.label("survivor_id"), _merge.merged_id.label("merged_id"), _merge.undone_at.label("undone_at")),
)
