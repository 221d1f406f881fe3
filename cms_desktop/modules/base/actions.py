"""What an administrator changes: persons and rights through guarded functions, company and fiscal tables as records."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from cms_desktop.core.errors import Conflict, InvalidInput
from cms_desktop.db.errors import CONFLICT_TEXT
from cms_desktop.db.passwords import hash_password, temporary_password
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.base import images, letters, rules
from cms_desktop.modules.base.door_records import ScreenLockRule
from cms_desktop.modules.base.door_tables import SecurityRule
from cms_desktop.modules.base.records import CreatedPerson, InstallmentRecord, SeriesUse
from cms_desktop.modules.base.tables import (
    BankAccount,
    CalendarDay,
    Company,
    CompanyImage,
    DocumentSeries,
    JobPreset,
    LetterText,
    Parameter,
    PaymentInstallment,
    PaymentTerm,
    Permission,
    Person,
    SeriesKind,
    VatCode,
)

# ---- persons ----------------------------------------------------------------------------------------------------------


def create_person(
    unit: UnitOfWork,
    login: str,
    display_name: str,
    *,
    job_title: str = "",
    email: str = "",
    preset: str = "",
    functions: Iterable[str] = (),
) -> CreatedPerson:
    """A person with a login of the server and a temporary password to hand over; it must be changed at the first login."""
    if not rules.is_login(login):
        raise InvalidInput("Il nome utente ha da 3 a 40 segni: lettere minuscole, cifre, punto, trattino.", field="login")
    if not display_name.strip():
        raise InvalidInput("Scrivi nome e cognome.", field="display_name")
    password = temporary_password()
    verifier, hashed = _secrets(unit, f"{unit.driver.info.dbname}_{login}", password)
    person_id: int = _sec(unit, "create_person", login, display_name.strip(), job_title, email, verifier, hashed)
    wanted = set(functions) | (preset_functions(unit, preset) if preset else set())
    if wanted:
        grant_functions(unit, person_id, wanted)
    return _handed_over(unit, person_id, login, display_name.strip(), password)


def _handed_over(unit: UnitOfWork, person_id: int, login: str, name: str, password: str) -> CreatedPerson:
    company = unit.session.scalars(sa.select(Company.name).where(Company.company_id == unit.company_id)).first() or ""
    by = unit.session.scalars(sa.select(Person.display_name).where(Person.person_id == unit.person_id)).first() or ""
    days = unit.session.scalars(sa.select(SecurityRule.temporary_days)).one()
    return CreatedPerson(person_id, login, name, password, company, by, days)


def handover_sheet(made: CreatedPerson) -> bytes:
    """The paper that goes with a temporary password, as PDF."""
    from reports.handover.layout import Handover, handover_pdf  # slow to load: only who prints waits for it

    today = datetime.datetime.now().astimezone().date()
    return handover_pdf(Handover(made.company, made.display_name, made.login, made.temporary_password, made.by, today, made.valid_days))


def _secrets(unit: UnitOfWork, role: str, password: str) -> tuple[str, str]:
    """SCRAM verifier for the server and bcrypt hash for the history: the clear password stays in this process."""
    verifier = unit.driver.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    return verifier, hash_password(password)


def _sec(unit: UnitOfWork, name: str, *arguments: Any) -> Any:
    return unit.call(f"sec.{name}", *arguments)


def report_session(unit: UnitOfWork, token: str, idle_seconds: int, is_locked: bool) -> None:
    """The sign of life of this client: where it works and since when nobody touched it."""
    unit.session.execute(sa.select(sa.func.sec.report_session(token, unit.company_id, idle_seconds, is_locked)))


def close_session(unit: UnitOfWork, session_id: int, note: str = "") -> int:
    """End a session of a colleague; their screen says who did it and the note. Returns how many connections were closed."""
    closed: int = _sec(unit, "close_session", session_id, note)
    return closed


def close_connection(unit: UnitOfWork, person_id: int, process: int) -> bool:
    """Close a connection outside the program (psql, a spreadsheet)."""
    closed: bool = _sec(unit, "close_connection", person_id, process)
    return closed


def release_person(unit: UnitOfWork, person_id: int) -> None:
    """Take the locks after wrong passwords off before their time."""
    _sec(unit, "release_person", person_id)


def require_password_change(unit: UnitOfWork, person_id: int) -> None:
    """The person chooses a new password at the next login."""
    _sec(unit, "require_change", person_id)


def save_security_rules(unit: UnitOfWork, seen_version: int, values: Mapping[str, Any]) -> int:
    """The rules of the installation; the server keeps its floors. Returns the new version."""
    version: int = _sec(unit, "set_security_rules", seen_version, sa.cast(dict(values), JSONB))
    unit.session.expire_all()
    return version


def save_screen_lock(unit: UnitOfWork, rule: ScreenLockRule) -> None:
    """After how many idle minutes screens of the company lock, and at which posts never."""
    key = "screen_lock"
    found = unit.session.scalars(
        sa.select(Parameter).where(Parameter.company_id == unit.company_id, Parameter.key == key).order_by(Parameter.valid_from.desc())
    ).first()
    value = {"minutes": rule.minutes, "exempt_posts": list(rule.exempt_posts)}
    if found is None:
        unit.session.add(Parameter(company_id=unit.company_id, key=key, value=value))
    elif found.value != value:
        found.value = value
    unit.session.flush()


def preset_functions(unit: UnitOfWork, preset: str) -> set[str]:
    """The functions of a job preset."""
    return set(unit.session.scalars(sa.select(JobPreset.function).where(JobPreset.preset == preset)))


def update_person(
    unit: UnitOfWork,
    person_id: int,
    seen_version: int,
    *,
    display_name: str,
    job_title: str,
    email: str,
    rank: str,
    is_active: bool,
    expires_on: datetime.date | None,
) -> int:
    """Change a colleague; suspending ends their sessions. Returns the new version. Raises Conflict when somebody was quicker."""
    until = sa.cast(expires_on, sa.Date)
    version: int = _sec(unit, "update_person", person_id, seen_version, display_name, job_title, email, rank, is_active, until)
    unit.session.expire_all()
    return version


def reset_password(unit: UnitOfWork, person_id: int) -> CreatedPerson:
    """A fresh temporary password for a colleague who forgot theirs; it must be changed at the next login."""
    person = unit.session.scalars(sa.select(Person).where(Person.person_id == person_id)).first()
    if person is None:
        raise InvalidInput("Persona sconosciuta in questa azienda.")
    password = temporary_password()
    verifier, hashed = _secrets(unit, person.role_name, password)
    _sec(unit, "reset_password", person_id, verifier, hashed)
    return _handed_over(unit, person_id, person.login, person.display_name, password)


def grant_functions(unit: UnitOfWork, person_id: int, functions: Iterable[str]) -> None:
    """Set a person's functions in the company to exactly these."""
    _sec(unit, "grant_functions", person_id, sa.cast(sorted(functions), ARRAY(sa.Text)))


