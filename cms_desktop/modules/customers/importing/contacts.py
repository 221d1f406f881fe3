"""The people of parties (rubrica) as a target of imports, told by the customer's code as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.documents.importing import ImportMapping, WorkRow, batches
from cms_desktop.modules.customers.importing.known import REFERENCE_FIELDS, find_parties
from cms_desktop.modules.registry.importing.people import CONTACTS as PEOPLE
from cms_desktop.modules.registry.importing.people import OWN_FIELDS, meet_known


def resolve(unit: UnitOfWork, rows: Sequence[WorkRow], mapping: ImportMapping) -> None:
    """Whose people they are, and who is in the rubrica already."""
    for batch in batches(rows):
        find_parties(unit, batch, only_customers=False)
    meet_known(unit, rows, mapping)


CONTACTS = replace(PEOPLE, fields=(*REFERENCE_FIELDS, *OWN_FIELDS), resolve=resolve, code_title="Cliente", context="customers")
