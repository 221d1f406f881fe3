"""Words and columns of the records that hang on a customer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.listing import Filter, ListQuery, Sort
from cms_desktop.modules.customers.records.master import Mandate, PlantRow, Site, SiteRow, StoredRecord
from cms_desktop.modules.customers.rules.master import mandate_state
from cms_desktop.ui.record_table import Column
from cms_desktop.ui.saved_views import SavedView
from cms_desktop.ui.translation import translator

tr = translator("customers")
SITE_TABLES = frozenset({"customers.site", "customers.plant", "customers.held_key", "customers.site_contact", "registry.party"})


def withholding_kinds() -> list[tuple[str, str]]:
    return [
        ("RT01", tr("RT01 · persone fisiche")), ("RT02", tr("RT02 · persone giuridiche")), ("RT03", tr("RT03 · contributo INPS")),
        ("RT04", tr("RT04 · contributo ENASARCO")), ("RT05", tr("RT05 · contributo ENPAM")), ("RT06", tr("RT06 · altro contributo")),
    ]  # fmt: skip


def riba_fee_policies() -> list[tuple[str, str]]:
    return [
        ("none", tr("Nessun addebito")), ("effect", tr("Per ogni effetto")), ("invoice", tr("Una per fattura")),
        ("invoice_month", tr("Una per mese di fattura")), ("due_month", tr("Una per mese di scadenza")),
        ("due_in_invoice_month", tr("Una per scadenza nel mese di fattura")),
    ]  # fmt: skip


def dunning_classes() -> list[tuple[str, str]]:
    return [
        ("standard", tr("Normale")), ("gentle", tr("Cauta")), ("strict", tr("Severa")), ("none", tr("Mai sollecitare")),
    ]  # fmt: skip


def groupings() -> list[tuple[str, str]]:
    return [
        ("", tr("Come il lancio")), ("customer", tr("Una per cliente")), ("site", tr("Una per sede")), ("contract", tr("Una per contratto")),
        ("order", tr("Una per ordine")),
    ]  # fmt: skip


def deliveries() -> list[tuple[str, str]]:
    return [
        ("none", tr("Solo SdI")), ("mail", tr("Copia per e-mail")), ("pec", tr("Copia per PEC")), ("post", tr("Copia per posta")),
        ("portal", tr("Area clienti")),
    ]  # fmt: skip


def schemes() -> list[tuple[str, str]]:
    return [("CORE", tr("CORE · privati e imprese")), ("B2B", tr("B2B · solo imprese"))]


def mandate_states() -> dict[str, tuple[str, str]]:
    return {
        "draft": (tr("Da firmare"), "info"), "active": (tr("Attivo"), "calm"), "suspended": (tr("Sospeso"), "warning"),
        "revoked": (tr("Revocato"), "neutral"), "expired": (tr("Scaduto"), "negative"),
    }  # fmt: skip


def sequence_states() -> dict[str, str]:
    return {"FRST": tr("Primo incasso"), "RCUR": tr("Ricorrente"), "FNAL": tr("Ultimo"), "OOFF": tr("Unico")}


def amendment_kinds() -> dict[str, str]:
    return {"iban": tr("IBAN"), "reference": tr("Riferimento"), "creditor_identifier": tr("Creditore")}


def amendment_states() -> dict[str, tuple[str, str]]:
    return {
        "pending": (tr("Da comunicare"), "warning"), "sent": (tr("Inviata"), "info"), "accepted": (tr("Accettata"), "positive"),
    }  # fmt: skip


def roles() -> dict[str, str]:
    return {"agent": tr("Produttore"), "collector": tr("Esattore")}


def plant_kinds() -> dict[str, str]:
    return {
        "intrusion": tr("Antintrusione"), "hold_up": tr("Antirapina"), "video": tr("Videosorveglianza"), "fire": tr("Antincendio"),
        "access": tr("Controllo accessi"), "technical": tr("Allarme tecnico"), "rescue": tr("Telesoccorso"),
        "tracking": tr("Localizzazione"), "other": tr("Altro"),
    }  # fmt: skip


def _of(key: str) -> Callable[[StoredRecord], Any]:
    return lambda record: record[key]


def state_of(mandate: StoredRecord) -> str:
    """The state of a mandate as it is today."""
    lapses = mandate.lapses_on if isinstance(mandate, Mandate) else None
    return mandate_state(str(mandate["state"]), lapses, local_today())


def letter_columns() -> list[Column]:
    def chip(record: StoredRecord) -> tuple[str, str]:
        if record["revoked_on"]:
            return tr("Revocata"), "neutral"
        if not record["valid_from"] <= local_today() <= record["valid_to"]:
            return tr("Fuori validità"), "neutral"
        return (tr("In corso"), "calm") if record["left_amount"] > 0 else (tr("Esaurita"), "negative")

    return [
        Column("number", tr("Numero"), _of("number"), kind="strong", width=120, stretch=True, sortable=False),
        Column("valid_to", tr("Vale fino al"), _of("valid_to"), kind="date", width=108, sortable=False),
        Column("plafond_amount", tr("Plafond €"), _of("plafond_amount"), kind="money", width=110, sortable=False),
        Column("left_amount", tr("Residuo €"), _of("left_amount"), kind="money", width=110, sortable=False),
        Column("state", tr("Stato"), chip, kind="chip", width=120, sortable=False),
    ]


def mandate_columns() -> list[Column]:
    states = mandate_states()
    return [
        Column("reference", tr("Riferimento"), _of("reference"), kind="code", width=110, stretch=True, sortable=False),
        Column("scheme", tr("Schema"), _of("scheme"), width=66, sortable=False),
        Column("signed_on", tr("Firmato il"), _of("signed_on"), kind="date", width=104, sortable=False),
        Column("iban", tr("IBAN"), _of("iban"), kind="code", width=252, sortable=False),
        Column("state", tr("Stato"), lambda record: states[state_of(record)], kind="chip", width=112, sortable=False),
    ]


def appointment_columns() -> list[Column]:
    names = roles()

    def chip(record: StoredRecord) -> tuple[str, str]:
        today = local_today()
        if record["ends_on"] is not None and record["ends_on"] < today:
            return tr("Finito"), "neutral"
        return (
            (tr("In corso"), "calm") if record["starts_on"] <= today else (tr("Dal {date}", date=formats.date(record["starts_on"])), "info")
        )

    return [
        Column("party_name", tr("Nome"), _of("party_name"), kind="strong", width=180, stretch=True, sortable=False),
        Column("role", tr("Incarico"), lambda record: names[record["role"]], width=110, sortable=False),
        Column("share", tr("Quota %"), _of("share"), kind="money", width=84, sortable=False),
        Column("starts_on", tr("Dal"), _of("starts_on"), kind="date", width=100, sortable=False),
        Column("ends_on", tr("Al"), _of("ends_on"), kind="date", width=100, sortable=False),
        Column("state", tr("Stato"), chip, kind="chip", width=100, sortable=False),
    ]


def site_columns_of_customer() -> list[Column]:
    def address(site: Site) -> str:
        return ", ".join(part for part in (f"{site['street']} {site['street_number']}".strip(), site["town"]) if part)

    return [
        Column("code", tr("Codice"), _of("code"), kind="code", width=96, sortable=False),
        Column("name", tr("Sede"), _of("name"), kind="strong", width=150, stretch=True, sortable=False),
        Column("address", tr("Indirizzo"), address, width=200, sortable=False),
        Column(
            "plants",
            tr("Impianti"),
            lambda site: sum(1 for one in site.plants if not one["removed_on"]),
            kind="int",
            width=78,
            sortable=False,
        ),
        Column(
            "keys", tr("Chiavi"), lambda site: sum(1 for one in site.keys if not one["returned_on"]), kind="int", width=66, sortable=False
        ),
    ]


def plant_columns_of_site() -> list[Column]:
    kinds = plant_kinds()
    return [
        Column("code", tr("Codice"), _of("code"), kind="code", width=120, sortable=False),
        Column("kind", tr("Tipo"), lambda record: kinds[record["kind"]], width=150, sortable=False),
        Column("description", tr("Descrizione"), _of("description"), width=160, stretch=True, sortable=False),
        Column("installed_on", tr("Installato il"), _of("installed_on"), kind="date", width=104, sortable=False),
        Column("state", tr("Stato"), _use_of("removed_on", tr("In uso"), tr("Rimosso")), kind="chip", width=96, sortable=False),
    ]


def contact_columns() -> list[Column]:
    return [
        Column("call_order", tr("Ordine"), _of("call_order"), kind="int", width=72, sortable=False),
        Column("person_name", tr("Nome"), _of("person_name"), kind="strong", width=160, stretch=True, sortable=False),
        Column("job", tr("Mansione"), _of("job"), width=140, sortable=False),
        Column("phone", tr("Telefono"), _of("phone"), kind="code", width=130, sortable=False),
        Column("holds_keys", tr("Ha le chiavi"), _of("holds_keys"), kind="check", width=96, sortable=False),
    ]


def key_columns() -> list[Column]:
    return [
        Column("number", tr("Numero"), _of("number"), kind="code", width=96, sortable=False),
        Column("description", tr("Descrizione"), _of("description"), width=130, stretch=True, sortable=False),
        Column("seal", tr("Sigillo"), _of("seal"), kind="code", width=90, sortable=False),
        Column("kept_at", tr("Dove"), _of("kept_at"), width=110, sortable=False),
        Column("received_on", tr("Ritirata il"), _of("received_on"), kind="date", width=100, sortable=False),
        Column("state", tr("Stato"), _use_of("returned_on", tr("In custodia"), tr("Riconsegnata")), kind="chip", width=120, sortable=False),
    ]


def _use_of(end: str, now: str, over: str) -> Callable[[StoredRecord], tuple[str, str]]:
    return lambda record: (over, "neutral") if record[end] else (now, "calm")


# ---- lists of the whole company ----------------------------------------------------------------------------------------------


def site_columns() -> list[Column]:
    return [
        Column("code", tr("Codice"), kind="code", width=104, locked=True),
        Column("name", tr("Sede"), kind="strong", width=200, filter_hint=tr("contiene…"), locked=True),
        Column("customer_name", tr("Cliente"), width=220, stretch=True, filter_hint=tr("contiene…")),
        Column("street", tr("Indirizzo"), width=190, gives_way=2),
        Column("town", tr("Comune"), width=140),
        Column("province_code", tr("Prov."), width=64, gives_way=3),
        Column("plant_count", tr("Impianti"), kind="int", width=84, filter="number"),
        Column("key_count", tr("Chiavi"), kind="int", width=76, filter="number", gives_way=1),
        Column("is_active", tr("Stato"), _site_chip, kind="chip", width=112, filter="none"),
    ]


def _site_chip(row: SiteRow) -> tuple[str, str]:
    return (tr("In uso"), "calm") if row.is_active else (tr("Chiusa"), "neutral")


def plant_columns() -> list[Column]:
    kinds = plant_kinds()
    return [
        Column("code", tr("Codice"), kind="code", width=120, filter_hint=tr("inizia con…"), locked=True),
        Column("kind", tr("Tipo"), lambda row: kinds[row.kind], width=150, filter="choice", choices=tuple(kinds.items())),
        Column("customer_name", tr("Cliente"), kind="strong", width=220, stretch=True, filter_hint=tr("contiene…")),
        Column("site_name", tr("Sede"), width=180),
        Column("town", tr("Comune"), width=140, gives_way=1),
        Column("description", tr("Descrizione"), width=160, gives_way=3),
        Column("installed_on", tr("Installato il"), kind="date", width=110, filter="date", gives_way=2),
        Column("removed_on", tr("Stato"), _plant_chip, kind="chip", width=112, filter="none", sortable=False),
    ]


def _plant_chip(row: PlantRow) -> tuple[str, str]:
    return (tr("In uso"), "calm") if row.removed_on is None else (tr("Rimosso"), "neutral")


def site_views() -> list[SavedView]:
    return [
        SavedView(tr("Tutte"), ListQuery(sort=Sort("name"))),
        SavedView(tr("In uso"), ListQuery((Filter("is_active", "=", (True,)),))),
        SavedView(tr("Senza impianti"), ListQuery((Filter("plant_count", "=", (0,)),))),
        SavedView(tr("Con chiavi"), ListQuery((Filter("key_count", ">", (0,)),))),
    ]


def plant_views() -> list[SavedView]:
    return [
        SavedView(tr("Tutti"), ListQuery(sort=Sort("code"))),
        SavedView(tr("In uso"), ListQuery((Filter("is_in_use", "=", (True,)),))),
        SavedView(tr("Rimossi"), ListQuery((Filter("is_in_use", "=", (False,)),))),
    ]


def site_filter_names() -> dict[str, str]:
    return {"customer_id": tr("Cliente"), "is_active": tr("In uso")}


def plant_filter_names() -> dict[str, str]:
    return {"customer_id": tr("Cliente"), "site_id": tr("Sede"), "is_in_use": tr("In uso")}
