"""A line of the register of requests under privacy law."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from cms_desktop.core import formats
from cms_desktop.modules.registry.records import PrivacyRequest
from cms_desktop.ui.basics import boxed, label, row
from cms_desktop.ui.chips import StatusChip
from cms_desktop.ui.translation import translator

tr = translator("registry")


def request_line(one: PrivacyRequest) -> QWidget:
    kinds = {"export": (tr("Dati consegnati"), "info"), "erasure": (tr("Dati cancellati"), "neutral")}
    words = [formats.date(one.created_at.astimezone().date()), one.contact_name, one.author, one.origin]
    return boxed(row(StatusChip(*kinds[one.kind]), label(" · ".join(word for word in words if word), "small", "2"), None, spacing=8))
