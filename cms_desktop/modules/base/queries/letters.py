"""The company's paper and the texts of its letters."""

from __future__ import annotations

import datetime
from typing import Any

import sqlalchemy as sa

from cms_desktop.core.errors import InvalidInput
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base import letters, rules
from cms_desktop.modules.base.queries.settings import find_parameter
from cms_desktop.modules.base.records import Letterhead
from cms_desktop.modules.base.tables import BankAccount, Company, CompanyImage, LetterText, Person


def find_letterhead(unit: UnitOfWork) -> Letterhead:
    """What the company prints on top and at the foot of its paper, with its logo."""
    return rules.letterhead(_company(unit), find_image(unit, "logo"))


def find_image(unit: UnitOfWork, kind: str) -> bytes:
    """The company's logo or signature; empty when there is none."""
    image = CompanyImage.__table__.c
    return bytes(unit.value(sa.select(image.content).where(image.company_id == unit.company_id, image.kind == kind)) or b"")


def _company(unit: UnitOfWork) -> dict[str, Any]:
    table = Company.__table__
    rows = unit.rows(sa.select(table).where(table.c.company_id == unit.company_id))
    return dict(rows[0]._mapping) if rows else {}


def find_letter_text(unit: UnitOfWork, kind: str, on_date: datetime.date, language: str = "it") -> letters.LetterText:
    """The text of a kind in force on a day, in the language or else in Italian. Raises InvalidInput when there is none."""
    text = LetterText.__table__.c
    rows = unit.rows(
        sa.select(text.letter_text_id, text.kind, text.language, text.valid_from, text.subject, text.body)
        .where(text.company_id == unit.company_id, text.kind == kind, text.valid_from <= on_date, text.language.in_((language, "it")))
        .order_by((text.language == language).desc(), text.valid_from.desc())
        .limit(1)
    )
    if not rows:
        raise InvalidInput("Manca il testo «{kind}»: scrivilo fra i testi delle lettere.", kind=letters.kind_of(kind).title)
    return letters.LetterText(**rows[0]._mapping)


def find_company_values(unit: UnitOfWork) -> dict[str, letters.Value]:
    """The placeholders of the company, and who is writing."""
    values, bank = _company(unit), _default_bank(unit)
    person = unit.value(sa.select(Person.display_name).where(Person.person_id == unit.person_id)) or ""
    return {
        "azienda.nome": values["name"],
        "azienda.indirizzo": rules.letterhead(values).lines[0],
        "azienda.piva": values["vat_number"],
        "azienda.telefono": values["phone"],
        "azienda.email": values["email"],
        "azienda.pec": values["pec"],
        "azienda.banca": bank.name if bank else "",
        "azienda.iban": " ".join(bank.iban[at : at + 4] for at in range(0, len(bank.iban), 4)) if bank else "",
        "operatore": person,
    }


def find_letter_place(unit: UnitOfWork, on_date: datetime.date) -> str:
    """Where letters are written: the parameter `letter_town`, otherwise the town of the company."""
    return str(find_parameter(unit, "letter_town", on_date) or _company(unit).get("town") or "")


def _default_bank(unit: UnitOfWork) -> Any | None:
    bank = BankAccount.__table__.c
    rows = unit.rows(
        sa.select(bank.iban, bank.name)
        .where(bank.company_id == unit.company_id, bank.is_active)
        .order_by(bank.is_default.desc(), bank.bank_account_id)
        .limit(1)
    )
    return rows[0] if rows else None
