"""A change of rate: a new VAT code takes the place of the chosen one from a day on."""

from __future__ import annotations

import datetime
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError, InvalidInput
from cms_desktop.modules.base import actions
from cms_desktop.modules.base.editor.table_specs import TableSpec
from cms_desktop.modules.base.editor.tables import TableEditor
from cms_desktop.modules.base.records import StoredRecord
from cms_desktop.ui.basics import Elevated, button, column, label, row
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage, Overlay
from cms_desktop.ui.fields import Field
from cms_desktop.ui.form import FieldSpec, FormSection, RecordForm
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("base")
WIDTH, HEIGHT = 560, 430


class VatChange(Elevated):
    """From which day, which code, which rate. F10 stores it, Esc leaves."""

    done = Signal(int)
    left = Signal()

    def __init__(self, workplace: Workplace, old: StoredRecord) -> None:
        super().__init__(radius=12)
        self._workplace, self._old = workplace, old
        next_year = datetime.date(local_today().year + 1, 1, 1)
        highest = {"lowest": Decimal("0.01"), "highest": Decimal(100)}
        self.form = RecordForm([
            FormSection(tr("Cambio di aliquota"), [
                [(FieldSpec("from_day", tr("Dal giorno"), "date", required=True), 6), (FieldSpec("rate", tr("Aliquota %"), "amount", required=True, options=highest), 6)],
                [(FieldSpec("code", tr("Nuovo codice"), "code", required=True, options={"longest": 8}), 4), (FieldSpec("description", tr("Descrizione"), required=True), 8)],
            ])
        ])  # fmt: skip
        self.form.load({"from_day": next_year, "rate": None, "code": "", "description": ""}, is_new=True)
        self.form.save_wanted.connect(self.save)
        self.form.leave_wanted.connect(self.left)
        self.problem = InlineMessage("negative", "")
        self.problem.hide()
        text = tr("Servizi e clienti tengono il codice: i documenti da quel giorno escono con il nuovo.")
        title = tr("Cambio di aliquota del codice {code} ({rate}%)", code=old["code"], rate=formats.number(old["rate"], 2))
        head = column(label(title, "title"), label(text, "small", "2", wrap=True), self.problem, spacing=6, margins=(20, 18, 20, 0))
        inside = column(head, self.form, spacing=4, margins=(1, 0, 1, 12))  # the foot of the form stays clear of the round corners
        inside.setStretchFactor(self.form, 1)
        self.body.addLayout(inside)
        self.setFixedSize(WIDTH, HEIGHT)

    def first_field(self) -> Field:
        return self.form.fields["from_day"]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """An overlay lets no shortcut through: saving by key is heard here."""
        if event.key() == Qt.Key.Key_F10 or event.matches(QKeySequence.StandardKey.Save):
            self.form.save()
        else:
            super().keyPressEvent(event)

    def save(self) -> None:
        old, values = self._old, self.form.values()
        self.form.set_saving(True)
        self._workplace.background.run(
            self, lambda unit: actions.replace_vat_code(unit, old.record_id, old.row_version, **values), then=self.done.emit,
            failed=self._on_failed, key="save",
        )  # fmt: skip

    def _on_failed(self, error: AppError) -> None:
        self.form.set_saving(False)
        if isinstance(error, InvalidInput) and error.field in self.form.fields:
            self.form.show_problem(error.field, error_text(error))
        else:
            self.problem.set_message("negative", error_text(error))


class VatEditor(TableEditor):
    """The table of VAT codes with its change of rate."""

    def __init__(self, workplace: Workplace, spec: TableSpec) -> None:
        super().__init__(workplace, spec)
        self.dialog: VatChange | None = None
        self.change_button = button(
            tr("Cambio aliquota…"), "", "percent", tip=tr("Un nuovo codice prende il posto di questo da un giorno in poi")
        )
        self.change_button.clicked.connect(self.change_rate)
        self.below_form.addLayout(row(self.change_button, None, margins=(20, 8, 20, 0)))

    def show_record(self, record: StoredRecord | None) -> None:
        super().show_record(record)
        may = record is not None and self._workplace.may("base.administer") and self._is_in_force(record)
        self.change_button.setVisible(may)

    def start_new(self) -> None:
        super().start_new()
        self.change_button.hide()

    @staticmethod
    def _is_in_force(record: StoredRecord) -> bool:
        """One with a rate that nothing has replaced yet."""
        return bool(record["rate"]) and record.values.get("replaced_by") is None

    def change_rate(self) -> None:
        record = self.record
        if record is None or self.form.is_dirty or not self._is_in_force(record):
            return
        overlay = Overlay(self.window())
        dialog = self.dialog = VatChange(self._workplace, record)
        dialog.left.connect(overlay.close_content)
        dialog.done.connect(overlay.close_content)
        dialog.done.connect(self._on_changed)
        overlay.closed.connect(overlay.deleteLater)
        overlay.open_content(dialog)
        dialog.first_field().editor.setFocus()

    def _on_changed(self, new_id: int) -> None:
        self.dialog = None
        self.record = StoredRecord(new_id, 0, {})
        self._workplace.say("positive", tr("Cambio di aliquota registrato"))
        self.reload()
