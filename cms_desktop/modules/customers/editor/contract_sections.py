"""The fields of a contract's head, and what they come to: end of the term, last day for notice."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from cms_desktop.core import formats
from cms_desktop.modules.customers.contracts.records import Happening
from cms_desktop.modules.customers.contracts.rules import Term, notice_by, price_clause_on, renews_on, term_end
from cms_desktop.ui.form import FieldSpec, FormSection
from cms_desktop.ui.timeline import Entry
from cms_desktop.ui.translation import translator

tr = translator("customers")
SHARES = (Decimal(75), Decimal(100))
NEW = {
    "profile": "business", "notice_count": 0, "notice_unit": "days", "notice_channel": "registered", "index_share": Decimal(100),
    "index_floor": Decimal(0), "deposit_amount": Decimal(0),
}  # fmt: skip


def _has(key: str) -> Any:
    return lambda values: bool(values.get(key))


def contract_sections() -> list[FormSection]:
    """Rarely used fields show when what they belong to is filled in."""
    months = [(number, name.capitalize()) for number, name in enumerate(formats.MONTHS, start=1)]
    number = FieldSpec("number", tr("Numero"), "code", options={"hint": tr("automatico"), "longest": 20})
    money = {"visible": _has("deposit_amount")}
    clause = {"visible": _has("is_indexed")}
    renews = {"visible": _has("duration_months")}
    return [
        FormSection(
            tr("Contratto"),
            [
                [(number, 4), (FieldSpec("title", tr("Oggetto")), 8)],
                [
                    (FieldSpec("starts_on", tr("Inizio"), "date", required=True), 4), (FieldSpec("ends_on", tr("Fine"), "date"), 4),
                    (FieldSpec("payment_term_id", tr("Pagamento"), "choice", options={"empty": tr("Come il cliente")}), 4),
                ],
                [
                    (FieldSpec("profile", tr("Profilo"), "choice", choices=(("business", tr("Impresa o ente")), ("consumer", tr("Consumatore")))), 4),
                    (FieldSpec("signed_on", tr("Firmato il"), "date"), 4),
                    (FieldSpec("duration_months", tr("Durata, mesi"), "int", options={"lowest": 1, "highest": 600, "hint": tr("senza termine")}), 4),
                ],
                [
                    (FieldSpec("renewal_months", tr("Rinnovo tacito, mesi"), "int", options={"lowest": 1, "highest": 600, "hint": tr("non si rinnova")}, **renews), 3),
                    (FieldSpec("notice_count", tr("Disdetta entro"), "int", options={"lowest": 0, "highest": 730}, **renews), 3),
                    (FieldSpec("notice_unit", tr("Giorni o mesi"), "choice", choices=(("days", tr("giorni")), ("months", tr("mesi"))), **renews), 3),
                    (FieldSpec("notice_channel", tr("Con"), "choice", choices=(("registered", tr("raccomandata A/R")), ("pec", tr("PEC")), ("any", tr("qualsiasi mezzo"))), **renews), 3),
                ],
            ],
        ),
        FormSection(
            tr("Condizioni"),
            [
                [
                    (FieldSpec("is_indexed", tr("Clausola ISTAT"), "check"), 4),
                    (FieldSpec("index_share", tr("Quota della variazione"), "choice", choices=tuple((one, f"{one} %") for one in SHARES), **clause), 4),
                    (FieldSpec("index_base_on", tr("Mese base"), "date", note=tr("un giorno del mese"), **clause), 4),
                ],
                [
                    (FieldSpec("index_month", tr("Si adegua a"), "choice", choices=months, options={"empty": tr("quando serve")}, **clause), 4),
                    (FieldSpec("index_floor", tr("Almeno %"), "amount", options={"decimals": 2}, **clause), 4),
                    (FieldSpec("index_cap", tr("Al più %"), "amount", options={"decimals": 2}, **clause), 4),
                ],
                [
                    (FieldSpec("deposit_amount", tr("Deposito cauzionale €"), "amount"), 4),
                    (FieldSpec("deposit_received_on", tr("Versato il"), "date", **money), 4),
                    (FieldSpec("deposit_returned_on", tr("Restituito il"), "date", **money), 4),
                ],
                [
                    (FieldSpec("order_reference", tr("Ordine del cliente")), 4),
                    (FieldSpec("cig_code", tr("CIG"), "code", options={"longest": 10}), 4),
                    (FieldSpec("cup_code", tr("CUP"), "code", options={"longest": 15}), 4),
                ],
            ],
        ),
    ]  # fmt: skip


def term_words(values: Mapping[str, Any], today: datetime.date) -> tuple[str, str]:
    """What the fields come to today, and the tone of the message; empty without a start or an end."""
    start = values.get("starts_on")
    if start is None:
        return "", "info"
    term = Term(
        start, values.get("duration_months"), values.get("renewal_months") if values.get("duration_months") else None, values.get("ends_on"),
        values.get("notice_count") or 0, values.get("notice_unit") or "days",
    )  # fmt: skip
    words, tone = [], "info"
    end, renewal, last = term_end(term, today), renews_on(term, today), notice_by(term, today)
    if renewal is not None and last is not None:
        words.append(tr("Si rinnova il {day}.", day=formats.date(renewal)))
        if last >= today:
            words.append(tr("Ultimo giorno utile per disdire: {day}.", day=formats.date(last)))
        else:
            words.append(tr("Il termine per disdire è passato il {day}.", day=formats.date(last)))
            tone = "warning"
    elif end is not None:
        words.append(tr("Finisce il {day}.", day=formats.date(end)) if end >= today else tr("È finito il {day}.", day=formats.date(end)))
        tone = "info" if end >= today else "warning"
    if values.get("is_indexed"):
        base = values.get("index_base_on")
        if base is None:
            words.append(tr("Manca il mese base ISTAT."))
            tone = "warning"
        else:
            day = price_clause_on(start, base.replace(day=1), values.get("index_month"), today)
            words.append(tr("Prossimo adeguamento ISTAT dal {day}.", day=formats.date(day)))
    return " ".join(words), tone


def story_entry(one: Happening) -> Entry:
    """What happened to a contract, as its timeline shows it."""
    words = {
        "signed": (tr("Firmato"), "pen-line", "neutral"),
        "started": (tr("Inizio"), "play", "positive"),
        "renewed": (tr("Rinnovato fino al {day}", day=one.text), "refresh-cw", "info"),
        "taken_over": (tr("Subentrato a {name}", name=one.text), "arrow-left-right", "info"),
        "passed_on": (tr("Passato a {name}", name=one.text), "arrow-left-right", "warning"),
        "repriced": (tr("Prezzi cambiati: {title}", title=one.text), "percent", "info"),
        "suspended": (tr("Sospeso: {service}", service=one.text), "pause", "warning"),
        "ended": (tr("Fine"), "flag", "negative"),
    }
    title, icon, tone = words[one.kind]
    detail = tr("per subentro") if one.detail == "transfer" else one.detail
    return Entry(formats.date(one.on_day), icon, title, detail, tone=tone)
