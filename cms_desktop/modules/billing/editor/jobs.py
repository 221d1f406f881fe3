"""Long work of billing: counted in invoices."""

from __future__ import annotations

from typing import Any

from cms_desktop.ui.long_job import LongJob as AnyLongJob
from cms_desktop.ui.translation import translator

tr = translator("billing")


class LongJob(AnyLongJob):
    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, unit=tr("fatture"), **more)
