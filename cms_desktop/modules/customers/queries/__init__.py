"""Questions of Gestione Clienti. Lists go through `Listing`; one record, choices and the global search are here."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.errors import Conflict
from cms_desktop.core.listing import Filter, ListQuery, Page, Sort, Totals
from cms_desktop.db.errors import CONFLICT_TEXT
from cms_desktop.db.listing import condition
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.tables import PaymentTerm, Person, VatCode
from cms_desktop.modules.customers import listings, rules
from cms_desktop.modules.customers.queries.master import count_parts
from cms_desktop.modules.customers.records import (
    Choice,
    Contract,
    ContractRow,
    Customer,
    CustomerRow,
    DashboardFigures,
    FormChoices,
    RecordFound,
    Service,
    ServiceTypeChoice,
)
from cms_desktop.modules.customers.tables import Balance, ServiceBilling, ServiceType
from cms_desktop.modules.customers.tables import Contract as ContractTable
from cms_desktop.modules.customers.tables import Customer as CustomerTable
from cms_desktop.modules.customers.tables import Service as ServiceTable
from cms_desktop.modules.registry.rules import CLASS_KEYS, PARTY_FIELDS
from cms_desktop.modules.registry.tables import Party

PALETTE_HITS = 6


# ---- lists --------------------------------------------------------------------------------------------------------------


def list_customers(
    unit: UnitOfWork, query: ListQuery, after: tuple[object, ...] | None = None, limit: int | None = None
) -> Page[CustomerRow]:
    """A page of customers, by name unless the query says otherwise."""
    page = listings.CUSTOMERS.page(unit, query, after, limit)
    return Page(tuple(_customer_row(row) for row in page.rows), page.after)


def sum_customers(unit: UnitOfWork, query: ListQuery) -> Totals:
    """How many customers, what they owe, how many contracts and what fee a month."""
    if not query.filters and not query.search.strip():
        return _sum_all_customers(unit)
    totals = listings.CUSTOMERS.totals(unit, query)
    contracts = listings.CONTRACTS_OF_CUSTOMERS.totals(unit, query).count
    fees = listings.FEES_OF_CUSTOMERS.totals(unit, query).sums["fee"]
    return Totals(totals.count, {**totals.sums, "contract_count": Decimal(contracts), "monthly_fee": fees})


def _sum_all_customers(unit: UnitOfWork) -> Totals:
    """The same figures of the whole company, without joining what no filter looks at."""
    count = sa.select(sa.func.count()).where(CustomerTable.company_id == unit.company_id)
    open_amount = sa.select(sa.func.sum(Balance.open_amount)).where(Balance.company_id == unit.company_id)
    contracts = sa.select(sa.func.count()).where(ContractTable.company_id == unit.company_id, ContractTable.state != "terminated")
    sums = {
        "open_amount": unit.value(open_amount) or Decimal(0),
        "contract_count": Decimal(unit.value(contracts)),
        "monthly_fee": sum_fees(unit),
    }
    return Totals(unit.value(count), sums)


def sum_fees(unit: UnitOfWork) -> Decimal:
    """Euro a month of all services in force today."""
    return Decimal(unit.value(listings.ALL_FEES.where(ContractTable.company_id == unit.company_id)) or 0)


def count_customers(unit: UnitOfWork, query: ListQuery) -> int:
    return listings.CUSTOMERS.totals(unit, query).count


def list_contracts(
    unit: UnitOfWork, query: ListQuery, after: tuple[object, ...] | None = None, limit: int | None = None
) -> Page[ContractRow]:
    """A page of contracts, by number unless the query says otherwise."""
    page = listings.CONTRACTS.page(unit, query, after, limit)
    return Page(
        tuple(
            ContractRow(
                row._id, row.number, row.title, row.customer_id, row.customer_name, row.state, row.starts_on, row.ends_on,
                row.service_count, row.monthly_fee,
            )
            for row in page.rows
        ),
        page.after,
    )  # fmt: skip


def sum_contracts(unit: UnitOfWork, query: ListQuery) -> Totals:
    count = listings.CONTRACTS.totals(unit, query).count
    return Totals(count, {"monthly_fee": listings.FEES_OF_CONTRACTS.totals(unit, query).sums["fee"]})


def _customer_row(row: sa.Row[tuple[object, ...]]) -> CustomerRow:
    return CustomerRow(
        row._id, row.code, row.name, row.kind, row.vat_number or "", row.tax_code or "", row.town, row.province_code, row.state,
        row.monthly_fee, row.contract_count, row.open_amount, row.oldest_due_on, row.is_overdue, row.since_on, row.payment_term or "",
        tuple(getattr(row, key) for key in CLASS_KEYS),
    )  # fmt: skip


# ---- one record -----------------------------------------------------------------------------------------------------------


def load_customer(unit: UnitOfWork, customer_id: int) -> Customer:
    """The whole customer with its versions. Raises Conflict when it is gone or not visible."""
    parts = unit.rows(
        sa.select(Party, CustomerTable)
        .join(CustomerTable, sa.and_(CustomerTable.company_id == Party.company_id, CustomerTable.customer_id == Party.party_id))
        .where(CustomerTable.customer_id == customer_id)
    )
    if not parts:
        raise Conflict(CONFLICT_TEXT)
    party, customer = parts[0]
    values = {key: getattr(party, key) for key in PARTY_FIELDS} | {key: getattr(customer, key) for key in rules.CUSTOMER_FIELDS}
    latest = max((party, customer), key=lambda one: one.changed_at or one.created_at)
    author = unit.value(sa.select(Person.display_name).where(Person.person_id == (latest.changed_by or latest.created_by))) or ""
    contracts = list_contracts_of(unit, customer_id)
    in_force = sum(1 for one in contracts if one.state != "terminated")
    fee = sum((one.monthly_fee for one in contracts), Decimal(0))
    owed = unit.value(sa.select(Balance.open_amount).where(Balance.company_id == unit.company_id, Balance.customer_id == customer_id))
    return Customer(
        customer_id,
        values,
        party.row_version,
        customer.row_version,
        author,
        in_force,
        fee,
        owed or Decimal(0),
        count_parts(unit, customer_id),
    )


def list_contracts_of(unit: UnitOfWork, customer_id: int) -> list[ContractRow]:
    """Contracts of a customer, newest first."""
    query = ListQuery((Filter("customer_id", "=", (customer_id,)),), Sort("starts_on", True))
    return list(list_contracts(unit, query).rows)


def load_contract(unit: UnitOfWork, contract_id: int) -> Contract:
    """A contract with its services in the order they were written. Raises Conflict when it is gone or not visible."""
    row = unit.session.scalars(sa.select(ContractTable).where(ContractTable.contract_id == contract_id)).first()
    if row is None:
        raise Conflict(CONFLICT_TEXT)
    services = unit.session.scalars(
        sa.select(ServiceTable).where(ServiceTable.contract_id == contract_id).order_by(ServiceTable.service_id)
    )
    lines = list(services)
    bands, billed = _bands(unit, contract_id), _billed(unit, contract_id)
    values = {one.name: getattr(row, one.name) for one in fields(Contract) if one.name != "services"}
    return Contract(**values, services=tuple(_service(one, bands.get(one.service_id, ()), billed.get(one.service_id)) for one in lines))


def _service(row: ServiceTable, bands: tuple[tuple[str, Decimal], ...], billed_until: datetime.date | None) -> Service:
    values = {one.name: getattr(row, one.name) for one in fields(Service) if one.name not in ("bands", "billed_until")}
    return Service(**values, bands=bands, billed_until=billed_until)


def _bands(unit: UnitOfWork, contract_id: int) -> dict[int, tuple[tuple[str, Decimal], ...]]:
    """Today's prices of the bands of hourly lines (before they start, those they will start with)."""
    text = """
      select distinct on (p.service_id, p.band) p.service_id, p.band, p.price
      from customers.service_price as p
      join customers.service as s on s.company_id = p.company_id and s.service_id = p.service_id
      where p.company_id = :company and s.company_id = :company and s.contract_id = :contract and p.band <> ''
      order by p.service_id, p.band, p.valid_from > greatest(current_date, s.starts_on), abs(p.valid_from - greatest(current_date, s.starts_on))"""
    found: dict[int, tuple[tuple[str, Decimal], ...]] = {}
    for row in unit.rows(sa.text(text), {"contract": contract_id}):
        found[row.service_id] = (*found.get(row.service_id, ()), (row.band, row.price))
    return found


