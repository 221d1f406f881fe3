"""Codes of customers and numbers of contracts given by the program."""

from __future__ import annotations

import sqlalchemy as sa

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.customers.rules import NUMBER_WIDTH
from cms_desktop.modules.customers.tables import Contract, Customer


def fresh_codes(unit: UnitOfWork, count: int) -> list[str]:
    """Codes of customers that nobody has, in one or two round trips. Codes typed by hand are jumped over."""
    codes = _numbered(unit, "customers.customer", count)
    taken = sa.select(Customer.code).where(Customer.company_id == unit.company_id, Customer.code.in_(codes)).limit(1)
    if unit.value(taken) is None:
        return codes
    digits = sa.cast(Customer.code, sa.BigInteger)
    highest = unit.value(
        sa.select(sa.func.max(sa.case((Customer.code.regexp_match("^[0-9]{1,9}$"), digits)))).where(Customer.company_id == unit.company_id)
    )
    jump = max(0, int(highest or 0) - int(codes[-1]))
    return _numbered(unit, "customers.customer", jump + count)[-count:]


def _numbered(unit: UnitOfWork, counter: str, count: int) -> list[str]:
    first = unit.call("base.next_number", counter, 0, count)
    return [str(number).zfill(NUMBER_WIDTH) for number in range(first, first + count)]


def fresh_contract_number(unit: UnitOfWork, year: int) -> str:
    """The next free number of a year: C-2026/0001."""
    while True:
        number = f"C-{year}/{unit.call('base.next_number', 'customers.contract', year, 1):04d}"
        taken = sa.select(Contract.number).where(Contract.company_id == unit.company_id, Contract.number == number)
        if unit.value(taken) is None:
            return number


def fresh_contract_numbers(unit: UnitOfWork, year: int, count: int) -> list[str]:
    """Several free numbers of a year at once, in order; numbers typed by hand are jumped over."""
    found: list[str] = []
    while len(found) < count:
        wanted = count - len(found)
        first = unit.call("base.next_number", "customers.contract", year, wanted)
        numbers = [f"C-{year}/{number:04d}" for number in range(first, first + wanted)]
        statement = sa.select(Contract.number).where(Contract.company_id == unit.company_id, Contract.number.in_(numbers))
        taken = set(unit.session.scalars(statement))
        found += [number for number in numbers if number not in taken]
    return found
