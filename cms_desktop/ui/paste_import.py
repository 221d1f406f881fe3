"""Ctrl+V on a list that an import can fill: the cells go the way of the import, with preview and undo.

PasteImport(page, workplace, SITES)                                              a list of all sites
PasteImport(pane, workplace, SITES, fixed=lambda: {"party_number": "17"})        the sites of the customer in view
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from cms_desktop.core.errors import AppError
from cms_desktop.core.mass_change import MassChangeRow
from cms_desktop.documents.importing import ImportTarget, RowText, propose_mapping, undo_import
from cms_desktop.documents.importing.pasting import Cells, check_pasted, paste_cells

from .error_text import error_text
from .import_wizard.words import said, words_of
from .paste_rows import PasteHost, PasteRows
from .translation import translator
from .workplace import Workplace

tr = translator("ui")
SAYS_ALL = {  # who is told by its number is not asked for by other names
    "party_number": ("party_code", "party_name", "party_vat_number", "party_tax_code"),
    "site_number": ("site_code",),
    "number": ("title", "ends_on", "payment_term", "order_reference", "cig_code", "cup_code"),
}
Fixed = Callable[[], Mapping[str, str]]


class PasteImport(PasteRows):
    def __init__(
        self, page: PasteHost, workplace: Workplace, target: ImportTarget, *, fixed: Fixed = dict, area: QWidget | None = None
    ) -> None:
        self.target, self._fixed = target, fixed
        super().__init__(
            page, workplace, fields=self._offered, propose=lambda titles: propose_mapping(target, titles).columns, check=self._check_cells,
            paste=self._paste_cells, undo=self._take_back, required=(target.right,),
            words=lambda sentence: words_of(target, RowText(sentence.text, sentence.values)), area=area,
        )  # fmt: skip

    def is_ready(self) -> bool:
        return self._fixed is dict or bool(self._fixed())

    def _offered(self) -> list[tuple[str, str]]:
        """What the place says itself is not asked; nor is whose it is when the place says that."""
        fixed = set(self._fixed())
        known = {other for one in fixed for other in SAYS_ALL.get(one, ())}
        return [(one.key, said(self.target, one.title)) for one in self.target.fields if one.key not in fixed | known]

    def _check_cells(self, unit: Any, cells: Cells, columns: Mapping[str, int]) -> Any:
        return check_pasted(unit, self.target, cells, columns, self._fixed())

    def _paste_cells(self, unit: Any, cells: Cells, columns: Mapping[str, int], title: str) -> MassChangeRow:
        return paste_cells(unit, self.target, cells, columns, self._fixed(), title)

    def _take_back(self, change: MassChangeRow) -> None:
        def done(_undone: object) -> None:
            self._page.reload()
            self._workplace.say("positive", tr("Annullata: {what}", what=self._page.table.noun.counted(change.row_count)), change.title)

        def failed(error: AppError) -> None:
            self._workplace.say("warning", tr("Annullamento non riuscito"), error_text(error))

        self._background.run(self, lambda unit: undo_import(unit, change.mass_change_id), then=done, failed=failed, key="undo")
