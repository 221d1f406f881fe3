"""What changes prices in bulk, types of service and the company's own months of the index."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from cms_desktop.core.errors import Conflict, InvalidInput
from cms_desktop.db.errors import CONFLICT_TEXT
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.customers.pricing.records import PriceRunParameters
from cms_desktop.modules.customers.pricing.rules import STEPS
from cms_desktop.modules.customers.tables import PriceIndex, ServiceType

TYPE_FIELDS = (
    "code",
    "description",
    "kind",
    "unit",
    "list_price",
    "vat_code_id",
    "is_active",
    "invoice_text",
    "night_starts_at",
    "night_ends_at",
)
USUAL_TYPES = (  # what an institute sells (D.M. 269/2010 art. 3 and what goes with it): code, description, kind, unit
    ("ISP", "Vigilanza ispettiva", "recurring", "mese"),
    ("COL", "Collegamento allarme", "recurring", "mese"),
    ("TVS", "Telesorveglianza", "recurring", "mese"),
    ("CHI", "Custodia chiavi", "recurring", "mese"),
    ("MAN", "Manutenzione impianto", "recurring", "mese"),
    ("PIA", "Piantonamento", "hourly", "ora"),
    ("POR", "Portierato", "hourly", "ora"),
    ("PAS", "Passaggi a richiesta", "passages", "passaggio"),
    ("INT", "Intervento su allarme", "interventions", "intervento"),
    ("TVA", "Trasporto valori", "passages", "viaggio"),
    ("INS", "Installazione e attivazione", "one_off", ""),
    ("DEP", "Deposito cauzionale", "deposit", ""),
)


def prepare_price_run(unit: UnitOfWork, parameters: PriceRunParameters) -> int:
    """A preview of new prices; nothing changes yet. Raises InvalidInput for what cannot be."""
    if parameters.step not in STEPS:
        raise InvalidInput("L'arrotondamento va scelto nell'elenco.", field="step")
    wanted = sa.literal(parameters.as_json(), postgresql.JSONB)
    return int(unit.call("customers.prepare_price_run", parameters.kind, parameters.title, parameters.effective_on, wanted))


def exclude_prices(unit: UnitOfWork, run_id: int, service_ids: Sequence[int], reason: str) -> int:
    """Lines stay out of the run, for a reason; an empty one takes them in again."""
    return int(unit.call("customers.exclude_prices", run_id, sa.cast(list(service_ids), postgresql.ARRAY(sa.BigInteger)), reason))


def confirm_price_run(unit: UnitOfWork, run_id: int) -> int:
    """The new prices go into the history; how many."""
    return int(unit.call("customers.confirm_price_run", run_id)["count"])


def undo_price_run(unit: UnitOfWork, run_id: int) -> int:
    """A confirmed run is taken back as a whole, while nothing is billed at its prices."""
    return int(unit.call("customers.undo_price_run", run_id)["count"])


def discard_price_run(unit: UnitOfWork, run_id: int) -> None:
    unit.call("customers.discard_price_run", run_id)


def mark_letters(unit: UnitOfWork, run_id: int) -> None:
    """The letters of a run were made."""
    unit.call("customers.mark_letters", run_id)


# ---- masters ------------------------------------------------------------------------------------------------------------


def save_service_type(unit: UnitOfWork, service_type_id: int, values: Mapping[str, Any], *, row_version: int = 0) -> int:
    """Add (id 0) or change a type of service. Raises InvalidInput with the field, Conflict."""
    chosen = {key: values[key] for key in TYPE_FIELDS if key in values}
    for key in ("night_starts_at", "night_ends_at"):
        if key in chosen:
            chosen[key] = _night_hour(key, chosen[key])
    for key in ("code", "description", "unit", "invoice_text"):
        if key in chosen:
            chosen[key] = (chosen[key] or "").strip()
    chosen["code"] = chosen.get("code", "").upper()
    for key, text in (("code", "Manca il codice: scrivilo."), ("description", "Manca la descrizione: scrivila.")):
        if not chosen.get(key):
            raise InvalidInput(text, field=key)
    if service_type_id == 0:
        row = ServiceType(company_id=unit.company_id, **chosen)
        unit.session.add(row)
    else:
        found = unit.session.get(ServiceType, {"company_id": unit.company_id, "service_type_id": service_type_id})
        if found is None or found.row_version != row_version:
            raise Conflict(CONFLICT_TEXT)
        row = found
        for key, value in chosen.items():
            setattr(row, key, value)
    unit.session.flush()
    return row.service_type_id


def _night_hour(field: str, typed: str | None) -> datetime.time:
    """ "22:00" as a time of day."""
    found = re.fullmatch(r"(\d{1,2})(?:[:.]?(\d{2}))?", (typed or "").strip())
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    if hour > 23 or minute > 59:
        raise InvalidInput("«{typed}» non è un'ora: scrivila come 22:30.", field=field, typed=typed or "")
    return datetime.time(hour, minute)


def add_usual_types(unit: UnitOfWork, vat_code_id: int | None) -> int:
    """The types an institute usually sells, without prices; those whose code is there stay as they are. How many were added."""
    known = set(unit.session.scalars(sa.select(ServiceType.code)))
    fresh = [one for one in USUAL_TYPES if one[0] not in known]
    for code, description, kind, measure in fresh:
        vat = None if kind == "deposit" else vat_code_id
        unit.session.add(
            ServiceType(company_id=unit.company_id, code=code, description=description, kind=kind, unit=measure, vat_code_id=vat)
        )
    unit.session.flush()
    return len(fresh)


def enter_index(unit: UnitOfWork, month_on: datetime.date, value: Decimal, base_year: int) -> None:
    """A month of the index as the company read it; replaces its own figure of that month."""
    month = month_on.replace(day=1)
    if value <= 0:
        raise InvalidInput("L'indice deve essere maggiore di zero.", field="value")
    row = unit.session.scalars(sa.select(PriceIndex).where(PriceIndex.month_on == month)).first()
    if row is None:
        unit.session.add(PriceIndex(company_id=unit.company_id, month_on=month, value=value, base_year=base_year))
    else:
        row.value, row.base_year = value, base_year
    unit.session.flush()


def remove_index(unit: UnitOfWork, price_index_id: int) -> None:
    """The company's own figure goes; the published one holds again."""
    row = unit.session.get(PriceIndex, {"company_id": unit.company_id, "price_index_id": price_index_id})
    if row is None:
        raise Conflict(CONFLICT_TEXT)
    unit.session.delete(row)
    unit.session.flush()