def _billed(unit: UnitOfWork, contract_id: int) -> dict[int, datetime.date]:
    line = ServiceTable.__table__.c
    c = ServiceBilling.__table__.c
    statement = (
        sa.select(c.service_id, c.billed_until)
        .join(ServiceTable.__table__, sa.and_(line.company_id == c.company_id, line.service_id == c.service_id))
        .where(c.company_id == unit.company_id, line.contract_id == contract_id)
    )
    return {row.service_id: row.billed_until for row in unit.rows(statement)}


def load_choices(unit: UnitOfWork) -> FormChoices:
    """Active VAT codes and payment terms of the company."""
    vat_codes = unit.rows(
        sa.select(VatCode.vat_code_id, VatCode.code, VatCode.description, VatCode.rate)
        .where(VatCode.company_id == unit.company_id, VatCode.is_active)
        .order_by(VatCode.rate.desc(), VatCode.code)
    )
    terms = unit.rows(
        sa.select(PaymentTerm.payment_term_id, PaymentTerm.code, PaymentTerm.description)
        .where(PaymentTerm.company_id == unit.company_id, PaymentTerm.is_active)
        .order_by(PaymentTerm.description)
    )
    return FormChoices(
        tuple(Choice(row.vat_code_id, row.code, row.description, row.rate) for row in vat_codes),
        tuple(Choice(row.payment_term_id, row.code, row.description) for row in terms),
        tuple(ServiceTypeChoice(*row) for row in unit.rows(_service_types(unit))),
    )


