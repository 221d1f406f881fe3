"""Who of another company may get a place in this one."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from cms_desktop.modules.base import queries
from cms_desktop.modules.base.records import ColleagueRow
from cms_desktop.ui.basics import button, row
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("base")


class AdmitButton(QWidget):
    """Opens the list of colleagues of other companies; `chosen(ColleagueRow)`."""

    chosen = Signal(object)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.menu = QMenu(self)
        self.button = button(tr("Ammetti"), "", "users", tip=tr("Ammetti un collega di un'altra azienda (Ctrl+Maiusc+C)"))
        self.button.setAccessibleName(tr("Ammetti un collega di un'altra azienda"))
        self.button.clicked.connect(self.open_list)
        self.setLayout(row(self.button, spacing=0))

    def open_list(self) -> None:
        """Reads who can be admitted now, then shows them."""
        self._workplace.background.run(self, queries.list_admissible, then=self._show, key="admissible")

    def _show(self, colleagues: tuple[ColleagueRow, ...]) -> None:
        self.menu.clear()
        for one in colleagues:
            details = " · ".join(part for part in (one.display_name, one.job_title, one.login) if part)
            self.menu.addAction(details).triggered.connect(partial(self._on_chosen, one))
        if not colleagues:
            nobody = self.menu.addAction(tr("Nessun collega di altre tue aziende da ammettere"))
            nobody.setEnabled(False)
        self.menu.popup(self.button.mapToGlobal(QPoint(0, self.button.height() + 4)))
        self.menu.setActiveAction(self.menu.actions()[0])

    def _on_chosen(self, colleague: ColleagueRow, _checked: bool = False) -> None:
        self.chosen.emit(colleague)