def change_functions(unit: UnitOfWork, changes: Mapping[tuple[int, str], bool]) -> None:
    """Give (True) or take (False) functions: (person, function) → wanted. What a colleague changed meanwhile elsewhere stays."""
    for person_id in sorted({person for person, _ in changes}):
        held = set(
            unit.session.scalars(
                sa.select(Permission.function).where(Permission.company_id == unit.company_id, Permission.person_id == person_id)
            )
        )
        own = {function: wanted for (person, function), wanted in changes.items() if person == person_id}
        given, taken = {f for f, wanted in own.items() if wanted}, {f for f, wanted in own.items() if not wanted}
        grant_functions(unit, person_id, (held | given) - taken)


def admit_person(unit: UnitOfWork, login: str) -> int:
    """Give a colleague of another company of mine a place in this one."""
    person_id: int = _sec(unit, "admit_person", login)
    return person_id


def dismiss_person(unit: UnitOfWork, person_id: int) -> None:
    """Take a person out of this company; their login stays for the others."""
    _sec(unit, "dismiss_person", person_id)


# ---- company and tables -----------------------------------------------------------------------------------------------


def save_company(unit: UnitOfWork, seen_version: int, values: Mapping[str, Any]) -> int:
    """Change the data of the company itself. Returns the new version."""
    found = unit.session.scalars(sa.select(Company).where(Company.company_id == unit.company_id)).first()
    return _change(unit, found, seen_version, values)


def save_vat_code(unit: UnitOfWork, record_id: int | None, seen_version: int, values: Mapping[str, Any]) -> int:
    """Add or change a VAT code; returns its id."""
    return _save(unit, VatCode, record_id, seen_version, values)


