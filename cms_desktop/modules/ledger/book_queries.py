"""Queries about chart, balances, account sheets, closed periods, templates and exports."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.money import ZERO
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base.queries import find_letterhead
from cms_desktop.modules.base.records import StoredRecord
from reports.journal.records import JournalBook, JournalEntryText, JournalLineText

from . import book_rules
from .book_records import (
    AccountLine,
    AccountRow,
    AccountSheet,
    BalanceRow,
    EntryTemplate,
    ExportLine,
    ExportRow,
    LockRow,
    PeriodState,
    PrintRow,
    TemplateLine,
)
from .book_tables import AccountRole, JournalPrint, JournalTemplate, JournalTemplateLine, PostingRule
from .tables import Account

MOST_LINES = 5_000
_account = Account.__table__.c


# -- chart and rules
def list_accounts(unit: UnitOfWork) -> list[AccountRow]:
    """The chart in its order."""
    columns = (_account.account_id, _account.code, _account.name, _account.kind, _account.role, _account.is_postable, _account.is_active)
    rows = unit.rows(sa.select(*columns).where(_account.company_id == unit.company_id).order_by(_account.code.collate("C")))
    return [AccountRow(*(*row, row.code.count("."))) for row in rows]


def list_account_records(unit: UnitOfWork) -> tuple[StoredRecord, ...]:
    """The chart for its editor."""
    names = ("code", "name", "kind", "role", "is_postable", "is_active")
    columns = [_account[name] for name in names]
    rows = unit.rows(
        sa.select(_account.account_id, _account.row_version, *columns)
        .where(_account.company_id == unit.company_id)
        .order_by(_account.code.collate("C"))
    )
    return tuple(StoredRecord(row[0], row[1], dict(zip(names, row[2:], strict=True))) for row in rows)


def list_account_roles(unit: UnitOfWork) -> list[tuple[str, str]]:
    table = AccountRole.__table__.c
    return [(row.role, row.title) for row in unit.rows(sa.select(table.role, table.title).order_by(table.sort_order))]


def list_posting_rules(unit: UnitOfWork) -> tuple[StoredRecord, ...]:
    """The rules, those that name most first."""
    table = PostingRule.__table__.c
    names = (*book_rules.CONDITIONS, "account_id", "valid_from", "valid_to")
    rows = unit.rows(
        sa.select(table.posting_rule_id, table.row_version, *(table[name] for name in names)).where(table.company_id == unit.company_id)
    )
    records = [StoredRecord(row[0], row[1], dict(zip(names, row[2:], strict=True))) for row in rows]
    return tuple(
        sorted(
            records, key=lambda one: (*(bool(one[name]) for name in book_rules.CONDITIONS), one["valid_from"], one.record_id), reverse=True
        )
    )


# -- balances
def trial_balance(unit: UnitOfWork, first: datetime.date, last: datetime.date) -> list[BalanceRow]:
    """Bilancio di verifica of a period, groups with the sums of what lies below."""
    found = {
        row.account_id: (row.opening, row.debit_amount, row.credit_amount)
        for row in unit.rows(sa.text("select * from ledger.trial_balance(:company, :first, :last)"), {"first": first, "last": last})
    }
    return book_rules.roll_up(list_accounts(unit), found)


_SHEET = """
select e.journal_entry_id, l.line_no, e.on_date, e.number, case l.description when '' then e.description else e.description || ' · ' || l.description end,
       coalesce(p.name, ''), l.debit_amount, l.credit_amount
from ledger.journal_line as l
join ledger.journal_entry as e on e.company_id = l.company_id and e.journal_entry_id = l.journal_entry_id
left join registry.party as p on p.company_id = l.company_id and p.party_id = l.customer_id
where l.company_id = :company and l.account_id = :account and (cast(:customer as bigint) is null or l.customer_id = :customer)
  and e.on_date between :first and :last and e.source not in ('year_closing', 'year_opening')
order by e.on_date, e.journal_entry_id, l.line_no
"""
_SHEET_SUMS = """
select coalesce(sum(l.debit_amount), 0), coalesce(sum(l.credit_amount), 0), count(*)
from ledger.journal_line as l
join ledger.journal_entry as e on e.company_id = l.company_id and e.journal_entry_id = l.journal_entry_id
where l.company_id = :company and l.account_id = :account and (cast(:customer as bigint) is null or l.customer_id = :customer)
  and e.on_date between :first and :last and e.source not in ('year_closing', 'year_opening')
