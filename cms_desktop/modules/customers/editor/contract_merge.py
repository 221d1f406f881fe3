"""Contract and services as one form: what was typed and not saved, and what two people changed at the same time.

Fields and services that only one of two people touched are merged, for the rest the person chooses.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from cms_desktop.modules.customers.editor.service_line import ServiceLine
from cms_desktop.modules.customers.records import Contract, Service
from cms_desktop.ui.feedback import ConflictField
from cms_desktop.ui.form import RecordForm, changed_fields
from cms_desktop.ui.translation import translator

tr = translator("customers")


def contract_values(form: RecordForm, contract: Contract) -> dict[str, Any]:
    return {key: getattr(contract, key) for key in form.fields}


def contract_conflicts(form: RecordForm, lines: Sequence[ServiceLine], opened: Contract, now: Contract) -> list[ConflictField]:
    """All that was changed here or there, in words; a service that one changed and the other took away is one entry."""
    found = changed_fields(form, contract_values(form, now))
    stored = {one.service_id: one for one in now.services}
    for line in lines:
        number = line.stored.service_id
        if number in stored:
            found += line.clashes(stored[number])
        elif number and line.is_changed():
            found.append(ConflictField(f"service.{number}", line.stored.description, tr("c'è"), tr("tolto"), tr("cambiato")))
    for one in _taken_away(lines, opened):
        if one.service_id in stored and stored[one.service_id] != one:
            found.append(ConflictField(f"service.{one.service_id}", one.description, tr("c'è"), tr("cambiato"), tr("tolto")))
    return found


def contract_draft(editor: Any) -> dict[str, Any]:
    """What was typed into the contract and its services, fit for JSON."""
    services = [{"service": line.stored.service_id, "typed": line.draft()} for line in editor.lines]
    found = {**editor.form.draft(), "services": [one for one in services if one["typed"]], "removed": editor.removed()}
    return {key: value for key, value in found.items() if value or key in editor.form.fields}


def restore_contract(editor: Any, draft: Mapping[str, Any]) -> None:
    """Put typed text back over the contract as it is loaded; a service that is gone meanwhile becomes a new one."""
    editor.form.restore_draft({key: value for key, value in draft.items() if key in editor.form.fields})
    unused = [line for line in editor.lines if line.stored.service_id == 0]
    for one in draft.get("services", ()):
        known = next((line for line in editor.lines if one["service"] and line.stored.service_id == one["service"]), None)
        line = known or (unused.pop(0) if unused else editor.add_line())
        line.restore_draft(one["typed"])
    for line in [line for line in editor.lines if line.stored.service_id in draft.get("removed", ())]:
        editor.drop_line(line)


def _taken_away(lines: Sequence[ServiceLine], opened: Contract) -> list[Service]:
    left = {line.stored.service_id for line in lines}
    return [one for one in opened.services if one.service_id not in left]


def rebase_lines(editor: Any, opened: Contract, now: Contract, taken: Collection[str]) -> None:
    """The services as they are stored now under what is typed; `taken` are the entries where the colleague's word was chosen."""
    stored, mine = {one.service_id: one for one in now.services}, {line.stored.service_id for line in editor.lines}
    for line in list(editor.lines):
        number = line.stored.service_id
        if number in stored:
            line.rebase(stored[number], taken)
        elif number and line.is_changed() and f"service.{number}" not in taken:
            line.detach()
        elif number:
            editor.drop_line(line)
    away = {one.service_id for one in opened.services}  # not mine any more: taken away here
    for number, service in stored.items():
        if number not in mine and (number not in away or f"service.{number}" in taken):
            editor.append_line(service)