def save_document_series(
    unit: UnitOfWork, record_id: int | None, seen_version: int, values: Mapping[str, Any], *, kinds: Collection[SeriesUse] | None = None
) -> int:
    """Add or change a series; `kinds`: the documents it takes (None leaves them). What it is proposed for, no other series is any more."""
    series_id = _save(unit, DocumentSeries, record_id, seen_version, values)
    if kinds is not None:
        _save_series_kinds(unit, series_id, {(one.document_type, one.is_public_body): one.is_default for one in kinds})
    return series_id


def _save_series_kinds(unit: UnitOfWork, series_id: int, wanted: dict[tuple[str, bool], bool]) -> None:
    stored = unit.session.scalars(sa.select(SeriesKind).where(SeriesKind.company_id == unit.company_id)).all()
    for row in stored:
        key = (row.document_type, row.is_public_body)
        if row.document_series_id != series_id:
            row.is_default = row.is_default and not wanted.get(key)
        elif key not in wanted:
            unit.session.delete(row)
    unit.session.flush()
    mine = {(row.document_type, row.is_public_body): row for row in stored if row.document_series_id == series_id}
    for (document_type, is_public_body), is_default in wanted.items():
        if (document_type, is_public_body) in mine:
            _assign(mine[document_type, is_public_body], {"is_default": is_default})
        else:
            facts = {"document_type": document_type, "is_public_body": is_public_body, "is_default": is_default}
            unit.session.add(SeriesKind(company_id=unit.company_id, document_series_id=series_id, **facts))
    unit.session.flush()


def replace_vat_code(
    unit: UnitOfWork, vat_code_id: int, seen_version: int, *, from_day: datetime.date, code: str, description: str, rate: Decimal
) -> int:
    """A change of rate: a new code from a day on takes the place of the old one, which stays for what was invoiced before.

    Services and customers keep the old code; documents of later days are made with the new one (base.vat_codes_on). Returns its id.
    """
    old = unit.session.scalars(sa.select(VatCode).where(VatCode.company_id == unit.company_id, VatCode.vat_code_id == vat_code_id)).first()
    if old is not None and old.replaced_by is not None:
        raise InvalidInput("Il codice IVA è già stato sostituito: cambia quello nuovo.", field="code")
    facts = {"code": code, "description": description, "rate": rate, "valid_from": from_day}
    kept = {key: getattr(old, key) for key in ("nature", "legal_reference", "exigibility")} if old is not None else {}
    added = VatCode(company_id=unit.company_id, **kept, **facts)
    unit.session.add(added)
    unit.session.flush()
    _change(unit, old, seen_version, {"valid_to": from_day - datetime.timedelta(days=1), "replaced_by": added.vat_code_id})
    return added.vat_code_id


def save_image(unit: UnitOfWork, kind: str, content: bytes) -> None:
    """Store the company's logo or signature (PNG or JPEG) in place of the old one. Raises InvalidInput."""
    image = images.prepared_image(content)
    found = _image(unit, kind)
    facts = {"media_type": image.media_type, "content": image.content, "pixel_width": image.pixel_width, "pixel_height": image.pixel_height}
    if found is None:
        unit.session.add(CompanyImage(company_id=unit.company_id, kind=kind, **facts))
    else:
        _assign(found, facts)
    unit.session.flush()


def remove_image(unit: UnitOfWork, kind: str) -> None:
    found = _image(unit, kind)
    if found is not None:
        unit.session.delete(found)
        unit.session.flush()


def _image(unit: UnitOfWork, kind: str) -> CompanyImage | None:
    return unit.session.scalars(
        sa.select(CompanyImage).where(CompanyImage.company_id == unit.company_id, CompanyImage.kind == kind)
    ).first()


def save_calendar_day(unit: UnitOfWork, record_id: int | None, seen_version: int, values: Mapping[str, Any]) -> int:
    """Add or change a day of the company's own calendar; returns its id."""
    return _save(unit, CalendarDay, record_id, seen_version, values)


def remove_calendar_day(unit: UnitOfWork, record_id: int, seen_version: int) -> None:
    _remove(unit, CalendarDay, record_id, seen_version)


def remove_parameter(unit: UnitOfWork, record_id: int, seen_version: int) -> None:
    """Take away a value the company wrote; what the law says stays."""
    _remove(unit, Parameter, record_id, seen_version)