"""


def account_sheet(
    unit: UnitOfWork, account_id: int, first: datetime.date, last: datetime.date, customer_id: int | None = None, most: int = MOST_LINES
) -> AccountSheet:
    """Mastrino: every line of an account (of one customer) between two days, with the balance after each; at most `most` lines."""
    values: dict[str, Any] = {"account": account_id, "first": first, "last": last, "customer": customer_id}
    opening = _opening(unit, account_id, first, customer_id)
    [(debit, credit, count)] = unit.rows(sa.text(_SHEET_SUMS), values)
    lines, balance = [], opening
    for row in unit.rows(sa.text(_SHEET + " limit :most"), values | {"most": most}):
        balance += row[6] - row[7]
        lines.append(AccountLine(*(*row, balance)))
    return AccountSheet(opening, tuple(lines), debit, credit, count)


def _opening(unit: UnitOfWork, account_id: int, first: datetime.date, customer_id: int | None) -> Any:
    before = first - datetime.timedelta(days=1)
    if customer_id is not None:
        values = {"account": account_id, "customer": customer_id, "first": datetime.date(1, 1, 1), "last": before}
        [(debit, credit, _count)] = unit.rows(sa.text(_SHEET_SUMS), values)
        return debit - credit
    text = "select opening from ledger.trial_balance(:company, :first, :last) where account_id = :account"
    found = unit.value(sa.text(text), {"account": account_id, "first": first, "last": first})
    return found if found is not None else ZERO


# -- entries
def list_templates(unit: UnitOfWork) -> list[EntryTemplate]:
    """Models of entries: those that recur first, by their next day, then by name."""
    head, line = JournalTemplate.__table__.c, JournalTemplateLine.__table__.c
    by_template: dict[int, list[TemplateLine]] = defaultdict(list)
    statement = (
        sa.select(
            line.journal_template_id, line.account_id, _account.code + " " + _account.name, line.is_debit, line.amount, line.description
        )
        .join(Account.__table__, sa.and_(_account.company_id == line.company_id, _account.account_id == line.account_id))
        .where(line.company_id == unit.company_id)
        .order_by(line.journal_template_id, line.line_no)
    )
    for row in unit.rows(statement):
        by_template[row[0]].append(TemplateLine(*row[1:]))
    heads = (
        sa.select(head.journal_template_id, head.name, head.description, head.every_months, head.next_on)
        .where(head.company_id == unit.company_id)
        .order_by(head.next_on.nulls_last(), head.name)
    )
    return [EntryTemplate(row[0], row[1], row[2], tuple(by_template[row[0]]), row[3], row[4]) for row in unit.rows(heads)]


def reversal_of(unit: UnitOfWork, entry_id: int) -> tuple[int | None, int | None, str]:
    """(entry that this one takes back, entry that takes this one back, reason)."""
    text = """select e.reverses_id, (select o.journal_entry_id from ledger.journal_entry as o where o.company_id = e.company_id
                and o.reverses_id = e.journal_entry_id), e.reason
              from ledger.journal_entry as e where e.company_id = :company and e.journal_entry_id = :entry"""
    rows = unit.rows(sa.text(text), {"entry": entry_id})
    return tuple(rows[0]) if rows else (None, None, "")


# -- periods
def find_period_state(unit: UnitOfWork) -> PeriodState:
    text = """select (select l.closed_until from ledger.period_lock as l where l.company_id = :company order by l.period_lock_id desc limit 1),
                (select max(p.until_on) from ledger.journal_print as p where p.company_id = :company),
                (select count(*) from (select from ledger.journal_entry as e where e.company_id = :company and e.number is null
                   and e.on_date <= (select l.closed_until from ledger.period_lock as l where l.company_id = :company order by l.period_lock_id desc limit 1)
                   and e.on_date > coalesce((select max(p.until_on) from ledger.journal_print as p where p.company_id = :company), date '0001-01-01')) as n),
                (select min(e.on_date) from ledger.journal_entry as e where e.company_id = :company)"""
    return PeriodState(*unit.rows(sa.text(text))[0])


_LOCKS = """
select t.period_lock_id, t.closed_until, t.reason, coalesce(w.display_name, ''), t.created_at
from ledger.period_lock as t left join base.person as w on w.person_id = t.created_by
where t.company_id = :company order by 1 desc limit 500
"""
_EXPORTS = """
select t.journal_export_id, t.number, t.from_on, t.until_on, t.is_repeat, t.entry_count, t.debit_amount, t.file_name,
       coalesce(w.display_name, ''), t.created_at
