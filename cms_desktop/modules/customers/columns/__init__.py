"""Columns, words and saved views of the lists of Gestione Clienti."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cms_desktop.core.listing import ListQuery, Sort
from cms_desktop.modules.customers import rules
from cms_desktop.modules.customers.records import ContractRow, CustomerRow
from cms_desktop.modules.registry.attachments.columns import ATTACHMENT_TABLES
from cms_desktop.modules.registry.columns import class_columns
from cms_desktop.modules.registry.notes.columns import NOTE_TABLES
from cms_desktop.modules.registry.records import ClassField
from cms_desktop.ui.record_table import Column
from cms_desktop.ui.saved_views import SavedView
from cms_desktop.ui.translation import translator

tr = translator("customers")
CUSTOMER_TABLES = frozenset({"registry.party", "customers.customer", "customers.contract", "customers.service", "ledger.open_item"})
PAGE_TABLES = CUSTOMER_TABLES | NOTE_TABLES | ATTACHMENT_TABLES | {  # what the page of customers shows besides its list
    "customers.site", "customers.plant", "customers.held_key", "customers.site_contact", "customers.mandate", "customers.mandate_amendment", "customers.intent_letter",
    "registry.classification", "registry.classification_value", "customers.appointment", "customers.life_cycle_event", "billing.invoice", "ledger.payment", "bank_effects.effect",
}  # fmt: skip
CONTRACT_TABLES = frozenset({"registry.party", "customers.contract", "customers.service"})


def kind_names() -> dict[str, str]:
    return {
        "company": tr("Società"),
        "sole_trader": tr("Ditta individuale"),
        "person": tr("Persona fisica"),
        "public_body": tr("Ente pubblico"),
        "condominium": tr("Condominio"),
    }


def customer_states() -> dict[str, tuple[str, str]]:
    """State → (words, tone of its chip)."""
    return {
        "prospect": (tr("Potenziale"), "info"),
        "active": (tr("Attivo"), "calm"),
        "suspended": (tr("Sospeso"), "warning"),
        "terminating": (tr("In disdetta"), "negative"),
        "terminated": (tr("Cessato"), "neutral"),
    }


def contract_states() -> dict[str, tuple[str, str]]:
    return {
        "draft": (tr("Bozza"), "info"),
        "active": (tr("In corso"), "calm"),
        "suspended": (tr("Sospeso"), "warning"),
        "terminated": (tr("Cessato"), "neutral"),
    }


def frequency_names() -> dict[int, str]:
    return {
        1: tr("Mensile"),
        2: tr("Bimestrale"),
        3: tr("Trimestrale"),
        4: tr("Quadrimestrale"),
        6: tr("Semestrale"),
        12: tr("Annuale"),
    }


def customer_columns(classes: Sequence[ClassField] = ()) -> list[Column]:
    """`classes`: the fields of classification of the company, to choose among the columns."""
    states, kinds = customer_states(), kind_names()
    return [
        Column("code", tr("Codice"), kind="code", width=92, locked=True),
        Column("name", tr("Ragione sociale"), kind="strong", width=220, stretch=True, filter_hint=tr("contiene…"), locked=True),
        Column("town", tr("Comune"), width=130, tone=lambda _row: "second", gives_way=1),
        Column("province_code", tr("Prov."), width=64, hidden=True),
        Column("kind", tr("Soggetto"), lambda row: kinds[row.kind], width=130, filter="choice", choices=tuple(kinds.items()), hidden=True),
        Column("vat_number", tr("Partita IVA"), kind="code", width=120, hidden=True),
        Column("tax_code", tr("Codice fiscale"), kind="code", width=160, hidden=True),
        Column("contract_count", tr("Contratti"), kind="int", width=84, filter="number", total=True, gives_way=3),
        Column("monthly_fee", tr("Canone €"), kind="money", width=108, filter="number", total=True, gives_way=2),
        Column("open_amount", tr("Saldo €"), kind="money", width=112, filter="number", total=True, tone=_open_tone),
        Column("oldest_due_on", tr("Scade dal"), kind="date", width=104, filter="date", tone=_open_tone, hidden=True),
        Column("since_on", tr("Cliente dal"), kind="date", width=104, filter="date", hidden=True),
        Column("payment_term", tr("Pagamento"), width=170, hidden=True),
        *(replace(one, hidden=True) for one in class_columns(classes)),
        Column(
            "state", tr("Stato"), lambda row: states[row.state], kind="chip", width=112, filter="choice",
            choices=tuple((key, words) for key, (words, _tone) in states.items()),
        ),
    ]  # fmt: skip


def _open_tone(row: CustomerRow) -> str:
    return "negative" if row.is_overdue else ""


def contract_columns() -> list[Column]:
    states = contract_states()
    return [
        Column("number", tr("Numero"), kind="code", width=120, locked=True),
        Column("customer_name", tr("Cliente"), kind="strong", width=240, stretch=True, filter_hint=tr("contiene…")),
        Column("title", tr("Oggetto"), width=200),
        Column("starts_on", tr("Inizio"), kind="date", width=104, filter="date"),
        Column("ends_on", tr("Fine"), kind="date", width=104, filter="date", tone=_end_tone),
        Column("service_count", tr("Servizi"), kind="int", width=84, filter="number"),
        Column("monthly_fee", tr("Canone €"), kind="money", width=112, filter="number", total=True),
        Column(
            "state", tr("Stato"), lambda row: states[row.state], kind="chip", width=112, filter="choice",
            choices=tuple((key, words) for key, (words, _tone) in states.items()),
        ),
    ]  # fmt: skip


def _end_tone(row: ContractRow) -> str:
    return "warning" if row.ends_on is not None and row.state != "terminated" else ""


def customer_views() -> list[SavedView]:
    return [
        SavedView(tr("Tutti"), ListQuery(sort=Sort("name"))),
        SavedView(tr("Attivi"), rules.ACTIVE),
        SavedView(tr("Con saldo scaduto"), rules.OVERDUE),
        SavedView(tr("Fido superato"), rules.OVER_LIMIT),
        SavedView(tr("Enti pubblici"), rules.PUBLIC_BODIES),
    ]


def contract_views() -> list[SavedView]:
    return [
        SavedView(tr("Tutti"), ListQuery(sort=Sort("number"))),
        SavedView(tr("In corso"), rules.customers_where("state", "in", "active")),
        SavedView(tr("In scadenza"), rules.ENDING_CONTRACTS),
    ]


def customer_filter_names() -> dict[str, str]:
    """Words for filters that are no column."""
    return {
        "is_overdue": tr("Con saldo scaduto"),
        "is_incomplete": tr("Dati mancanti per la fattura elettronica"),
        "is_over_limit": tr("Fido superato"),
    }


def contract_filter_names() -> dict[str, str]:
    return {"is_ending": tr("In scadenza entro 60 giorni"), "customer_id": tr("Cliente")}
