"""Columns, words and saved views of the lists of Registry; what other modules' lists show of a classification."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from cms_desktop.core.listing import Filter, ListQuery, Sort
from cms_desktop.modules.base.columns import table_title
from cms_desktop.modules.registry import rules
from cms_desktop.modules.registry.records import ClassField, Contact, MergeRow, PartyRow, TwinPair
from cms_desktop.ui.record_table import Column
from cms_desktop.ui.saved_views import SavedView
from cms_desktop.ui.translation import translator

tr = translator("registry")
PARTY_TABLES = frozenset(
    {"registry.party", "registry.party_role", "registry.refusal", "registry.classification", "registry.classification_value"}
)
CONTACT_TABLES = frozenset({"registry.party", "registry.contact_person"})
TWIN_TABLES = frozenset({"registry.party", "registry.twin", "registry.merge"})


def language_names() -> dict[str, str]:
    """Languages in which a party is written to."""
    return {"it": tr("Italiano"), "en": tr("Inglese"), "de": tr("Tedesco"), "fr": tr("Francese")}


def kind_names() -> dict[str, str]:
    return {
        "company": tr("Società"), "sole_trader": tr("Ditta individuale"), "person": tr("Persona fisica"),
        "public_body": tr("Ente pubblico"), "condominium": tr("Condominio"),
    }  # fmt: skip


def role_names() -> dict[str, tuple[str, str]]:
    """Role → (word, tone of its chip)."""
    return {"customer": (tr("Cliente"), "positive"), "supplier": (tr("Fornitore"), "info"), "prospect": (tr("Prospect"), "neutral")}


def channel_names() -> dict[str, str]:
    return {"email": tr("E-mail"), "letter": tr("Lettera"), "fax": tr("Fax"), "phone": tr("Telefono")}


def refusal_flags() -> dict[str, str]:
    return {"email": tr("no e-mail"), "letter": tr("no lettere"), "fax": tr("no fax"), "phone": tr("no telefono")}


def act_names() -> dict[str, str]:
    """What a contact person may act for."""
    return {
        "sign_contracts": tr("Firma contratti"), "order_services": tr("Ordina servizi"), "receive_invoices": tr("Riceve fatture"),
        "administration": tr("Amministrazione"), "alarm": tr("Allarmi"), "complaints": tr("Reclami"), "site_access": tr("Accesso ai siti"),
        "technical": tr("Referente tecnico"), "privacy": tr("Privacy"),
    }  # fmt: skip


def reason_names() -> dict[str, str]:
    return {
        "vat_number": tr("stessa partita IVA"), "tax_code": tr("stesso codice fiscale"), "phone": tr("stesso telefono"), "name": tr("nome simile"),
    }  # fmt: skip


def inconsistency_names() -> dict[str, str]:
    return {
        "vat_wrong": tr("P. IVA errata"), "tax_wrong": tr("C. F. errato"), "tax_not_of_name": tr("C. F. non del nome"), "codes_differ": tr("C. F. ≠ P. IVA"),
    }  # fmt: skip


def flags_of(row: PartyRow) -> list[tuple[str, str]]:
    """Chips: what is wrong with the codes, what is missing, what is refused."""
    wrong = inconsistency_names()
    found = [(wrong[key], "negative") for key in rules.find_inconsistencies(row)]
    if row.is_erased:
        found.append((tr("cancellata"), "neutral"))
    elif row.is_incomplete:
        found.append((tr("incompleta"), "warning"))
    names = refusal_flags()
    return found + [(names[channel], "neutral") for channel in rules.CHANNELS if channel in row.refused]


def class_columns(fields: Sequence[ClassField], classes: Callable[[Any], Sequence[int | None]] = attrgetter("classes")) -> list[Column]:
    """A column with its choice filter for every field of classification, for any list whose rows say `classes` (ids by position).
    The list's own SQL side takes registry.listings.CLASS_COLUMNS."""
    return [_class_column(one, classes) for one in fields if one.is_active]


def _class_column(one: ClassField, classes: Callable[[Any], Sequence[int | None]]) -> Column:
    names = {value.value_id: value.name for value in one.values}
    return Column(
        f"class_{one.position}", one.name, lambda row: names.get(classes(row)[one.position - 1] or 0, ""), width=130, filter="choice",
        choices=tuple(names.items()), sortable=False, hidden=one.position > 1, gives_way=6,
    )  # fmt: skip


