"""Columns of the lists of base, and how functions, tables, states and presets are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cms_desktop.modules.base.records import AuditRow, FieldChange, PersonRow, SessionRow
from cms_desktop.ui.record_table import Column
from cms_desktop.ui.translation import translator

tr = translator("base")


def person_state(state: str) -> tuple[str, str]:
    """Name and tone of a person's state."""
    return {
        "active": (tr("Attiva"), "positive"),
        "must_change": (tr("Deve cambiare password"), "info"),
        "locked": (tr("Bloccata"), "warning"),
        "expired": (tr("Scaduta"), "warning"),
        "suspended": (tr("Sospesa"), "neutral"),
    }[state]


def preset_name(preset: str) -> str:
    names = {
        "amministratore": tr("Amministratore"),
        "fatturista": tr("Fatturista"),
        "contabile": tr("Contabile"),
        "commerciale": tr("Commerciale"),
        "esattore": tr("Esattore"),
        "operatore": tr("Operatore"),
        "direzione": tr("Direzione"),
        "revisore": tr("Revisore"),
    }
    return names.get(preset, preset.capitalize())


def module_name(module: str) -> str:
    names = {
        "base": tr("Base"),
        "registry": tr("Anagrafica"),
        "customers": tr("Clienti"),
        "ledger": tr("Contabilità"),
        "billing": tr("Fatturazione"),
        "bank_effects": tr("Effetti"),
    }
    return names.get(module, module)


def function_title(function: str, stored: str) -> str:
    """What a function is called; `stored` is the name the database has."""
    names = {
        "base.read": tr("Entrare e leggere le tabelle comuni"),
        "base.administer": tr("Amministrare azienda, persone e diritti"),
        "base.audit": tr("Leggere il registro delle modifiche"),
        "registry.read": tr("Leggere le anagrafiche"),
        "registry.write": tr("Modificare le anagrafiche"),
        "customers.read": tr("Leggere clienti e contratti"),
        "customers.write": tr("Modificare clienti e contratti"),
        "customers.import": tr("Importare elenchi di clienti"),
        "ledger.read": tr("Leggere contabilità e scadenzario"),
        "ledger.write": tr("Modificare il piano dei conti"),
        "ledger.collect": tr("Registrare incassi"),
        "billing.read": tr("Leggere fatture e lanci"),
        "billing.prepare": tr("Preparare lanci di fatturazione"),
        "billing.issue": tr("Emettere fatture"),
        "billing.undo": tr("Annullare un lancio emesso"),
        "billing.send": tr("Inviare i file allo SdI"),
        "bank_effects.read": tr("Leggere distinte ed effetti"),
        "bank_effects.generate": tr("Creare distinte e file per la banca"),
    }
    return names.get(function, stored)


def table_titles() -> Mapping[str, str]:
    return {
        "base.company": tr("Azienda"),
        "base.person": tr("Persone"),
        "base.password": tr("Password"),
        "base.permission": tr("Diritti"),
        "base.parameter": tr("Parametri"),
        "base.vat_code": tr("Codici IVA"),
        "base.payment_term": tr("Pagamenti"),
        "base.payment_installment": tr("Rate dei pagamenti"),
        "base.document_series": tr("Sezionali"),
        "base.document_counter": tr("Numerazioni"),
        "base.bank_account": tr("Conti bancari"),
        "base.shared_view": tr("Viste condivise"),
        "base.mass_change": tr("Modifiche insieme"),
        "base.mass_change_row": tr("Righe delle modifiche insieme"),
        "registry.party": tr("Anagrafiche"),
        "customers.customer": tr("Clienti"),
        "customers.contract": tr("Contratti"),
        "customers.service": tr("Servizi"),
        "ledger.account": tr("Piano dei conti"),
        "ledger.journal_entry": tr("Prima nota"),
        "ledger.journal_line": tr("Righe di prima nota"),
        "ledger.open_item": tr("Scadenzario"),
        "ledger.payment": tr("Incassi"),
        "ledger.allocation": tr("Abbinamenti"),
        "billing.billing_run": tr("Lanci di fatturazione"),
        "billing.invoice": tr("Fatture"),
        "billing.invoice_line": tr("Righe di fattura"),
        "billing.invoice_vat": tr("Riepiloghi IVA delle fatture"),
        "billing.run_exclusion": tr("Esclusioni dai lanci"),
        "billing.transmission": tr("Trasmissioni allo SdI"),
        "bank_effects.effect_batch": tr("Distinte"),
        "bank_effects.effect": tr("Effetti"),
        "bank_effects.effect_item": tr("Scadenze in distinta"),
    }


