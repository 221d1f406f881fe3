"""What does not fit together in sites, contracts and lines: one set-based question a rule. Each row names the record to mend."""

from __future__ import annotations

from decimal import Decimal

import sqlalchemy as sa

from cms_desktop.core.listing import ListQuery, Page, Sort, Totals
from cms_desktop.db.listing import ListColumn, Listing
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.customers.contracts.records import Inconsistency, RuleCount

RULES = (
    "contract_without_service", "ended_but_billed", "never_billed", "billing_behind", "site_without_contract", "below_list_price",
    "suspended_without_end", "overlapping_lines", "term_is_over", "customer_is_gone", "index_without_base",
)  # fmt: skip
_ROWS = """
  select r.*, p.name as customer, p.search_key as customer_key, coalesce(c.number, '') as number, cast(:company as int) as company_id
  from customers.inconsistencies(:company, :rule) as r
  join registry.party as p on p.company_id = :company and p.party_id = r.customer_id
  left join customers.contract as c on c.company_id = :company and c.contract_id = r.contract_id"""


def count_inconsistencies(unit: UnitOfWork, rule: str) -> RuleCount:
    """How many rows a rule finds."""
    row = unit.rows(sa.text("select count(*), coalesce(sum(amount), 0) from customers.inconsistencies(:company, :rule)"), {"rule": rule})[0]
    return RuleCount(rule, row[0], Decimal(row[1]))


def _rows(unit: UnitOfWork, rule: str) -> Listing:
    rows = (
        sa.text(_ROWS)
        .bindparams(sa.bindparam("company", unit.company_id, sa.Integer), sa.bindparam("rule", rule, sa.Text))
        .columns(
            row_id=sa.BigInteger, customer_id=sa.BigInteger, contract_id=sa.BigInteger, what=sa.Text, since_on=sa.Date, amount=sa.Numeric(14, 2),
            customer=sa.Text, customer_key=sa.Text, number=sa.Text, company_id=sa.Integer,
        )
        .subquery("found")
    )  # fmt: skip
    c = rows.c
    return Listing(
        source=rows,
        company=c.company_id,
        columns={
            "customer": ListColumn(c.customer, folded=c.customer_key),
            "number": ListColumn(c.number, is_nullable=False),
            "what": ListColumn(c.what, folded=sa.func.base.fold(c.what)),
            "since_on": ListColumn(c.since_on),
            "amount": ListColumn(c.amount, is_summed=True, is_nullable=False),
        },
        row_id=c.row_id,
        default=Sort("customer"),
        extra=(c.row_id, c.customer_id, c.contract_id),
    )


def list_inconsistencies(unit: UnitOfWork, rule: str, query: ListQuery, after: tuple[object, ...] | None = None) -> Page[Inconsistency]:
    """The rows a rule finds; each opens its contract (a site: its customer)."""
    page = _rows(unit, rule).page(unit, query, after)
    names = tuple(Inconsistency.__dataclass_fields__)
    return Page(tuple(Inconsistency(**{name: getattr(row, name) for name in names}) for row in page.rows), page.after)


def sum_inconsistencies(unit: UnitOfWork, rule: str, query: ListQuery) -> Totals:
    return _rows(unit, rule).totals(unit, query)
