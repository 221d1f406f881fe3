"""Entering, correcting and voiding items charged by use."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from cms_desktop.core.errors import Conflict, InvalidInput
from cms_desktop.db.errors import CONFLICT_TEXT
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.billing.charging.records import Item, Recorded
from cms_desktop.modules.billing.run_tables import ChargeableItem

FIELDS = ("kind", "service_id", "site_id", "on_date", "starts_at", "ends_at", "quantity", "band", "description")


def record_items(unit: UnitOfWork, items: Sequence[Item]) -> Recorded:
    """Hand over items; the same source and id again corrects the item while it is not billed. One without an id is a new one."""
    given = [(one if one.source_id else replace(one, source_id=str(uuid.uuid4()))).as_json() for one in items]
    answer = unit.call("billing.record_items", sa.cast(given, postgresql.JSONB))
    return Recorded(answer["added"], answer["changed"], answer["kept"])


def save_item(unit: UnitOfWork, item_id: int | None, seen_version: int, values: Mapping[str, Any]) -> int:
    """Enter an item by hand, or correct one that is not billed; returns its number."""
    check_values(values)
    known = {key: values[key] for key in FIELDS if key in values}
    if item_id is None:
        record = ChargeableItem(company_id=unit.company_id, **known)
        unit.session.add(record)
    else:
        found = unit.session.get(ChargeableItem, (unit.company_id, item_id))
        if found is None or found.row_version != seen_version:
            raise Conflict(CONFLICT_TEXT)
        record = found
        for key, value in known.items():
            setattr(record, key, value)
    unit.session.flush()
    return record.chargeable_item_id


def check_values(values: Mapping[str, Any]) -> None:
    """Refuse what the database would refuse less kindly."""
    if values.get("service_id") is None and values.get("site_id") is None:
        raise InvalidInput("Scegli la riga di contratto o la sede.", field="service_id")
    start, end = values.get("starts_at"), values.get("ends_at")
    if (start is None) != (end is None):
        raise InvalidInput("Scrivi sia l'inizio sia la fine, o nessuno dei due.", field="ends_at")
    if start is not None and end is not None and not 0 < (end - start).total_seconds() <= 7 * 24 * 3600:
        raise InvalidInput("La fine deve seguire l'inizio, entro sette giorni.", field="ends_at")
    if not (values.get("kind") == "hourly" and start is not None) and not (values.get("quantity") or 0) > 0:
        raise InvalidInput("La quantità deve essere maggiore di zero.", field="quantity")


def void_items(unit: UnitOfWork, item_ids: Sequence[int], reason: str) -> int:
    """Items that will not be billed, saying why; how many."""
    if not reason.strip():
        raise InvalidInput("Scrivi perché la prestazione non si fattura.", field="reason")
    return _mark(unit, item_ids, reason.strip())


def restore_items(unit: UnitOfWork, item_ids: Sequence[int]) -> int:
    """Voided items that will be billed after all."""
    return _mark(unit, item_ids, "")


def _mark(unit: UnitOfWork, item_ids: Sequence[int], reason: str) -> int:
    changed: int = unit.call("billing.void_items", sa.cast(list(item_ids), sa.ARRAY(sa.BigInteger)), reason)
    return changed
