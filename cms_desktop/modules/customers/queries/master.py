"""The records that hang on a customer."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.errors import Conflict
from cms_desktop.db.errors import CONFLICT_TEXT
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.tables import Person
from cms_desktop.modules.customers import tables
from cms_desktop.modules.customers.records.master import (
    Amendment,
    CreditStanding,
    LifeCycleEvent,
    Mandate,
    PartyChoice,
    Site,
    StoredRecord,
)
from cms_desktop.modules.customers.rules.master import lapses_on
from cms_desktop.modules.registry.queries import contains_words
from cms_desktop.modules.registry.tables import ContactPerson, Party

_STAMPS = frozenset({"company_id", "created_at", "created_by", "changed_at", "changed_by", "row_version", "search_key", "search_text"})
MOST_CHOICES = 20


def _record(row: Any, key: str, **more: Any) -> StoredRecord:
    values = {column.key: getattr(row, column.key) for column in row.__table__.columns if column.key not in _STAMPS and column.key != key}
    return StoredRecord(getattr(row, key), values | more, row.row_version)


def list_letters(unit: UnitOfWork, customer_id: int) -> list[StoredRecord]:
    """Letters of intent, the latest validity first; `left_amount` is what may still be invoiced on them."""
    table = tables.IntentLetter
    found = unit.session.scalars(
        sa.select(table).where(table.customer_id == customer_id).order_by(table.valid_to.desc(), table.intent_letter_id.desc())
    )
    return [_record(row, "intent_letter_id", left_amount=row.plafond_amount - row.consumed_amount) for row in found]


def list_mandates(unit: UnitOfWork, customer_id: int) -> list[Mandate]:
    """Mandates, newest first, with their amendments."""
    table = tables.Mandate
    rows = list(unit.session.scalars(sa.select(table).where(table.customer_id == customer_id).order_by(table.mandate_id.desc())))
    amendments = _amendments(unit, [row.mandate_id for row in rows])
    return [
        Mandate(
            row.mandate_id, _record(row, "mandate_id").values, row.row_version, lapses_on(row.signed_on, row.last_collected_on),
            tuple(amendments.get(row.mandate_id, ())),
        )
        for row in rows
    ]  # fmt: skip


def _amendments(unit: UnitOfWork, mandate_ids: Sequence[int]) -> dict[int, list[Amendment]]:
    table = tables.MandateAmendment
    statement = (
        sa.select(table, Person.display_name)
        .outerjoin(Person, Person.person_id == table.created_by)
        .where(table.company_id == unit.company_id, table.mandate_id.in_(mandate_ids))
        .order_by(table.mandate_amendment_id.desc())
    )
    found: dict[int, list[Amendment]] = {}
    for row, name in unit.rows(statement) if mandate_ids else ():
        found.setdefault(row.mandate_id, []).append(
            Amendment(
                row.mandate_amendment_id, row.kind, row.old_value, row.new_value, row.state, row.refused_count, row.created_at.date(),
                name or "", row.accepted_on,
            )
        )  # fmt: skip
    return found


def list_appointments(unit: UnitOfWork, customer_id: int) -> list[StoredRecord]:
    """Agents and collectors, those of today first; `party_name` is the person's or firm's name."""
    table = tables.Appointment
    statement = (
        sa.select(table, Party.name)
        .join(Party, sa.and_(Party.company_id == table.company_id, Party.party_id == table.party_id))
        .where(table.company_id == unit.company_id, table.customer_id == customer_id)
        .order_by(sa.func.coalesce(table.ends_on, sa.text("'infinity'")).desc(), table.role, table.starts_on.desc())
    )
    return [_record(row, "appointment_id", party_name=name) for row, name in unit.rows(statement)]


def list_life_cycle(unit: UnitOfWork, customer_id: int) -> list[LifeCycleEvent]:
    """States of a customer, newest first."""
    table = tables.LifeCycleEvent
    statement = (
        sa.select(table, Person.display_name)
        .outerjoin(Person, Person.person_id == table.created_by)
        .where(table.company_id == unit.company_id, table.customer_id == customer_id)
        .order_by(table.life_cycle_event_id.desc())
    )
    return [
        LifeCycleEvent(row.from_state, row.to_state, row.on_date, row.reason, row.created_at, name or "")
        for row, name in unit.rows(statement)
    ]


def count_parts(unit: UnitOfWork, customer_id: int) -> dict[str, int]:
    """How many records of each kind hang on a customer: sites, mandates, letters, people (appointed today)."""

    def many(table: Any, *where: Any) -> Any:
        return (
            sa.select(sa.func.count())
            .where(table.company_id == unit.company_id, table.customer_id == customer_id, *where)
            .scalar_subquery()
        )

    over = sa.or_(tables.Appointment.ends_on.is_(None), tables.Appointment.ends_on >= sa.func.current_date())
    row = unit.rows(
        sa.select(
            many(tables.Site).label("sites"), many(tables.Mandate).label("mandates"), many(tables.IntentLetter).label("letters"),
            many(tables.Appointment, over).label("people"),
        )
    )[0]  # fmt: skip
    return {key: int(getattr(row, key)) for key in ("sites", "mandates", "letters", "people")}


def find_credit(unit: UnitOfWork, customer_id: int) -> CreditStanding:
    """What a customer owes against what was granted."""
    customer, balance = tables.Customer, tables.Balance
    limit = unit.value(
        sa.select(customer.credit_limit_amount).where(customer.company_id == unit.company_id, customer.customer_id == customer_id)
    )
    owed = unit.value(sa.select(balance.open_amount).where(balance.company_id == unit.company_id, balance.customer_id == customer_id))
    return CreditStanding(owed or Decimal(0), limit)


def find_party_choices(unit: UnitOfWork, words: str) -> list[PartyChoice]:
    """Parties by words of their name, for look-ups; nothing typed gives none."""
    if len(words.strip()) < 2:
        return []
    statement = (
        sa.select(Party.party_id, Party.name, Party.town)
        .where(Party.company_id == unit.company_id, contains_words(unit, words))
        .order_by(Party.search_key, Party.party_id)
        .limit(MOST_CHOICES)
    )
    return [PartyChoice(row.party_id, row.name, row.town) for row in unit.rows(statement)]


# ---- sites -----------------------------------------------------------------------------------------------------------------


def list_sites_of(unit: UnitOfWork, customer_id: int) -> list[Site]:
    """Sites of a customer with their plants and keys, those in use first."""
    table = tables.Site
    rows = unit.session.scalars(
        sa.select(table).where(table.customer_id == customer_id).order_by(table.is_active.desc(), table.name, table.site_id)
    ).all()
    return _with_contents(unit, rows)


def load_site(unit: UnitOfWork, site_id: int) -> Site:
    """One site. Raises Conflict when it is gone or not visible."""
    rows = unit.session.scalars(sa.select(tables.Site).where(tables.Site.site_id == site_id)).all()
    if not rows:
        raise Conflict(CONFLICT_TEXT)
    return _with_contents(unit, rows)[0]


def _with_contents(unit: UnitOfWork, rows: Sequence[tables.Site]) -> list[Site]:
    site_ids = [row.site_id for row in rows]
    plant, key = tables.Plant, tables.HeldKey
    plants = unit.session.scalars(
        sa.select(plant).where(plant.site_id.in_(site_ids)).order_by(plant.removed_on.is_not(None), plant.code)
    ).all() if site_ids else ()  # fmt: skip
    keys = unit.session.scalars(
        sa.select(key).where(key.site_id.in_(site_ids)).order_by(key.returned_on.is_not(None), key.number)
    ).all() if site_ids else ()  # fmt: skip
    return [
        Site(
            row.site_id, _record(row, "site_id").values, row.row_version,
            tuple(_record(one, "plant_id") for one in plants if one.site_id == row.site_id),
            tuple(_record(one, "held_key_id") for one in keys if one.site_id == row.site_id),
        )
        for row in rows
    ]  # fmt: skip


# ---- who is called about a site ------------------------------------------------------------------------------------------------


def list_site_contacts(unit: UnitOfWork, site_id: int) -> list[StoredRecord]:
    """People of a site in the order in which they are called, with name, job and telephone."""
    table = tables.SiteContact
    statement = (
        sa.select(table, ContactPerson.name, ContactPerson.job, ContactPerson.mobile, ContactPerson.work_phone)
        .join(
            ContactPerson,
            sa.and_(ContactPerson.company_id == table.company_id, ContactPerson.contact_person_id == table.contact_person_id),
        )
        .where(table.company_id == unit.company_id, table.site_id == site_id)
        .order_by(table.call_order, ContactPerson.search_key, table.site_contact_id)
    )
    return [
        _record(row, "site_contact_id", person_name=name, job=job, phone=mobile or work_phone)
        for row, name, job, mobile, work_phone in unit.rows(statement)
    ]


def find_contact_choices(unit: UnitOfWork, site_id: int, words: str) -> list[PartyChoice]:
    """People of the rubrica of the customer of a site whose name contains the words; all of them when nothing is typed."""
    site = tables.Site
    statement = (
        sa.select(ContactPerson.contact_person_id, ContactPerson.name, ContactPerson.job)
        .join(site, sa.and_(site.company_id == ContactPerson.company_id, site.customer_id == ContactPerson.party_id))
        .where(site.company_id == unit.company_id, site.site_id == site_id)
        .where(sa.func.strpos(ContactPerson.search_key, sa.func.base.fold(words.strip())) > 0 if words.strip() else sa.true())
        .where(sa.or_(ContactPerson.valid_to.is_(None), ContactPerson.valid_to >= sa.func.current_date()))
        .order_by(ContactPerson.search_key, ContactPerson.contact_person_id)
        .limit(MOST_CHOICES)
    )
    return [PartyChoice(row.contact_person_id, row.name, row.job) for row in unit.rows(statement)]
