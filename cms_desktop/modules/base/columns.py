"""Columns of the lists of base, and how functions, tables, states and presets are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cms_desktop.modules.base.door_records import SessionRow
from cms_desktop.modules.base.records import AuditRow, FieldChange, PersonRow
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
        "base.check": tr("Leggere i controlli dei libri"),
        "registry.read": tr("Leggere le anagrafiche"),
        "registry.write": tr("Modificare le anagrafiche"),
        "registry.classify": tr("Definire i campi di classificazione"),
        "registry.merge": tr("Unire anagrafiche doppie"),
        "registry.privacy": tr("Esportare e cancellare i dati di una persona"),
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
        "billing.sdi_message": tr("Ricevute dello SdI"),
        "customers.appointment": tr("Incarichi"),
        "customers.contract_renewal": tr("Rinnovi"),
        "customers.contract_transfer": tr("Subentri"),
        "customers.held_key": tr("Chiavi in consegna"),
        "customers.intent_letter": tr("Lettere d'intento"),
        "customers.life_cycle_event": tr("Ciclo di vita"),
        "customers.mandate": tr("Mandati SDD"),
        "customers.mandate_amendment": tr("Variazioni dei mandati"),
        "customers.plant": tr("Impianti"),
        "customers.price_index": tr("Indici dei prezzi"),
        "customers.price_run": tr("Variazioni di prezzo"),
        "customers.price_run_line": tr("Righe delle variazioni"),
        "customers.service_price": tr("Prezzi dei servizi"),
        "customers.service_suspension": tr("Sospensioni"),
        "customers.service_type": tr("Tipi di servizio"),
        "base.import_run": tr("Importazioni"),
        "base.import_row": tr("Righe delle importazioni"),
        "customers.site_contact": tr("Contatti delle sedi"),
        "customers.site": tr("Sedi dei clienti"),
        "registry.attachment": tr("Allegati"),
        "registry.hourly_cost": tr("Costi orari"),
        "registry.note": tr("Note"),
        "registry.note_event": tr("Eventi delle note"),
        "registry.time_cost": tr("Tempi registrati"),
        "base.company_image": tr("Immagini dell'azienda"),
        "base.series_kind": tr("Documenti dei sezionali"),
        "base.calendar_day": tr("Calendario"),
        "base.letter_text": tr("Testi delle lettere"),
        "base.integrity_run": tr("Controlli dei libri"),
        "base.integrity_finding": tr("Esiti dei controlli"),
        "base.audit_seal": tr("Sigilli del registro"),
        "base.shared_view": tr("Viste condivise"),
        "base.mass_change": tr("Modifiche insieme"),
        "base.mass_change_row": tr("Righe delle modifiche insieme"),
        "registry.party": tr("Anagrafiche"),
        "registry.party_role": tr("Ruoli delle anagrafiche"),
        "registry.contact_person": tr("Persone della rubrica"),
        "registry.classification": tr("Campi di classificazione"),
        "registry.classification_value": tr("Voci di classificazione"),
        "registry.refusal": tr("Dinieghi di contatto"),
        "registry.privacy_request": tr("Richieste degli interessati"),
        "registry.twin": tr("Doppioni sospetti"),
        "registry.merge": tr("Unioni di anagrafiche"),
        "registry.merge_row": tr("Righe spostate dalle unioni"),
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
        "billing.invoice_withholding": tr("Ritenute delle fatture"),
        "billing.invoice_fund": tr("Casse previdenziali delle fatture"),
        "billing.invoice_reference": tr("Riferimenti delle fatture"),
        "billing.unposted_invoice": tr("Fatture da contabilizzare"),
        "billing.vat_collection": tr("IVA differita incassata"),
        "billing.chargeable_item": tr("Prestazioni"),
        "billing.charged_part": tr("Prestazioni fatturate"),
        "billing.run_template": tr("Modelli di lancio"),
        "billing.run_exclusion": tr("Esclusioni dai lanci"),
        "billing.transmission": tr("Trasmissioni allo SdI"),
        "base.mail_account": tr("Caselle di posta"),
        "base.mailbox_position": tr("Letture delle caselle"),
        "base.outbox_message": tr("Messaggi in uscita"),
        "base.outbox_attachment": tr("Allegati dei messaggi"),
        "billing.register_print": tr("Stampe dei registri IVA"),
        "billing.vat_settlement": tr("Liquidazioni IVA"),
        "ledger.account_balance": tr("Saldi dei conti"),
        "ledger.journal_export": tr("Esportazioni per il commercialista"),
        "ledger.journal_export_entry": tr("Registrazioni esportate"),
        "ledger.journal_print": tr("Stampe del libro giornale"),
        "ledger.journal_template": tr("Modelli di registrazione"),
        "ledger.journal_template_line": tr("Righe dei modelli di registrazione"),
        "ledger.period_lock": tr("Chiusure dei periodi"),
        "ledger.posting_rule": tr("Profili contabili"),
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
        Column("locked_until", tr("Bloccata fino a"), kind="datetime", width=165, filter="none", hidden=True),
        Column("password_expires_on", tr("Password fino al"), kind="date", width=120, filter="date", hidden=True),
        Column("email", tr("E-mail"), width=180, hidden=True),
        Column("rank", tr("Livello"), width=80, hidden=True),
    ]


def _state_chip(row: PersonRow) -> tuple[str, str]:
    return person_state(row.state)


def _online(row: PersonRow) -> tuple[str, str] | None:
    return (tr("in linea"), "positive") if row.open_connections else None


def outcome_name(outcome: str) -> tuple[str, str]:
    """How a login ended, and its tone."""
    return {
        "entered": (tr("Entrato"), "positive"),
        "wrong_password": (tr("Password sbagliata"), "warning"),
        "locked": (tr("Bloccato per troppi tentativi"), "negative"),
        "disabled": (tr("Persona sospesa"), "negative"),
        "expired": (tr("Accesso scaduto"), "negative"),
        "temporary_expired": (tr("Password temporanea scaduta"), "negative"),
        "session_ended": (tr("Sessione chiusa"), "neutral"),
        "client_too_old": (tr("Programma vecchio"), "neutral"),
        "not_a_person": (tr("Non è una persona"), "negative"),
        "not_from_here": (tr("Indirizzo non ammesso"), "negative"),
        "unknown": (tr("Utente sconosciuto"), "negative"),
    }.get(outcome, (outcome, "neutral"))


def activity_name(activity: str) -> tuple[str, str]:
    return {
        "working": (tr("Al lavoro"), "positive"),
        "idle": (tr("Ferma"), "neutral"),
        "locked": (tr("Schermo bloccato"), "info"),
        "outside": (tr("Fuori dal programma"), "warning"),
    }[activity]


def session_columns() -> list[Column]:
    outcomes = [
        (key, outcome_name(key)[0])
        for key in ("entered", "wrong_password", "locked", "disabled", "expired", "temporary_expired", "session_ended", "client_too_old",
                    "not_a_person", "not_from_here", "unknown")
    ]  # fmt: skip
    return [
        Column("opened_at", tr("Quando"), kind="datetime", width=165, filter="none", locked=True),
        Column("opened_on", tr("Giorno"), _session_day, kind="date", width=110, filter="date", hidden=True),
        Column("person_name", tr("Nome"), _session_name, kind="strong", width=170, stretch=True),
        Column("login", tr("Utente"), kind="code", width=130, gives_way=3),
        Column("outcome", tr("Esito"), lambda row: outcome_name(row.outcome), kind="chip", width=225, filter="choice", choices=outcomes),
        Column("attempts", tr("Tentativi"), kind="int", width=85, filter="number", total=True),
        Column("host", tr("Postazione"), width=150, gives_way=2),
        Column("address", tr("Indirizzo"), kind="code", width=130),
        Column("ended_at", tr("Uscita"), kind="datetime", width=165, filter="none", gives_way=1),
        Column("client_version", tr("Versione"), kind="code", width=90, gives_way=4),
    ]


def _session_name(row: SessionRow) -> str:
    return row.person_name or tr("(nessuno)")


def _session_day(row: SessionRow) -> object:
    return row.opened_at


def open_session_columns() -> list[Column]:
    activities = [(key, activity_name(key)[0]) for key in ("working", "idle", "locked", "outside")]
    return [
        Column("person_name", tr("Nome"), kind="strong", width=170, stretch=True, locked=True),
        Column("login", tr("Utente"), kind="code", width=130, gives_way=3),
        Column(
            "activity", tr("Attività"), lambda row: activity_name(row.activity), kind="chip", width=170, filter="choice", choices=activities
        ),
        Column("idle_since", tr("Ferma dalle"), kind="datetime", width=165, filter="none", gives_way=1),
        Column("opened_at", tr("Aperta"), kind="datetime", width=165, filter="none"),
        Column("company_name", tr("Azienda"), width=180, gives_way=2),
        Column("host", tr("Postazione"), width=150),
        Column("address", tr("Indirizzo"), kind="code", width=130),
        Column("client_version", tr("Versione"), kind="code", width=90, gives_way=4),
        Column("connections", tr("Collegamenti"), kind="int", width=110, filter="number", total=True, gives_way=5),
    ]


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
