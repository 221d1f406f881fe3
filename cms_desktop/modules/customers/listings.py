"""The lists of Gestione Clienti as `Listing`s: where their rows come from and what each column is in SQL."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy import orm

from cms_desktop.core.listing import Sort
from cms_desktop.db.listing import Expression, ListColumn, Listing
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.tables import PaymentTerm
from cms_desktop.modules.customers.rules import NUMBER_WIDTH
from cms_desktop.modules.customers.tables import Balance, Contract, Customer, Service
from cms_desktop.modules.registry.queries import contains_words
from cms_desktop.modules.registry.tables import Party

TODAY = sa.func.current_date(type_=sa.Date)
ENDING_DAYS = 60


def _in_force(service: type[Service] = Service) -> sa.ColumnElement[bool]:
    """Services billed today: not suspended, started, not ended."""
    return sa.and_(sa.not_(service.is_suspended), service.starts_on <= TODAY, sa.or_(service.ends_on.is_(None), service.ends_on >= TODAY))


def _of_customer(table: type[Contract] = Contract) -> sa.ColumnElement[bool]:
    return sa.and_(table.company_id == Customer.company_id, table.customer_id == Customer.customer_id)


_SERVICE_OF_CONTRACT = sa.and_(Service.company_id == Contract.company_id, Service.contract_id == Contract.contract_id)
_FEE = Service.quantity * Service.monthly_price
_ZERO = sa.literal(0, sa.Numeric)
_IS_INVOICED = sa.and_(Contract.state == "active", _in_force())

# ---- customers ------------------------------------------------------------------------------------------------------------

# The table, not the class: the company that every ORM query states would go into WHERE and make the outer join an inner one.
_BALANCE = Balance.__table__.c
_CUSTOMERS = orm.join(Customer, Party, sa.and_(Party.company_id == Customer.company_id, Party.party_id == Customer.customer_id)).outerjoin(
    Balance.__table__, sa.and_(_BALANCE.company_id == Customer.company_id, _BALANCE.customer_id == Customer.customer_id)
)

_FEE_OF_CUSTOMER = (
    sa.select(sa.func.coalesce(sa.func.sum(_FEE), 0))
    .select_from(orm.join(Contract, Service, _SERVICE_OF_CONTRACT))
    .where(_of_customer(), _IS_INVOICED)
    .correlate(Customer)
    .scalar_subquery()
)
_COUNT_OF_CUSTOMER = (
    sa.select(sa.func.count()).select_from(Contract).where(_of_customer(), Contract.state != "terminated").correlate(Customer)
).scalar_subquery()  # fmt: skip
_TERM_OF_CUSTOMER = (
    sa.select(PaymentTerm.description)
    .where(PaymentTerm.company_id == Customer.company_id, PaymentTerm.payment_term_id == Customer.payment_term_id)
    .correlate(Customer)
    .scalar_subquery()
)
IS_INCOMPLETE: sa.ColumnElement[bool] = sa.or_(
    Party.street == "",
    Party.town == "",
    sa.and_(Party.country == "IT", sa.or_(Party.postal_code == "", Party.province_code == "")),
    sa.and_(Party.vat_number.is_(None), Party.tax_code.is_(None)),
    sa.and_(Party.kind == "public_body", sa.func.length(Customer.recipient_code) != 6),
    sa.and_(Party.kind.in_(("company", "sole_trader")), Customer.recipient_code == "", Party.pec == ""),
)


def _search(unit: UnitOfWork, words: str) -> Expression:
    """Words of name, town, partita IVA, codice fiscale; or a customer's whole code."""
    code = words.strip().upper()
    codes = {code, code.zfill(NUMBER_WIDTH)} if code.isdigit() else {code}
    found = unit.value(sa.select(Customer.customer_id).where(Customer.company_id == unit.company_id, Customer.code.in_(codes)))
    text = contains_words(unit, words)
    return text if found is None else sa.or_(text, Party.party_id == found)


def _name_contains(unit: UnitOfWork, words: str) -> Expression:
    return sa.and_(contains_words(unit, words), sa.func.strpos(Party.search_key, sa.func.base.fold(words)) > 0)


def _town_contains(unit: UnitOfWork, words: str) -> Expression:
    return sa.and_(contains_words(unit, words), sa.func.strpos(sa.func.base.fold(Party.town), sa.func.base.fold(words)) > 0)


def _vat_number_contains(unit: UnitOfWork, digits: str) -> Expression:
    return sa.and_(contains_words(unit, digits), sa.func.strpos(Party.vat_number, digits.strip().upper()) > 0)


