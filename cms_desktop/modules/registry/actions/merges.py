"""Twins decided, parties merged and parted again, requests under privacy law carried out: guarded functions of the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from cms_desktop.core.errors import Conflict, InvalidInput
from cms_desktop.db.errors import CONFLICT_TEXT
from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.registry.queries.contacts import erasure_report
from cms_desktop.modules.registry.queries.parties import find_twins
from cms_desktop.modules.registry.records import ErasureReport
from cms_desktop.modules.registry.tables import Twin


def note_twins(unit: UnitOfWork, party_id: int, values: Mapping[str, Any], *, different: Iterable[int] = ()) -> None:
    """After saving a party: those declared to be somebody else are remembered, the others that look the same wait for a decision."""
    declared = set(different)
    suspected = {one.party_id: list(one.reasons) for one in find_twins(unit, values, besides=party_id)}
    for other in declared | suspected.keys():
        low, high = sorted((party_id, other))
        known = unit.session.scalars(sa.select(Twin).where(Twin.party_id == low, Twin.other_id == high)).first()
        verdict = "different" if other in declared else "open"
        if known is None:
            row = Twin(company_id=unit.company_id, party_id=low, other_id=high, reasons=suspected.get(other, ["name"]), verdict=verdict)
            unit.session.add(row)
        elif verdict == "different" and known.verdict == "open":
            known.verdict = verdict
    unit.session.flush()


def declare_different(unit: UnitOfWork, twin_id: int, *, row_version: int) -> None:
    """The two are not one: the pair is not proposed again."""
    row = unit.session.get(Twin, {"company_id": unit.company_id, "twin_id": twin_id})
    if row is None or row.row_version != row_version:
        raise Conflict(CONFLICT_TEXT)
    row.verdict = "different"
    unit.session.flush()


def look_for_twins(unit: UnitOfWork) -> int:
    """Search all parties for twins; returns how many new pairs. Progress by step."""
    return int(unit.call("registry.look_for_twins"))


def merge_parties(
    unit: UnitOfWork, survivor_id: int, merged_id: int, *, take: Sequence[str], survivor_version: int, merged_version: int
) -> int:
    """Merge one party into another; `take` are the fields whose value comes from the merged one. Returns the merge."""
    fields = sa.cast(list(take), ARRAY(sa.Text))
    return int(unit.call("registry.merge_parties", survivor_id, merged_id, fields, survivor_version, merged_version))


def undo_merge(unit: UnitOfWork, merge_id: int) -> None:
    """Two parties again. Raises InvalidInput with what was touched since."""
    unit.call("registry.undo_merge", merge_id)


def export_person(unit: UnitOfWork, party_id: int, *, origin: str) -> dict[str, list[dict[str, Any]]]:
    """Everything held on a party, by table; noted in the register of requests."""
    _need_origin(origin)
    return dict(unit.call("registry.export_person", party_id, origin.strip()))


def erase_person(unit: UnitOfWork, party_id: int, *, origin: str) -> ErasureReport:
    """Erase what may go; returns the report of what was cleared and what was kept, and why."""
    _need_origin(origin)
    return erasure_report(unit.call("registry.erase_person", party_id, origin.strip()))


def export_contact(unit: UnitOfWork, contact_person_id: int, *, origin: str) -> dict[str, list[dict[str, Any]]]:
    """Everything held on one person of a rubrica, by table; noted in the register of requests."""
    _need_origin(origin)
    return dict(unit.call("registry.export_contact", contact_person_id, origin.strip()))


def erase_contact(unit: UnitOfWork, contact_person_id: int, *, origin: str) -> ErasureReport:
    """Erase one person of a rubrica; what was said with them stays with the party, without their name."""
    _need_origin(origin)
    return erasure_report(unit.call("registry.erase_contact", contact_person_id, origin.strip()))


def _need_origin(origin: str) -> None:
    if not origin.strip():
        raise InvalidInput("Scrivi da dove viene la richiesta: serve a dimostrarla.", field="origin")