def _service_types(unit: UnitOfWork) -> sa.Select[Any]:
    c = ServiceType.__table__.c
    chosen = sa.select(c.service_type_id, c.code, c.description, c.kind, c.list_price, c.vat_code_id, c.unit)
    return chosen.where(c.company_id == unit.company_id, c.is_active).order_by(c.description)


# ---- global search ----------------------------------------------------------------------------------------------------------


def find_records(unit: UnitOfWork, text: str) -> list[RecordFound]:
    """Customers and contracts for the command palette: a few of each."""
    if len(text.strip()) < 2:
        return []
    customers = [
        RecordFound("customer", row.customer_id, row.customer_id, row.name, f"{row.code} · {row.town}", row.open_amount)
        for row in list_customers(unit, ListQuery(search=text), limit=PALETTE_HITS).rows
    ]
    number = text.strip().upper()
    contracts = unit.rows(
        sa.select(ContractTable.contract_id, ContractTable.customer_id, ContractTable.number, Party.name)
        .join(Party, sa.and_(Party.company_id == ContractTable.company_id, Party.party_id == ContractTable.customer_id))
        .where(ContractTable.company_id == unit.company_id, Party.company_id == unit.company_id)
        .where(ContractTable.number >= number, ContractTable.number < number + "\U0010ffff")
        .where(sa.func.starts_with(ContractTable.number, number))
        .order_by(ContractTable.number)
        .limit(PALETTE_HITS)
    )
    return customers + [RecordFound("contract", row.contract_id, row.customer_id, row.number, row.name) for row in contracts]


# ---- dashboard ----------------------------------------------------------------------------------------------------------------

RANKED_PROVINCES = 8


def sum_dashboard(unit: UnitOfWork, today: datetime.date) -> DashboardFigures:
    """All figures of the dashboard, each by the query of the list it opens."""
    month_before = today.replace(day=1) - datetime.timedelta(days=1)
    wanted = {
        "active": rules.ACTIVE,
        "new_this_month": rules.started_in(today.year, today.month),
        "new_last_month": rules.started_in(month_before.year, month_before.month),
        "incomplete": rules.INCOMPLETE,
        "overdue": rules.OVERDUE,
    }
    counted = _count_together(unit, wanted)
    return DashboardFigures(
        **{key: getattr(counted, key) for key in wanted},
        overdue_amount=counted.overdue_amount or Decimal(0),
        monthly_fee=sum_fees(unit),
        ending_contracts=listings.CONTRACTS.totals(unit, rules.ENDING_CONTRACTS).count,
        started_this_year=_started_by_month(unit, today.year),
        started_last_year=_started_by_month(unit, today.year - 1),
        provinces=_count_by_province(unit),
    )


def _count_together(unit: UnitOfWork, wanted: Mapping[str, ListQuery]) -> Any:
    """How many customers each query has, by the list's own conditions, in one pass; and what the overdue ones owe."""
    listing = listings.CUSTOMERS
    conditions = {key: sa.and_(*(condition(unit, listing.columns[one.key], one) for one in query.filters)) for key, query in wanted.items()}
    counts = [sa.func.count().filter(conditions[key]).label(key) for key in wanted]
    owed = sa.func.sum(listing.columns["open_amount"].expression).filter(conditions["overdue"]).label("overdue_amount")
    return unit.rows(sa.select(*counts, owed).select_from(listing.source).where(listing.company == unit.company_id))[0]


def _started_by_month(unit: UnitOfWork, year: int) -> tuple[int, ...]:
    month = sa.extract("month", CustomerTable.since_on)
    counts = sa.select(month.label("month"), sa.func.count().label("count")).where(
        CustomerTable.company_id == unit.company_id,
        CustomerTable.since_on.between(datetime.date(year, 1, 1), datetime.date(year, 12, 31)),
    )
    found = {int(row.month): int(row.count) for row in unit.rows(counts.group_by(month))}
    return tuple(found.get(number, 0) for number in range(1, 13))


def _count_by_province(unit: UnitOfWork) -> tuple[tuple[str, int], ...]:
    """Provinces with most active customers."""
    counts = (
        sa.select(Party.province_code, sa.func.count().label("count"))
        .join(CustomerTable, sa.and_(CustomerTable.company_id == Party.company_id, CustomerTable.customer_id == Party.party_id))
        .where(CustomerTable.company_id == unit.company_id, CustomerTable.state == "active", Party.province_code != "")
        .group_by(Party.province_code)
        .order_by(sa.desc("count"), Party.province_code)
        .limit(RANKED_PROVINCES)
    )
    return tuple((row.province_code, row[1]) for row in unit.rows(counts))