def party_columns(fields: Sequence[ClassField]) -> list[Column]:
    kinds, roles = kind_names(), role_names()
    return [
        Column("name", tr("Denominazione"), kind="strong", width=240, stretch=True, filter_hint=tr("contiene…"), locked=True),
        Column("roles", tr("Ruoli"), lambda row: [roles[role] for role in row.roles], kind="flags", width=150, filter="none", sortable=False),
        Column("town", tr("Comune"), width=130, tone=lambda _row: "second", gives_way=3),
        Column("province_code", tr("Prov."), width=64, hidden=True),
        Column("kind", tr("Soggetto"), lambda row: kinds[row.kind], width=130, filter="choice", choices=tuple(kinds.items()), hidden=True),
        Column("vat_number", tr("Partita IVA"), kind="code", width=120, gives_way=4),
        Column("tax_code", tr("Codice fiscale"), kind="code", width=160, hidden=True),
        Column("phone", tr("Telefono"), width=120, gives_way=5),
        Column("email", tr("E-mail"), width=190, hidden=True),
        *class_columns(fields),
        Column("created_on", tr("Creata il"), kind="date", width=104, filter="date", hidden=True),
        Column(
            "refused", tr("Avvisi"), flags_of, kind="flags", width=170, filter="choice", choices=tuple(refusal_flags().items()), sortable=False,
            gives_way=1,
        ),
    ]  # fmt: skip


def party_views() -> list[SavedView]:
    return [
        SavedView(tr("Tutte"), rules.in_section("")),
        SavedView(tr("Clienti"), rules.in_section("customer")),
        SavedView(tr("Fornitori"), rules.in_section("supplier")),
        SavedView(tr("Prospect"), rules.in_section("prospect")),
    ]


def party_filter_names() -> dict[str, str]:
    """Words for filters that are no column."""
    return {"role": tr("Sezione"), "is_incomplete": tr("Dati fiscali incompleti")} | {
        f"class_{position}": tr("Classificazione {n}", n=position) for position in range(1, 8)
    }


def contact_columns() -> list[Column]:
    acts = act_names()
    return [
        Column("name", tr("Nome"), kind="strong", width=180, locked=True, filter_hint=tr("contiene…")),
        Column("party_name", tr("Anagrafica"), width=210, stretch=True, filter_hint=tr("contiene…")),
        Column("job", tr("Incarico"), width=140, gives_way=2),
        Column("mobile", tr("Cellulare"), width=124),
        Column("work_phone", tr("Tel. ufficio"), width=124, gives_way=1),
        Column("private_phone", tr("Tel. privato"), width=124, hidden=True),
        Column("email", tr("E-mail"), width=190, gives_way=3),
        Column("pec", tr("PEC"), width=190, hidden=True),
        Column("acts_for", tr("Può agire per"), lambda row: _acts(row, acts), kind="flags", width=230, filter="choice", choices=tuple(acts.items()),
               sortable=False, gives_way=4),
        Column("valid_to", tr("Fino al"), kind="date", width=104, filter="date", hidden=True),
        Column("is_active", tr("Attiva"), kind="check", width=70, filter="choice", choices=((True, tr("sì")), (False, tr("no"))), hidden=True),
    ]  # fmt: skip


def _acts(row: Contact, names: dict[str, str]) -> list[tuple[str, str]]:
    return [(names[act], "info" if act in ("sign_contracts", "alarm") else "neutral") for act in row.acts_for]


def contact_views() -> list[SavedView]:
    def acting(act: str) -> ListQuery:
        return ListQuery((Filter("acts_for", "=", (act,)), Filter("is_active", "=", (True,))), Sort("name"))

    return [
        SavedView(tr("Attive"), ListQuery((Filter("is_active", "=", (True,)),), Sort("name"))),
        SavedView(tr("Allarmi"), acting("alarm")),
        SavedView(tr("Ricevono fatture"), acting("receive_invoices")),
        SavedView(tr("Firmano contratti"), acting("sign_contracts")),
        SavedView(tr("Tutte"), ListQuery(sort=Sort("name"))),
    ]