from ledger.journal_export as t left join base.person as w on w.person_id = t.created_by
where t.company_id = :company order by 1 desc limit 500
"""


def list_locks(unit: UnitOfWork) -> list[LockRow]:
    """The history of closing and opening, the newest first."""
    return [LockRow(*row) for row in unit.rows(sa.text(_LOCKS))]


def list_prints(unit: UnitOfWork) -> list[PrintRow]:
    table = JournalPrint.__table__.c
    columns = (
        table.journal_print_id,
        table.year,
        table.first_number,
        table.last_number,
        table.until_on,
        table.debit_amount,
        table.created_at,
    )
    rows = unit.rows(sa.select(*columns).where(table.company_id == unit.company_id).order_by(table.year.desc(), table.first_number.desc()))
    return [PrintRow(*row) for row in rows]


def find_journal(unit: UnitOfWork, print_id: int) -> JournalBook:
    """A definitive part of the journal, ready for paper. Totals carried forward are those of the year before it."""
    table = JournalPrint.__table__.c
    part = unit.rows(sa.select(JournalPrint.__table__).where(table.company_id == unit.company_id, table.journal_print_id == print_id))[0]
    carried = unit.value(
        sa.select(sa.func.coalesce(sa.func.sum(table.debit_amount), 0)).where(
            table.company_id == unit.company_id, table.year == part.year, table.first_number < part.first_number
        )
    )
    text = """select e.number, e.on_date, e.description, a.code, a.name, coalesce(p.name, ''), l.debit_amount, l.credit_amount
              from ledger.journal_entry as e join ledger.journal_line as l using (company_id, journal_entry_id)
              join ledger.account as a using (company_id, account_id)
              left join registry.party as p on p.company_id = l.company_id and p.party_id = l.customer_id
              where e.company_id = :company and extract(year from e.on_date) = :year and e.number between :first and :last
              order by e.number, l.line_no"""
    entries: dict[int, JournalEntryText] = {}
    for row in unit.rows(sa.text(text), {"year": part.year, "first": part.first_number, "last": part.last_number}):
        entry = entries.setdefault(row[0], JournalEntryText(row[0], row[1], row[2], []))
        entry.lines.append(JournalLineText(*row[3:]))
    return JournalBook(find_letterhead(unit), part.year, part.until_on, carried, list(entries.values()))


# -- exports
EXPORT_LINES = """
select e.journal_entry_id, e.number, e.on_date, e.source, e.description, l.line_no, a.code, a.name, coalesce(k.code, ''),
  coalesce(p.name, ''), coalesce(p.vat_number, ''), coalesce(p.tax_code, ''), l.debit_amount, l.credit_amount, l.description,
  coalesce(i.document_number, ''), i.document_on, e.reverses_id
from ledger.journal_export_entry as x
join ledger.journal_entry as e using (company_id, journal_entry_id)
join ledger.journal_line as l using (company_id, journal_entry_id)
join ledger.account as a using (company_id, account_id)
left join customers.customer as k on k.company_id = l.company_id and k.customer_id = l.customer_id
left join registry.party as p on p.company_id = l.company_id and p.party_id = l.customer_id
left join lateral (select o.document_number, o.document_on from ledger.open_item as o
                   where o.company_id = e.company_id and e.source = 'invoice' and o.source = 'invoice' and o.source_id = e.source_id
                   limit 1) as i on true
where x.company_id = :company and x.journal_export_id = :export
order by e.on_date, e.journal_entry_id, l.line_no
"""


def list_exports(unit: UnitOfWork) -> list[ExportRow]:
    """What the accountant got, the newest first."""
    return [ExportRow(*row) for row in unit.rows(sa.text(_EXPORTS))]


def export_lines(unit: UnitOfWork, export_id: int) -> list[ExportLine]:
    """The lines of the entries of an export, in the order of the journal."""
    return [ExportLine(*row) for row in unit.rows(sa.text(EXPORT_LINES), {"export": export_id})]
