"""The data of a person as they are handed over: a PDF to read, a spreadsheet, and JSON for machines."""

from __future__ import annotations

import datetime
import json
import pathlib
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.documents.person_report import HIDDEN, write_person_report
from cms_desktop.modules.base.field_words import field_word
from cms_desktop.modules.base.records import Letterhead
from cms_desktop.modules.registry.columns import act_names, channel_names, kind_names, role_names, table_name
from cms_desktop.modules.registry.records import ClassField
from cms_desktop.ui.translation import translator

tr = translator("registry")
Rows = Sequence[Mapping[str, Any]]
MONEY = re.compile(r"(_amount|_price|^amount)$")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
TECHNICAL = re.compile(r"(_id|_by|_version|_key|_text)$")  # numbers that only the database reads; spreadsheet and JSON hold them


FIRST = ("registry.party", "registry.contact_person", "registry.party_role", "registry.refusal", "registry.note", "customers.customer")


def write_person(
    collected: Mapping[str, Rows], path: pathlib.Path, *, name: str, origin: str, letterhead: Letterhead, classes: Sequence[ClassField] = ()
) -> pathlib.Path:
    """Three files beside each other (art. 12 and 20: readable, and structured, commonly used, machine-readable). Returns the PDF."""
    from reports.person.layout import PersonSection, person_pdf  # slow to load: only who hands over waits for it

    write_person_report(path.with_suffix(".xlsx"), {table_name(table): rows for table, rows in collected.items()}, word=field_word)
    path.with_suffix(".json").write_text(json.dumps(collected, ensure_ascii=False, indent=2), encoding="utf-8")
    codes = {**_code_words(), **{f"class_{one.position}": one.name for one in classes}}
    values = {str(value.value_id): value.name for one in classes for value in one.values}
    tables = sorted(collected, key=lambda table: FIRST.index(table) if table in FIRST else len(FIRST))
    sections = [PersonSection(table_name(table), [_fields(row, codes, values) for row in collected[table]]) for table in tables]
    paper = path.with_suffix(".pdf")
    paper.write_bytes(person_pdf(name, sections, letterhead, on=local_today(), origin=origin))
    return paper


def _code_words() -> dict[str, str]:
    """What the codes that stand in fields mean."""
    roles = {key: words for key, (words, _tone) in role_names().items()}
    others = {
        "active": tr("attivo"), "draft": tr("bozza"), "suspended": tr("sospeso"), "terminating": tr("in disdetta"), "terminated": tr("terminato"),
        "issued": tr("emessa"), "receipt": tr("incasso"), "payment": tr("pagamento"), "refund": tr("rimborso"), "invoice": tr("fattura"),
        "recurring": tr("canone"), "hourly": tr("a ore"), "one_off": tr("una volta"), "business": tr("impresa o ente"),
        "consumer": tr("consumatore"), "days": tr("giorni"), "months": tr("mesi"), "registered": tr("raccomandata"), "any": tr("qualsiasi mezzo"),
        "mail": tr("e-mail"), "none": tr("nessuno"), "standard": tr("normale"), "gentle": tr("leggera"), "strict": tr("severa"),
        "export": tr("consegna dei dati"), "erasure": tr("cancellazione dei dati"), "initial": tr("iniziale"), "manual": tr("a mano"),
        "run": tr("variazione di prezzi"), "open": tr("aperta"), "taken": tr("presa in carico"), "done": tr("fatta"), "expired": tr("scaduto"),
        "revoked": tr("revocato"), "update": tr("modifica"), "delete": tr("cancellazione"), "insert": tr("inserimento"),
    }  # fmt: skip
    return {**others, **kind_names(), **roles, **channel_names(), **act_names()}


def _fields(row: Mapping[str, Any], codes: Mapping[str, str], values: Mapping[str, str]) -> list[tuple[str, str]]:
    shown = [(key, value) for key, value in row.items() if key not in HIDDEN and not TECHNICAL.search(key)]
    found = []
    for key, value in shown:
        is_class = key.startswith("class_")
        words = values.get(str(value), "") if is_class else _words(key, value, codes, values)
        if words:
            found.append((codes.get(key, field_word(key)) if is_class else field_word(key), words))
    return found


def _words(key: str, value: Any, codes: Mapping[str, str], values: Mapping[str, str]) -> str:
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return tr("sì") if value else tr("no")
    if isinstance(value, Mapping):
        return "; ".join(f"{word}: {text}" for word, text in _fields(value, codes, values))
    if isinstance(value, list | tuple):
        return ", ".join(_words(key, one, codes, values) for one in value)
    if isinstance(value, int | float):
        return formats.amount(Decimal(str(value))) if MONEY.search(key) else str(value).replace(".", ",")
    text = codes.get(str(value), str(value))
    if not DAY.match(text):
        return text
    return formats.date(datetime.date.fromisoformat(text[:10])) + (f" {text[11:16]}" if len(text) > 16 and text[10] == "T" else "")
