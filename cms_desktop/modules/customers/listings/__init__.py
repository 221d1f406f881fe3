"""The lists of Gestione Clienti as `Listing`s: where their rows come from and what each column is in SQL."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from cms_desktop.core.listing import Sort
from cms_desktop.db.listing import Expression, ListColumn, Listing
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.tables import PaymentTerm
from cms_desktop.modules.customers.rules import NUMBER_WIDTH
from cms_desktop.modules.customers.tables import Balance, Contract, Customer, Service
from cms_desktop.modules.registry.queries import contains_words, nearest_with_words
from cms_desktop.modules.registry.rules import CLASS_KEYS
from cms_desktop.modules.registry.tables import Party

# The tables, not the classes: the company that every ORM query states would go into WHERE and make an outer join an inner one.
_customer, _contract, _service = Customer.__table__.c, Contract.__table__.c, Service.__table__.c
_party, _term = Party.__table__.c, PaymentTerm.__table__.c

TODAY = sa.func.current_date(type_=sa.Date)
ENDING_DAYS = 60


def _in_force() -> sa.ColumnElement[bool]:
    """Services billed today: not suspended, started, not ended."""
    return sa.and_(
        sa.not_(_service.is_suspended), _service.starts_on <= TODAY, sa.or_(_service.ends_on.is_(None), _service.ends_on >= TODAY)
    )


def _of_customer() -> sa.ColumnElement[bool]:
    return sa.and_(_contract.company_id == _customer.company_id, _contract.customer_id == _customer.customer_id)


_SERVICE_OF_CONTRACT = sa.and_(_service.company_id == _contract.company_id, _service.contract_id == _contract.contract_id)
_FEE = _service.quantity * _service.monthly_price
_ZERO = sa.literal(0, sa.Numeric)
_IS_INVOICED = sa.and_(_contract.state == "active", _in_force())

# ---- customers ------------------------------------------------------------------------------------------------------------

_BALANCE = Balance.__table__.c
_CUSTOMERS = sa.join(
    Customer.__table__, Party.__table__, sa.and_(_party.company_id == _customer.company_id, _party.party_id == _customer.customer_id)
).outerjoin(Balance.__table__, sa.and_(_BALANCE.company_id == _customer.company_id, _BALANCE.customer_id == _customer.customer_id))

_FEE_OF_CUSTOMER = (
    sa.select(sa.func.coalesce(sa.func.sum(_FEE), 0))
    .select_from(sa.join(Contract.__table__, Service.__table__, _SERVICE_OF_CONTRACT))
    .where(_of_customer(), _IS_INVOICED)
    .correlate(Customer.__table__)
    .scalar_subquery()
)
_COUNT_OF_CUSTOMER = (
    sa.select(sa.func.count()).select_from(Contract.__table__).where(_of_customer(), _contract.state != "terminated").correlate(Customer.__table__)
).scalar_subquery()  # fmt: skip
_TERM_OF_CUSTOMER = (
    sa.select(_term.description)
    .where(_term.company_id == _customer.company_id, _term.payment_term_id == _customer.payment_term_id)
    .correlate(Customer.__table__)
    .scalar_subquery()
)
IS_INCOMPLETE: sa.ColumnElement[bool] = sa.or_(
    _party.street == "",
    _party.town == "",
    sa.and_(_party.country == "IT", sa.or_(_party.postal_code == "", _party.province_code == "")),
    sa.and_(_party.vat_number.is_(None), _party.tax_code.is_(None)),
    sa.and_(_party.kind == "public_body", sa.func.length(_customer.recipient_code) != 6),
    sa.and_(_party.kind.in_(("company", "sole_trader")), _customer.recipient_code == "", _party.pec == ""),
)


def _of_code(unit: UnitOfWork, words: str) -> int | None:
    code = words.strip().upper()
    codes = {code, code.zfill(NUMBER_WIDTH)} if code.isdigit() else {code}
    found: int | None = unit.value(
        sa.select(_customer.customer_id).where(_customer.company_id == unit.company_id, _customer.code.in_(codes))
    )
    return found


def _search(unit: UnitOfWork, words: str) -> Expression:
    """Words of name, town, partita IVA, codice fiscale; or a customer's whole code."""
    found = _of_code(unit, words)
    text = contains_words(unit, words)
    return text if found is None else sa.or_(text, _party.party_id == found)


def _nearest(unit: UnitOfWork, words: str, after: tuple[object, ...] | None) -> Expression | None:
    return nearest_with_words(unit, words, after) if _of_code(unit, words) is None else None


def _name_contains(unit: UnitOfWork, words: str) -> Expression:
    return sa.and_(contains_words(unit, words), sa.func.strpos(_party.search_key, sa.func.base.fold(words)) > 0)


def _town_contains(unit: UnitOfWork, words: str) -> Expression:
    return sa.and_(contains_words(unit, words), sa.func.strpos(sa.func.base.fold(_party.town), sa.func.base.fold(words)) > 0)


