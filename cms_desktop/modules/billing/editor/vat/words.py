"""Words and columns of the VAT books on the screen."""

from __future__ import annotations

import datetime
from typing import Any

from cms_desktop.core import formats
from cms_desktop.modules.billing.vat.records import RegisterRow, RegisterTotal, Section, Settlement, StampQuarter
from cms_desktop.ui.record_table import Column
from cms_desktop.ui.translation import translator

tr = translator("vat")


def month_text(day: datetime.date) -> str:
    return f"{month_names()[day.month - 1]} {day.year}"


def month_names() -> list[str]:
    return [
        tr("gennaio"), tr("febbraio"), tr("marzo"), tr("aprile"), tr("maggio"), tr("giugno"), tr("luglio"), tr("agosto"), tr("settembre"),
        tr("ottobre"), tr("novembre"), tr("dicembre"),
    ]  # fmt: skip


def section_text(section: Section) -> str:
    return {
        "purchases": tr("Acquisti: autofatture e integrazioni"),
        "collected": tr("IVA differita incassata"),
    }.get(section.register) or tr("Vendite, sezionale {code} – {name}", code=section.code, name=section.name)


def period_text(one: Settlement) -> str:
    if one.is_quarter:
        return tr("{n}º trimestre", n=(one.period_start.month + 2) // 3)
    return month_names()[one.period_start.month - 1].capitalize()


def exigibility_chip(one: Any) -> tuple[str, str] | None:
    return {"D": (tr("differita"), "warning"), "S": (tr("scissione"), "info")}.get(one.exigibility)


def row_columns() -> list[Column]:
    plain: dict[str, Any] = {"sortable": False}
    return [
        Column("document_number", tr("Numero"), kind="code", width=110, **plain),
        Column("registered_on", tr("Data"), kind="date", width=104, **plain),
        Column("document_type", tr("Tipo"), width=70, gives_way=2, **plain),
        Column("name", tr("Cliente o fornitore"), kind="strong", width=170, stretch=True, **plain),
        Column("vat_number", tr("Partita IVA"), _fiscal_code, kind="code", width=130, gives_way=3, **plain),
        Column("code", tr("Codice"), kind="code", width=66, **plain),
        Column("exigibility", tr("Esigibilità"), exigibility_chip, kind="chip", width=96, gives_way=4, **plain),
        Column("net_amount", tr("Imponibile"), kind="money", width=110, tone=_negative, total=True, **plain),
        Column("vat_amount", tr("Imposta"), kind="money", width=100, tone=_negative, total=True, **plain),
        Column("total_amount", tr("Totale"), kind="money", width=110, tone=_negative, total=True, gives_way=1, **plain),
    ]


def _fiscal_code(one: RegisterRow) -> str:
    return one.vat_number or one.tax_code


def _negative(one: Any) -> str:
    return "negative" if one.vat_amount < 0 or one.net_amount < 0 else ""


def total_columns() -> list[Column]:
    return [
        Column("code", tr("Codice"), _total_text, kind="two-line", width=110, stretch=True, sortable=False),
        Column("net_amount", tr("Imponibile"), kind="money", width=108, tone=_negative, sortable=False),
        Column("vat_amount", tr("Imposta"), kind="money", width=98, tone=_negative, sortable=False),
    ]


def _total_text(one: RegisterTotal) -> tuple[str, str]:
    chip = exigibility_chip(one)
    detail = one.nature or f"{formats.number(one.rate, 0 if one.rate == int(one.rate) else 2)} %"
    return one.code, " · ".join([detail, *([chip[0]] if chip else [])])


def settlement_columns() -> list[Column]:
    return [
        Column("period", tr("Periodo"), period_text, kind="strong", width=110, stretch=True, sortable=False),
        Column("result_amount", tr("Da versare / credito"), kind="money", width=152, tone=_credit, sortable=False),
        Column("state", tr("Stato"), _state_chip, kind="chip", width=112, sortable=False),
    ]


def _credit(one: Settlement) -> str:
    return "positive" if one.result_amount < 0 else ""


def _state_chip(one: Settlement) -> tuple[str, str]:
    return (tr("Confermata"), "positive") if one.is_confirmed else (tr("Proposta"), "neutral")


def quarter_columns() -> list[Column]:
    return [
        Column("quarter", tr("Trimestre"), lambda one: tr("{n}º trimestre", n=one.quarter), kind="strong", width=130, sortable=False),
        Column("document_count", tr("Documenti"), kind="int", width=110, sortable=False, total=True),
        Column("amount", tr("Imposta"), kind="money", width=120, sortable=False, total=True),
        Column("due_on", tr("Da versare entro"), kind="date", width=130, sortable=False),
        Column("tribute_code", tr("Codice tributo"), kind="code", width=116, sortable=False),
        Column("note", tr("Nota"), _quarter_note, width=200, stretch=True, sortable=False, tone=lambda _one: "second"),
    ]


def _quarter_note(one: StampQuarter) -> str:
    if one.paid_with == one.quarter or not one.document_count:
        return ""
    return tr("Si può versare con il {n}º trimestre: fino a lì non supera il limite", n=one.paid_with)


def vp_lines(one: Settlement) -> list[tuple[str, str, Any]]:
    """The lines of the periodic communication: name, words, amount."""
    vp6, result = one.vp6, one.result_amount
    return [
        ("VP2", tr("Totale operazioni attive (al netto dell'IVA)"), one.active_net),
        ("VP3", tr("Totale operazioni passive (al netto dell'IVA)"), one.passive_net),
        ("VP4", tr("IVA esigibile"), one.due_vat),
        ("VP5", tr("IVA detratta"), one.deducted_vat),
        ("VP6", tr("IVA dovuta") if vp6 >= 0 else tr("IVA a credito"), abs(vp6)),
        ("VP7", tr("Debito del periodo precedente rimandato"), one.carried_debt),
        ("VP8", tr("Credito del periodo precedente"), one.carried_credit),
        ("VP9", tr("Credito dell'anno precedente"), one.year_credit),
        ("VP11", tr("Crediti d'imposta"), one.tax_credits),
        ("VP12", tr("Interessi dovuti per liquidazioni trimestrali"), one.interest_amount),
        ("VP13", tr("Acconto dovuto"), one.advance_amount),
        ("VP14", tr("IVA da versare") if result >= 0 else tr("IVA a credito"), abs(result)),
    ]