def _exact(expression: Expression) -> ListColumn:
    return ListColumn(expression, is_nullable=False)


CUSTOMERS = Listing(
    source=_CUSTOMERS,
    company=Customer.company_id,
    where=(),
    columns={
        "code": _exact(Customer.code),
        "name": ListColumn(Party.name, folded=Party.search_key, contains=_name_contains),
        "kind": _exact(Party.kind),
        "vat_number": ListColumn(Party.vat_number, contains=_vat_number_contains),
        "tax_code": ListColumn(Party.tax_code),
        "town": ListColumn(Party.town, is_nullable=False, contains=_town_contains),
        "province_code": _exact(Party.province_code),
        "state": _exact(Customer.state),
        "monthly_fee": _exact(_FEE_OF_CUSTOMER),
        "contract_count": _exact(_COUNT_OF_CUSTOMER),
        "open_amount": ListColumn(sa.func.coalesce(_BALANCE.open_amount, _ZERO), is_summed=True, is_nullable=False),
        "oldest_due_on": ListColumn(_BALANCE.oldest_due_on),
        "is_overdue": _exact(sa.func.coalesce(_BALANCE.oldest_due_on < TODAY, sa.false())),
        "is_incomplete": _exact(IS_INCOMPLETE),
        "since_on": _exact(Customer.since_on),
        "payment_term": ListColumn(_TERM_OF_CUSTOMER),
    },
    row_id=Party.party_id,
    default=Sort("name"),
    search=_search,
)  # fmt: skip


def _summing(listing: Listing, source: sa.FromClause, *where: sa.ColumnElement[bool]) -> Listing:
    """The same filters over more detailed rows, to sum fees in one pass instead of once per row."""
    columns = {key: replace(column, is_summed=False) for key, column in listing.columns.items()}
    return replace(listing, source=source, where=(*listing.where, *where), columns={**columns, "fee": ListColumn(_FEE, is_summed=True)})


_CONTRACTS_OF_CUSTOMERS = orm.join(_CUSTOMERS, Contract, _of_customer())
CONTRACTS_OF_CUSTOMERS = replace(CUSTOMERS, source=_CONTRACTS_OF_CUSTOMERS, where=(Contract.state != "terminated",))
FEES_OF_CUSTOMERS = _summing(CUSTOMERS, orm.join(_CONTRACTS_OF_CUSTOMERS, Service, _SERVICE_OF_CONTRACT), _IS_INVOICED)

# ---- contracts --------------------------------------------------------------------------------------------------------------

_CONTRACTS = orm.join(Contract, Party, sa.and_(Party.company_id == Contract.company_id, Party.party_id == Contract.customer_id))
_FEE_OF_CONTRACT = (
    sa.select(sa.func.coalesce(sa.func.sum(_FEE), 0))
    .select_from(Service)
    .where(_SERVICE_OF_CONTRACT, _IS_INVOICED)
    .correlate(Contract)
    .scalar_subquery()
)
_SERVICES_OF_CONTRACT = sa.select(sa.func.count()).select_from(Service).where(_SERVICE_OF_CONTRACT).correlate(Contract).scalar_subquery()

CONTRACTS = Listing(
    source=_CONTRACTS,
    company=Contract.company_id,
    columns={
        "number": _exact(Contract.number),
        "title": _exact(Contract.title),
        "customer_id": _exact(Contract.customer_id),
        "customer_name": ListColumn(Party.name, folded=Party.search_key, contains=_name_contains),
        "state": _exact(Contract.state),
        "starts_on": _exact(Contract.starts_on),
        "ends_on": ListColumn(Contract.ends_on),
        "is_ending": _exact(
            sa.and_(
                Contract.state != "terminated",
                sa.func.coalesce(Contract.ends_on.between(TODAY, TODAY + sa.literal(ENDING_DAYS, sa.Integer)), sa.false()),
            )
        ),
        "service_count": _exact(_SERVICES_OF_CONTRACT),
        "monthly_fee": _exact(_FEE_OF_CONTRACT),
    },
    row_id=Contract.contract_id,
    default=Sort("number"),
    search=lambda unit, words: sa.or_(contains_words(unit, words), Contract.number == words.strip().upper()),
)
FEES_OF_CONTRACTS = _summing(CONTRACTS, orm.join(_CONTRACTS, Service, _SERVICE_OF_CONTRACT), _IS_INVOICED)