def _vat_number_contains(unit: UnitOfWork, digits: str) -> Expression:
    return sa.and_(contains_words(unit, digits), sa.func.strpos(_party.vat_number, digits.strip().upper()) > 0)


def _exact(expression: Expression) -> ListColumn:
    return ListColumn(expression, is_nullable=False)


CUSTOMERS = Listing(
    source=_CUSTOMERS,
    company=_customer.company_id,
    where=(),
    columns={
        "code": _exact(_customer.code),
        "name": ListColumn(_party.name, folded=_party.search_key, contains=_name_contains),
        "kind": _exact(_party.kind),
        "vat_number": ListColumn(_party.vat_number, contains=_vat_number_contains),
        "tax_code": ListColumn(_party.tax_code),
        "town": ListColumn(_party.town, is_nullable=False, contains=_town_contains),
        "province_code": _exact(_party.province_code),
        "state": _exact(_customer.state),
        "monthly_fee": _exact(_FEE_OF_CUSTOMER),
        "contract_count": _exact(_COUNT_OF_CUSTOMER),
        "open_amount": ListColumn(sa.func.coalesce(_BALANCE.open_amount, _ZERO), is_summed=True, is_nullable=False),
        "oldest_due_on": ListColumn(_BALANCE.oldest_due_on),
        "is_overdue": _exact(sa.func.coalesce(_BALANCE.oldest_due_on < TODAY, sa.false())),
        "is_incomplete": _exact(IS_INCOMPLETE),
        "is_over_limit": _exact(sa.func.coalesce(_BALANCE.open_amount > _customer.credit_limit_amount, sa.false())),
        "since_on": _exact(_customer.since_on),
        "payment_term": ListColumn(_TERM_OF_CUSTOMER),
        **{key: ListColumn(_party[key]) for key in CLASS_KEYS},
    },
    row_id=_party.party_id,
    default=Sort("name"),
    search=_search,
    nearest=_nearest,
)  # fmt: skip


def _summing(listing: Listing, source: sa.FromClause, *where: sa.ColumnElement[bool]) -> Listing:
    """The same filters over more detailed rows, to sum fees in one pass instead of once per row."""
    columns = {key: replace(column, is_summed=False) for key, column in listing.columns.items()}
    return replace(listing, source=source, where=(*listing.where, *where), columns={**columns, "fee": ListColumn(_FEE, is_summed=True)})


_CONTRACTS_OF_CUSTOMERS = _CUSTOMERS.join(Contract.__table__, _of_customer())
CONTRACTS_OF_CUSTOMERS = replace(CUSTOMERS, source=_CONTRACTS_OF_CUSTOMERS, where=(_contract.state != "terminated",))
FEES_OF_CUSTOMERS = _summing(CUSTOMERS, _CONTRACTS_OF_CUSTOMERS.join(Service.__table__, _SERVICE_OF_CONTRACT), _IS_INVOICED)

# ---- contracts --------------------------------------------------------------------------------------------------------------

_CONTRACTS = sa.join(
    Contract.__table__, Party.__table__, sa.and_(_party.company_id == _contract.company_id, _party.party_id == _contract.customer_id)
)
_FEE_OF_CONTRACT = (
    sa.select(sa.func.coalesce(sa.func.sum(_FEE), 0))
    .select_from(Service.__table__)
    .where(_SERVICE_OF_CONTRACT, _IS_INVOICED)
    .correlate(Contract.__table__)
    .scalar_subquery()
)
_SERVICES_OF_CONTRACT = (
    sa.select(sa.func.count()).select_from(Service.__table__).where(_SERVICE_OF_CONTRACT).correlate(Contract.__table__).scalar_subquery()
)

CONTRACTS = Listing(
    source=_CONTRACTS,
    company=_contract.company_id,
    columns={
        "number": _exact(_contract.number),
        "title": _exact(_contract.title),
        "customer_id": _exact(_contract.customer_id),
        "customer_name": ListColumn(_party.name, folded=_party.search_key, contains=_name_contains),
        "state": _exact(_contract.state),
        "starts_on": _exact(_contract.starts_on),
        "ends_on": ListColumn(_contract.ends_on),
        "is_ending": _exact(
            sa.and_(
                _contract.state != "terminated",
                sa.func.coalesce(_contract.ends_on.between(TODAY, TODAY + sa.literal(ENDING_DAYS, sa.Integer)), sa.false()),
            )
        ),
        "service_count": _exact(_SERVICES_OF_CONTRACT),
        "monthly_fee": _exact(_FEE_OF_CONTRACT),
    },
    row_id=_contract.contract_id,
    default=Sort("number"),
    search=lambda unit, words: sa.or_(contains_words(unit, words), _contract.number == words.strip().upper()),
)
FEES_OF_CONTRACTS = _summing(CONTRACTS, _CONTRACTS.join(Service.__table__, _SERVICE_OF_CONTRACT), _IS_INVOICED)
ALL_FEES = (
    sa.select(sa.func.sum(_FEE)).select_from(sa.join(Contract.__table__, Service.__table__, _SERVICE_OF_CONTRACT)).where(_IS_INVOICED)
)
