"""Words and columns of prices."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from cms_desktop.core import formats
from cms_desktop.modules.customers.pricing.records import IndexRow, PriceRun, PriceRunRow, ServiceTypeRow
from cms_desktop.ui.record_table import Column
from cms_desktop.ui.translation import translator

tr = translator("customers")


def line_kinds() -> dict[str, str]:
    """Kinds of contract lines."""
    return {
        "recurring": tr("Canone"),
        "hourly": tr("A ore"),
        "passages": tr("A passaggi"),
        "interventions": tr("Interventi oltre franchigia"),
        "one_off": tr("Una tantum"),
        "deposit": tr("Deposito"),
    }


def band_names() -> dict[str, str]:
    return {"": tr("Ordinaria"), "night": tr("Notturna"), "holiday": tr("Festiva"), "overtime": tr("Straordinaria")}


def run_kinds() -> dict[str, str]:
    return {"tariff": tr("Listino"), "indexation": tr("ISTAT")}


def run_states() -> dict[str, tuple[str, str]]:
    """State → (words, tone of its chip)."""
    return {
        "preview": (tr("Anteprima"), "info"),
        "confirmed": (tr("Confermata"), "calm"),
        "undone": (tr("Annullata"), "neutral"),
        "discarded": (tr("Scartata"), "neutral"),
    }


def reason_text(reason: str) -> str:
    """Why a line stays out of a run; what somebody wrote stays as it is."""
    return {
        "clause_missing": tr("senza clausola ISTAT"),
        "line_excluded": tr("servizio escluso dall'ISTAT"),
        "base_missing": tr("manca il mese base"),
        "another_month": tr("clausola in un altro mese"),
        "too_early": tr("troppo presto per adeguare"),
        "price_locked": tr("prezzo bloccato"),
        "later_price": tr("c'è già un prezzo successivo"),
        "unchanged": tr("il prezzo non cambia"),
    }.get(reason, reason)


def run_columns() -> list[Column]:
    states, kinds = run_states(), run_kinds()
    return [
        Column("number", tr("Variazione"), kind="code", width=116, locked=True),
        Column("title", tr("Titolo"), kind="strong", width=240, stretch=True),
        Column("kind", tr("Tipo"), lambda row: kinds[row.kind], width=96, filter="choice", choices=tuple(kinds.items())),
        Column("effective_on", tr("Decorrenza"), kind="date", width=108, filter="date"),
        Column("line_count", tr("Prezzi"), kind="int", width=84, filter="number"),
        Column("excluded_count", tr("Esclusi"), kind="int", width=84, filter="number", hidden=True),
        Column("old_amount", tr("Canoni prima €"), kind="money", width=126, filter="number"),
        Column("new_amount", tr("Canoni dopo €"), kind="money", width=126, filter="number"),
        Column("difference", tr("Differenza €"), _difference, kind="delta", width=116, filter="none", sortable=False),
        Column(
            "state", tr("Stato"), lambda row: states[row.state], kind="chip", width=116, filter="choice",
            choices=tuple((key, words) for key, (words, _tone) in states.items()),
        ),
    ]  # fmt: skip


def _difference(row: PriceRun) -> Decimal:
    return row.new_amount - row.old_amount


def line_columns() -> list[Column]:
    """Rows of a run."""
    bands = band_names()

    def flags(row: PriceRunRow) -> list[tuple[str, str, str]]:
        if row.reason:
            return [(reason_text(row.reason), "neutral", "minus")]
        return [(tr("in fattura al nuovo prezzo"), "warning", "receipt-euro")] if row.is_billed else []

    def tone(row: PriceRunRow) -> str:
        return "second" if row.reason else ""

    def service(row: PriceRunRow) -> str:
        return f"{row.description}, {bands[row.band].lower()}" if row.band else row.description

    def percent(row: PriceRunRow) -> Decimal | None:
        return None if row.reason else row.percent

    return [
        Column("customer", tr("Cliente"), kind="strong", width=210, stretch=True, filter_hint=tr("contiene…"), tone=tone),
        Column("contract", tr("Contratto"), kind="code", width=116),
        Column("description", tr("Servizio"), service, width=190, tone=tone, gives_way=2),
        Column("band", tr("Fascia"), lambda row: bands[row.band], width=92, filter="choice", choices=tuple(bands.items()), hidden=True),
        Column("old_price", tr("Prima €"), kind="money", width=92, filter="number", tone=lambda _row: "second"),
        Column("new_price", tr("Dopo €"), kind="money", width=92, filter="number", tone=tone),
        Column("percent", tr("%"), percent, kind="percent", width=74, filter="number", tone=tone),
        Column("difference", tr("Al mese €"), kind="delta", width=100, filter="number", total=True, tone=tone),
        Column("valid_from", tr("Vale dal"), kind="date", width=100, filter="date", tone=tone),
        Column("flags", tr("Segnalazioni"), flags, kind="flags", width=250, filter="none", sortable=False),
    ]


def _plain(*found: Column) -> list[Column]:
    """Columns of a short list: neither filtered nor sorted."""
    return [replace(one, filter="none", sortable=False) for one in found]


def type_columns() -> list[Column]:
    kinds = line_kinds()

    def state(row: ServiceTypeRow) -> tuple[str, str]:
        return (tr("In uso"), "calm") if row.is_active else (tr("Non più offerto"), "neutral")

    return _plain(
        Column("code", tr("Codice"), kind="code", width=84),
        Column("description", tr("Descrizione"), kind="strong", width=220, stretch=True),
        Column("kind", tr("Tipo"), lambda row: kinds[row.kind], width=180),
        Column("unit", tr("Unità"), width=96),
        Column("list_price", tr("Listino €"), kind="money", width=104),
        Column("vat", tr("IVA"), width=150, gives_way=1),
        Column("used", tr("Righe"), kind="int", width=80),
        Column("state", tr("Stato"), state, kind="chip", width=130),
    )


def index_columns() -> list[Column]:
    def source(row: IndexRow) -> tuple[str, str]:
        return (tr("inserito a mano"), "info") if row.is_own else (tr("ISTAT"), "calm")

    return _plain(
        Column("month", tr("Mese"), lambda row: row.month_on.strftime("%m/%Y"), kind="code", width=96),
        Column("value", tr("Indice"), lambda row: formats.number(row.value, 1), width=96),
        Column("base_year", tr("Base"), lambda row: tr("{year} = 100", year=row.base_year), width=120),
        Column("variation", tr("Sull'anno prima"), lambda row: "" if row.variation is None else formats.signed(row.variation, 1, "%"), width=130),
        Column("source", tr("Fonte"), source, kind="chip", width=150, stretch=True),
    )  # fmt: skip
