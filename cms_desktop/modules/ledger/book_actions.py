"""What is done with the books: accounts and rules as records; entries, periods, prints and exports through guarded functions."""

from __future__ import annotations

import datetime
import pathlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

import sqlalchemy as sa

from cms_desktop.core.errors import Conflict, InvalidInput
from cms_desktop.core.money import ZERO
from cms_desktop.db.errors import CONFLICT_TEXT
from cms_desktop.db.unit_of_work import UnitOfWork

from . import book_queries, exports
from .book_records import EntryTemplate, NewEntry, NewLine, TemplateLine
from .book_rules import difference
from .book_tables import JournalExport, PostingRule
from .tables import Account


# -- chart and rules
def save_account(unit: UnitOfWork, record_id: int | None, seen_version: int, values: Mapping[str, Any]) -> int:
    """Add or change an account. Its place follows its code: 58.10.01 lies below 58.10, which must be a group."""
    code = str(values["code"]).strip().upper()
    parent = None
    if "." in code:
        above = code.rpartition(".")[0]
        parent = unit.session.scalars(sa.select(Account).where(Account.company_id == unit.company_id, Account.code == above)).first()
        if parent is None:
            raise InvalidInput("Il gruppo {above} non c'è: crealo prima, senza spuntare «riceve registrazioni».", field="code", above=above)
    facts = {**values, "code": code, "parent_id": parent.account_id if parent else None}
    return _save(unit, Account, "account_id", record_id, seen_version, facts)


def remove_account(unit: UnitOfWork, record_id: int, seen_version: int) -> None:
    _remove(unit, Account, "account_id", record_id, seen_version)


def save_posting_rule(unit: UnitOfWork, record_id: int | None, seen_version: int, values: Mapping[str, Any]) -> int:
    return _save(unit, PostingRule, "posting_rule_id", record_id, seen_version, values)


def remove_posting_rule(unit: UnitOfWork, record_id: int, seen_version: int) -> None:
    _remove(unit, PostingRule, "posting_rule_id", record_id, seen_version)


def _found(unit: UnitOfWork, model: Any, key: str, record_id: int, seen_version: int) -> Any:
    found = unit.session.scalars(sa.select(model).where(model.company_id == unit.company_id, getattr(model, key) == record_id)).first()
    if found is None or found.row_version != seen_version:
        raise Conflict(CONFLICT_TEXT)
    return found


def _save(unit: UnitOfWork, model: Any, key: str, record_id: int | None, seen_version: int, values: Mapping[str, Any]) -> int:
    if record_id is None:
        row = model(company_id=unit.company_id, **values)
        unit.session.add(row)
    else:
        row = _found(unit, model, key, record_id, seen_version)
        for name, value in values.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
    unit.session.flush()
    return int(getattr(row, key))


def _remove(unit: UnitOfWork, model: Any, key: str, record_id: int, seen_version: int) -> None:
    unit.session.delete(_found(unit, model, key, record_id, seen_version))
    unit.session.flush()


# -- entries
def post_entry(unit: UnitOfWork, entry: NewEntry) -> int:
    """Write an entry; returns its number."""
    if difference(entry.lines) != ZERO:
        raise InvalidInput("La registrazione non quadra: porta a zero la differenza.", field="lines")
    made: int = unit.call(
        "ledger.post_entry", entry.on_date, entry.description.strip(), _ids([one.account_id for one in entry.lines]),
        _ids([one.customer_id for one in entry.lines]), _amounts([one.debit for one in entry.lines]),
        _amounts([one.credit for one in entry.lines]), _texts([one.description for one in entry.lines]), entry.template_id,
    )  # fmt: skip
    return made


def reverse_entry(unit: UnitOfWork, entry_id: int, on_date: datetime.date, reason: str) -> int:
    """Take an entry back by its opposite; returns the new one."""
    if not reason.strip():
        raise InvalidInput("Scrivi perché la registrazione viene stornata.", field="reason")
    made: int = unit.call("ledger.reverse_entry", entry_id, on_date, reason.strip())
    return made


def template_of(name: str, lines: Sequence[NewLine]) -> EntryTemplate:
    """A model of an entry with the amounts it has."""
    return EntryTemplate(
        None,
        name[:100],
        name,
        tuple(TemplateLine(one.account_id, "", one.debit > 0, one.debit or one.credit, one.description) for one in lines),
    )


def save_template(unit: UnitOfWork, template: EntryTemplate) -> int:
    made: int = unit.call(
        "ledger.save_template", template.template_id, template.name, template.description, template.every_months, template.next_on,
        _ids([one.account_id for one in template.lines]), sa.cast([one.is_debit for one in template.lines], sa.ARRAY(sa.Boolean)),
        _amounts([one.amount for one in template.lines]), _texts([one.description for one in template.lines]),
    )  # fmt: skip
    return made


def remove_template(unit: UnitOfWork, template_id: int) -> None:
    unit.call("ledger.remove_template", template_id)


# -- periods
def lock_period(unit: UnitOfWork, until: datetime.date | None, reason: str) -> None:
    """Close the books until a day, or open them again (an earlier day; None: all)."""
    unit.call("ledger.lock_period", until, reason.strip())


def close_year(unit: UnitOfWork, year: int) -> Decimal:
    """The closing and opening entries of a year; returns its result (positive: a gain)."""
    return Decimal(str(unit.call("ledger.close_year", year)["result"])).quantize(Decimal("0.01"))


def number_journal(unit: UnitOfWork, until: datetime.date) -> list[dict[str, int]]:
    """Give the entries until a day their place in the definitive journal; returns year, first and last number of each part."""
    done: list[dict[str, int]] = unit.call("ledger.number_journal", until)
    return done


def save_journal_pdf(unit: UnitOfWork, print_id: int, path: pathlib.Path) -> pathlib.Path:
    """Libro giornale of a definitive part, as PDF."""
    from reports.journal.layout import journal_pdf  # slow to load: only who prints waits for it

    path.write_bytes(journal_pdf(book_queries.find_journal(unit, print_id)))
    return path


# -- the accountant
def export_entries(
    unit: UnitOfWork, first: datetime.date, last: datetime.date, file_format: Literal["csv", "xlsx"], *, with_sent: bool = False
) -> tuple[str, bytes]:
    """Entries of a period that the accountant does not have yet (`with_sent`: all), as a file that is kept. Returns its name and content."""
    made = unit.call("ledger.open_export", first, last, file_format, with_sent)
    lines = book_queries.export_lines(unit, made["export"])
    content = exports.csv_content(lines) if file_format == "csv" else exports.xlsx_content(lines)
    name = exports.file_name(made["number"], first, last, file_format)
    unit.call("ledger.keep_export", made["export"], name, content)
    return name, content


def find_export_file(unit: UnitOfWork, export_id: int) -> tuple[str, bytes]:
    """The file of an export, byte for byte as it was made."""
    table = JournalExport.__table__.c
    statement = sa.select(table.file_name, table.content).where(table.company_id == unit.company_id, table.journal_export_id == export_id)
    [(name, content)] = unit.rows(statement)
    return str(name), bytes(content)


def _ids(ids: Sequence[int | None]) -> Any:
    return sa.cast(list(ids), sa.ARRAY(sa.BigInteger))


def _amounts(amounts: Sequence[Any]) -> Any:
    return sa.cast(list(amounts), sa.ARRAY(sa.Numeric))


def _texts(texts: Sequence[str]) -> Any:
    return sa.cast(list(texts), sa.ARRAY(sa.Text))
