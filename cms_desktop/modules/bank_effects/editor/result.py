"""What came out of a presentation, and where its file is."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from cms_desktop.core import formats
from cms_desktop.modules.bank_effects.editor.saving import save_file
from cms_desktop.modules.bank_effects.records import BankFile
from cms_desktop.ui.basics import IconLabel, boxed, button, column, label, row, rule
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("bank_effects")


class PresentationResult(QWidget):
    """Count, total, records, file name, place; save again, look at the batch, start another."""

    again_wanted = Signal()
    batch_wanted = Signal(str)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.file: BankFile | None = None
        self.title = label("", "title")
        self.problem = InlineMessage("negative", "")
        self.problem.hide()
        names = (
            ("count", tr("Effetti")),
            ("total", tr("Totale")),
            ("records", tr("Record del file")),
            ("name", tr("Nome del file")),
            ("place", tr("Salvato in")),
        )
        self.facts = {key: label("", "medium") for key, _ in names}
        self.facts["place"].setWordWrap(True)
        lines = [row(_wide(title), self.facts[key], spacing=12) for key, title in names]
        for line in lines:
            line.setStretch(1, 1)
        self.save_button = button(tr("Salva il file…"), "primary", "download")
        self.save_button.clicked.connect(self.save)
        batch = button(tr("Apri la distinta"), "", "arrow-right")
        batch.clicked.connect(lambda: self.file is not None and self.batch_wanted.emit(self.file.number))
        again = button(tr("Nuova presentazione"), "", "plus")
        again.clicked.connect(self.again_wanted)
        head = row(IconLabel("circle-check", 22, "positive_fill", 2), self.title, None, spacing=12)
        foot = row(None, again, batch, self.save_button, spacing=8)
        body = boxed(column(head, rule(), self.problem, *lines, rule(), foot, spacing=14, margins=(24, 20, 24, 20)), card="true")
        body.setFixedWidth(640)
        self.setLayout(column(24, row(None, body, None), None))

    def show_file(self, file: BankFile) -> None:
        self.file = file
        self.title.setText(tr("Distinta {number} pronta per la banca", number=file.number))
        self.facts["count"].setText(formats.number(file.effect_count))
        self.facts["total"].setText(formats.money(file.total_amount))
        self.facts["records"].setText(
            tr("1 record di 120 caratteri")
            if file.record_count == 1
            else tr("{n} record di 120 caratteri", n=formats.number(file.record_count))
        )
        self.facts["name"].setText(file.name)
        self.facts["place"].setText(tr("non ancora salvato su disco; resta conservato nella distinta"))
        self.save_button.setFocus()

    def save(self) -> None:
        """Ask where to put the file; it can be saved again at any time."""
        if self.file is None:
            return
        self.problem.hide()
        try:
            path = save_file(self._workplace, self, self.file)
        except OSError as error:
            self.problem.set_message(
                "negative", tr("Il file non si può scrivere qui: {reason}. Scegli un'altra cartella.", reason=error.strerror or str(error))
            )
            return
        if path is not None:
            self.facts["place"].setText(str(path))


def _wide(text: str) -> QLabel:
    result = label(text, "body", "2")
    result.setFixedWidth(140)
    return result
