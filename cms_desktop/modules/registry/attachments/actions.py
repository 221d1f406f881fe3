"""What attaches, renames and removes documents."""

from __future__ import annotations

from cms_desktop.db.unit_of_work import UnitOfWork
from cms_desktop.modules.registry.attachments import rules, transfer
from cms_desktop.modules.registry.attachments.records import Outgoing
from cms_desktop.modules.registry.notes.records import Subject


def attach(unit: UnitOfWork, subject: Subject, document: Outgoing, *, description: str = "") -> int:
    """Send a document and attach it; returns the attachment's id. Raises InvalidInput when it is too large, NotAllowed, Cancelled."""
    name = rules.stored_name(document.name)
    upload = transfer.send(unit, document)
    return int(
        unit.call(
            "registry.attach", upload, subject.table, subject.record_id, name, rules.media_type_of(name), description
        )
    )  # fmt: skip


def attach_version(unit: UnitOfWork, attachment_id: int, document: Outgoing) -> int:
    """Send a new version of an attached document; the old ones stay."""
    name = rules.stored_name(document.name)
    upload = transfer.send(unit, document)
    return int(unit.call("registry.attach_version", upload, attachment_id, name, rules.media_type_of(name)))


def describe_attachment(unit: UnitOfWork, attachment_id: int, *, name: str, description: str = "") -> None:
    unit.call("registry.describe_attachment", attachment_id, rules.stored_name(name), description)


def remove_attachment(unit: UnitOfWork, attachment_id: int) -> None:
    """That version; who removed it and when stays. The content goes with its last attachment."""
    unit.call("registry.remove_attachment", attachment_id)