def contact_filter_names() -> dict[str, str]:
    return {"party_id": tr("Anagrafica"), "acts_for": tr("Può agire per"), "is_active": tr("Attiva")}


def twin_columns() -> list[Column]:
    names = reason_names()

    def reasons(row: TwinPair) -> list[tuple[str, str]]:
        return [(names[reason], "warning" if reason in ("vat_number", "tax_code") else "neutral") for reason in row.reasons]

    return [
        Column("name", tr("Anagrafica"), lambda row: (row.name, row.town), kind="two-line", width=260, stretch=True),
        Column("other_name", tr("Forse la stessa"), lambda row: (row.other_name, row.other_town), kind="two-line", width=260, stretch=True),
        Column("reasons", tr("Perché"), reasons, kind="flags", width=280, filter="none", sortable=False),
        Column("created_at", tr("Trovata il"), kind="date", width=110, filter="none"),
    ]


def merge_columns() -> list[Column]:
    def state(row: MergeRow) -> tuple[str, str]:
        return (tr("Annullata"), "neutral") if row.undone_at is not None else (tr("Fatta"), "positive")

    return [
        Column("created_at", tr("Quando"), kind="datetime", width=140, filter="none"),
        Column("survivor_name", tr("Rimasta"), kind="strong", width=240, stretch=True),
        Column("merged_name", tr("Unita"), width=240, stretch=True),
        Column("moved_rows", tr("Righe spostate"), kind="int", width=120, filter="none"),
        Column("author", tr("Da chi"), width=150),
        Column(
            "is_undone",
            tr("Stato"),
            state,
            kind="chip",
            width=110,
            filter="choice",
            choices=((False, tr("Fatta")), (True, tr("Annullata"))),
        ),
    ]


def table_names() -> dict[str, str]:
    """What the rows of a table are called in previews and reports; a table without a word here is named as the register of changes does."""
    return {
        "registry.party": tr("Anagrafica"), "registry.party_role": tr("Ruoli"), "registry.contact_person": tr("Persone della rubrica"),
        "registry.refusal": tr("Dinieghi di contatto"), "registry.privacy_request": tr("Richieste privacy"), "registry.twin": tr("Doppioni sospetti"),
        "registry.merge": tr("Unioni"), "registry.merge_row": tr("Righe delle unioni"), "customers.customer": tr("Scheda cliente"),
        "customers.balance": tr("Saldo"), "customers.contract": tr("Contratti"), "customers.service": tr("Servizi"),
        "ledger.open_item": tr("Scadenze"), "ledger.payment": tr("Incassi"), "ledger.allocation": tr("Abbinamenti"),
        "billing.run_exclusion": tr("Esclusioni dai lanci"), "billing.invoice": tr("Fatture"), "billing.invoice_line": tr("Righe di fattura"),
        "billing.invoice_vat": tr("Riepiloghi IVA"), "billing.transmission": tr("File per lo SdI"), "bank_effects.effect": tr("Effetti"),
        "bank_effects.effect_item": tr("Scadenze degli effetti"), "registry.note": tr("Note"),
        "registry.note_event": tr("Storia delle note"),
        "registry.attachment": tr("Allegati"),
        "registry.time_cost": tr("Tempi e costi"),
        "customers.site": tr("Sedi"),
        "customers.plant": tr("Impianti"),
        "customers.held_key": tr("Chiavi"),
        "customers.site_contact": tr("Contatti delle sedi"),
        "customers.mandate": tr("Mandati SDD"),
        "customers.mandate_amendment": tr("Variazioni dei mandati"),
        "customers.intent_letter": tr("Lettere d'intento"),
        "customers.appointment": tr("Incarichi di produttori"),
        "customers.life_cycle_event": tr("Storia del cliente"),
        "customers.contract_transfer": tr("Subentri"),
        "customers.contract_renewal": tr("Rinnovi"),
        "customers.price_run_line": tr("Variazioni di prezzo"),
        "customers.service_billing": tr("Fatturato dei servizi"),
        "customers.service_price": tr("Prezzi dei servizi"),
        "customers.service_suspension": tr("Sospensioni"),
        "billing.sdi_message": tr("Messaggi dello SdI"),
        "base.audit_entry": tr("Registro delle modifiche"),
    }  # fmt: skip


def table_name(table: str) -> str:
    return table_names().get(table) or table_title(table)