def table_title(table_name: str) -> str:
    return table_titles().get(table_name, table_name)


def operation_name(operation: str) -> tuple[str, str, str]:
    return {
        "I": (tr("Inserimento"), "positive", "plus"),
        "U": (tr("Modifica"), "info", "pencil"),
        "D": (tr("Cancellazione"), "negative", "trash-2"),
    }[operation]


def value_text(value: Any) -> str:
    """A stored value in words."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return tr("sì") if value else tr("no")
    return str(value)


def person_columns() -> list[Column]:
    states = [(key, person_state(key)[0]) for key in ("active", "must_change", "locked", "expired", "suspended")]
    return [
        Column("display_name", tr("Nome"), kind="strong", width=130, stretch=True, locked=True),
        Column("login", tr("Utente"), kind="code", width=120, gives_way=3),
        Column("job_title", tr("Mansione"), width=120, gives_way=4),
        Column("state", tr("Stato"), _state_chip, kind="chip", width=185, filter="choice", choices=states),
        Column("open_connections", tr("In linea"), _online, kind="chip", width=95, filter="number", gives_way=1),
        Column(
            "last_login_on", tr("Ultimo accesso"), lambda row: row.last_opened_at, kind="datetime", width=160, filter="date", gives_way=2
        ),
        Column("function_count", tr("Diritti"), kind="int", width=70, filter="number", gives_way=5),
        Column("expires_on", tr("Scade il"), kind="date", width=100, filter="date", hidden=True),
        Column("email", tr("E-mail"), width=180, hidden=True),
        Column("rank", tr("Livello"), width=80, hidden=True),
    ]


def _state_chip(row: PersonRow) -> tuple[str, str]:
    return person_state(row.state)


def _online(row: PersonRow) -> tuple[str, str] | None:
    return (tr("in linea"), "positive") if row.open_connections else None


def session_columns() -> list[Column]:
    return [
        Column("opened_at", tr("Accesso"), kind="datetime", width=180, filter="none", locked=True),
        Column("opened_on", tr("Giorno"), _session_day, kind="date", width=110, filter="date", hidden=True),
        Column("person_name", tr("Nome"), kind="strong", width=180, stretch=True),
        Column("login", tr("Utente"), kind="code", width=150),
        Column("host", tr("Postazione"), width=180),
        Column("address", tr("Indirizzo"), kind="code", width=140),
        Column("client_version", tr("Versione"), kind="code", width=100),
    ]


def _session_day(row: SessionRow) -> object:
    return row.opened_at


def audit_columns() -> list[Column]:
    operations = [(key, operation_name(key)[0]) for key in ("I", "U", "D")]
    return [
        Column("at", tr("Quando"), kind="datetime", width=180, filter="none", locked=True),
        Column("on_date", tr("Giorno"), lambda row: row.at, kind="date", width=110, filter="date", hidden=True),
        Column("person_name", tr("Chi"), kind="strong", width=150, stretch=True),
        Column("table_name", tr("Tabella"), _table, width=170, filter="choice", choices=list(table_titles().items())),
        Column("operation", tr("Operazione"), _operation_chip, kind="chip", width=140, filter="choice", choices=operations),
        Column("record_id", tr("Record"), kind="int", width=90, filter="number", gives_way=1),
        Column("row_count", tr("Righe"), kind="int", width=80, filter="number", total=True, gives_way=2),
    ]


def _table(row: AuditRow) -> str:
    return table_title(row.table_name)


def _operation_chip(row: AuditRow) -> tuple[str, str, str]:
    return operation_name(row.operation)


def change_columns() -> list[Column]:
    return [
        Column("field", tr("Campo"), kind="code", width=130, sortable=False),
        Column("old", tr("Prima"), lambda row: value_text(row.old), width=120, stretch=True, sortable=False, tone=lambda _row: "second"),
        Column("new", tr("Dopo"), _new, kind="strong", width=120, sortable=False),
    ]


def _new(row: FieldChange) -> str:
    return value_text(row.new)