def save_letter_text(unit: UnitOfWork, record_id: int | None, seen_version: int, values: Mapping[str, Any]) -> int:
    """Add or change the text of a letter. Raises InvalidInput for a placeholder its kind does not know."""
    kind = letters.kind_of(str(values["kind"]))
    for field in ("subject", "body"):
        for problem in letters.text_problems(kind, str(values[field])):
            raise InvalidInput(problem.text, field=field, **problem.values)
    return _save(unit, LetterText, record_id, seen_version, values)


def remove_letter_text(unit: UnitOfWork, record_id: int, seen_version: int) -> None:
    _remove(unit, LetterText, record_id, seen_version)


def check_books(unit: UnitOfWork) -> int:
    """Run every check of the books now; returns the run. It may take minutes and can be cancelled."""
    run_id: int = unit.call("base.check_books")
    return run_id


def save_parameter(unit: UnitOfWork, record_id: int | None, seen_version: int, values: Mapping[str, Any]) -> int:
    return _save(unit, Parameter, record_id, seen_version, values)


def save_bank_account(unit: UnitOfWork, record_id: int | None, seen_version: int, values: Mapping[str, Any]) -> int:
    """Add or change a bank account; a new default takes the place of the old one."""
    if values.get("is_default"):
        for other in unit.session.scalars(sa.select(BankAccount).where(BankAccount.company_id == unit.company_id, BankAccount.is_default)):
            if other.bank_account_id != record_id:
                other.is_default = False
        unit.session.flush()
    return _save(unit, BankAccount, record_id, seen_version, values)


def save_payment_term(
    unit: UnitOfWork, record_id: int | None, seen_version: int, values: Mapping[str, Any], *, installments: Sequence[InstallmentRecord]
) -> int:
    """Add or change a payment term with its instalments, which must share out 100 %."""
    problem = rules.installments_problem(installments)
    if problem:
        raise InvalidInput(problem, field="installments", total=_percent(installments))
    term_id = _save(unit, PaymentTerm, record_id, seen_version, values)
    stored = list(
        unit.session.scalars(
            sa.select(PaymentInstallment)
            .where(PaymentInstallment.company_id == unit.company_id, PaymentInstallment.payment_term_id == term_id)
            .order_by(PaymentInstallment.position)
        )
    )
    for old in stored[len(installments) :]:
        unit.session.delete(old)
    for place, one in enumerate(installments):
        fields = {"share": one.share, "days": one.days, "rule": one.rule, "fixed_day": one.fixed_day}
        if place < len(stored):
            _assign(stored[place], fields)
        else:
            unit.session.add(PaymentInstallment(company_id=unit.company_id, payment_term_id=term_id, position=place + 1, **fields))
    unit.session.flush()
    return term_id


def _percent(installments: Sequence[InstallmentRecord]) -> str:
    total = sum((one.share for one in installments), Decimal(0)).normalize()
    return f"{total:f}".replace(".", ",")


def _save(unit: UnitOfWork, model: Any, record_id: int | None, seen_version: int, values: Mapping[str, Any]) -> int:
    key = next(column.key for column in model.__table__.primary_key.columns if column.key != "company_id")
    if record_id is None:
        added = model(company_id=unit.company_id, **values)
        unit.session.add(added)
        unit.session.flush()
        return int(getattr(added, key))
    found = unit.session.scalars(sa.select(model).where(model.company_id == unit.company_id, getattr(model, key) == record_id)).first()
    _change(unit, found, seen_version, values)
    return record_id


def _remove(unit: UnitOfWork, model: Any, record_id: int, seen_version: int) -> None:
    key = next(column.key for column in model.__table__.primary_key.columns if column.key != "company_id")
    found = unit.session.scalars(sa.select(model).where(model.company_id == unit.company_id, getattr(model, key) == record_id)).first()
    if found is None or found.row_version != seen_version:
        raise Conflict(CONFLICT_TEXT)
    unit.session.delete(found)
    unit.session.flush()


def _change(unit: UnitOfWork, found: Any, seen_version: int, values: Mapping[str, Any]) -> int:
    if found is None or found.row_version != seen_version:
        raise Conflict(CONFLICT_TEXT)
    _assign(found, values)
    unit.session.flush()
    return int(found.row_version)


def _assign(found: Any, values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if getattr(found, key) != value:
            setattr(found, key, value)
