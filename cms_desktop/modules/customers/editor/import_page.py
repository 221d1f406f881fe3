"""Import of a customer list: file, mapping, dry run, result."""

from __future__ import annotations

import pathlib
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QScrollArea, QStackedWidget, QWidget

from cms_desktop.core import formats
from cms_desktop.core.errors import AppError, Cancelled
from cms_desktop.documents.spreadsheet import Sheet, read_rows
from cms_desktop.modules.customers.columns import kind_names
from cms_desktop.modules.customers.editor.import_result import ImportResultView
from cms_desktop.modules.customers.importing import ImportMapping, ImportResult, import_customers, propose_mapping
from cms_desktop.modules.customers.importing.mapping import FIELD_TITLES, signature
from cms_desktop.ui.basics import boxed, button, column, label, row, rule
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState, InlineMessage, Overlay, RunProgress
from cms_desktop.ui.fields import ChoiceField
from cms_desktop.ui.form import form_grid, section_title
from cms_desktop.ui.steps import Stepper
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("customers")
FILE, MAPPING, TRIAL, RESULT = range(4)


class ImportPage(QWidget):
    """`imported` comes after customers were written."""

    imported = Signal()
    show_customers_wanted = Signal()

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace, self._background = workplace, workplace.background
        self._sheet: Sheet | None = None
        self._path: pathlib.Path | None = None
        self._mapping = ImportMapping({})
        self._fields: dict[str, ChoiceField] = {}
        self.stepper = Stepper([tr("File"), tr("Abbinamento"), tr("Prova"), tr("Esito")], 0)
        self.title = label(tr("Importa clienti"), "title")
        self.detail = label("", "small", "3")
        self.error = InlineMessage("negative", "", closable=True)
        self.error.hide()
        self._stack = QStackedWidget()
        choose = button(tr("Scegli il file"), "primary", "file-up", tip=tr("Scegli il file (Ctrl+I)"))
        choose.clicked.connect(self.choose_file)
        text = tr(
            "Un elenco in Excel o CSV, con i titoli nella prima riga. Prima di scrivere si fa una prova: non cambia niente finché non confermi."
        )
        self._stack.addWidget(EmptyState("file-spreadsheet", tr("Porta dentro un elenco di clienti"), text, choose))
        self._mapping_page = QScrollArea()
        self._mapping_page.setWidgetResizable(True)
        self._mapping_page.setFrameShape(QFrame.Shape.NoFrame)
        self._stack.addWidget(self._mapping_page)
        self.result_view = ImportResultView()
        self._stack.addWidget(self.result_view)
        head = boxed(row(self.title, self.detail, None, self.stepper, spacing=12, margins=(16, 12, 16, 12)))
        strip = column(self.error, margins=(16, 0, 16, 8))
        self.setLayout(column(head, strip, self._stack, self._foot(), spacing=0))
        self._show_step(FILE)

    def _foot(self) -> QWidget:
        self.words = label("", "small", "2")
        self.back_button = button(tr("Indietro"))
        self.back_button.clicked.connect(self._on_back)
        self.go_button = button(tr("Prova senza scrivere"), "primary")
        self.go_button.clicked.connect(self._on_go)
        self.foot = boxed(row(self.words, None, self.back_button, self.go_button, margins=(16, 0, 16, 0)), strip="foot")
        self.foot.setFixedHeight(56)
        return self.foot

    # steps --------------------------------------------------------------------------------------------------------------
    def _show_step(self, step: int) -> None:
        self.step = step
        self.stepper.set_active(step)
        self._stack.setCurrentIndex(min(step, TRIAL))
        self.foot.setVisible(step != FILE)
        self.back_button.setText(tr("Un altro file") if step == RESULT else tr("Indietro"))
        if step == FILE:
            self.detail.setText("")
        elif step == MAPPING:
            self.go_button.setText(tr("Prova senza scrivere"))
            self.words.setText(tr("La prova fa tutto quello che farebbe l'importazione, e poi lo disfa."))

    def _on_back(self) -> None:
        self.error.hide()
        self._show_step(FILE if self.step in (MAPPING, RESULT) else MAPPING)

    def _on_go(self) -> None:
        if self.step == MAPPING:
            self.try_import()
        elif self.step == TRIAL:
            self.confirm_import()
        else:
            self.show_customers_wanted.emit()

    # file ---------------------------------------------------------------------------------------------------------------
    def choose_file(self) -> None:
        path = self._workplace.files.open_file(tr("Elenco da importare"), tr("Elenchi (*.xlsx *.xlsm *.csv *.txt)"))
        if path is not None:
            self.open_file(path)

    def open_file(self, path: pathlib.Path) -> None:
        """Read the file in the background and propose a mapping."""

        def show(sheet: Sheet) -> None:
            self._path = path
            self.show_sheet(sheet)

        self._background.run(self, lambda _unit: read_rows(path), then=show, failed=self._on_failed, key="read")

    def show_sheet(self, sheet: Sheet) -> None:
        self.error.hide()
        self._sheet = sheet
        proposed = propose_mapping(sheet.headers)
        stored = (self._workplace.settings.get("customers.import.mappings") or {}).get(signature(sheet.headers))
        self._mapping = replace(ImportMapping.from_json(stored), leftover=proposed.leftover) if stored else proposed
        name = self._path.name if self._path else ""
        self.detail.setText(tr("{file} · {n} righe", file=name, n=formats.number(len(sheet.rows))))
        self._mapping_page.setWidget(self._build_mapping(sheet))
        self._show_step(MAPPING)

    # mapping ------------------------------------------------------------------------------------------------------------
    def _build_mapping(self, sheet: Sheet) -> QWidget:
        samples = sheet.rows[0] if sheet.rows else tuple("" for _ in sheet.headers)
        choices = [(place, f"{title}  ·  {samples[place]}" if samples[place] else title) for place, title in enumerate(sheet.headers)]
        self._fields = {}
        for key, title in FIELD_TITLES.items():
            field = ChoiceField(translator("customers")(title), choices, empty=tr("non c'è nel file"), required=key == "name")
            field.set_value(self._mapping.columns.get(key))
            self._fields[key] = field
        cells = [(field, 4) for field in self._fields.values()]
        grid = form_grid([cells[start : start + 3] for start in range(0, len(cells), 3)])
        self.kind = ChoiceField(tr("Le righe sono di tipo"), tuple(kind_names().items()))
        self.kind.set_value(self._mapping.kind)
        self.duplicates = ChoiceField(
            tr("Clienti già presenti"), (("skip", tr("Lasciali come sono")), ("fill", tr("Completa solo i campi vuoti")))
        )
        self.duplicates.set_value(self._mapping.on_duplicate)
        self.prefix = QCheckBox(tr("Scrivi «{prefix}» prima di ogni nome", prefix=self._mapping.offered_prefix))
        self.prefix.setChecked(bool(self._mapping.name_prefix))
        cells_below: list[tuple[QWidget, int]] = [(self.kind, 4), (self.duplicates, 4)]
        if self._mapping.offered_prefix:
            cells_below.append((column_of(self.prefix), 4))
        options = form_grid([cells_below])
        parts: list[Any] = [
            section_title(tr("Che cosa c'è in ogni colonna"), tr("proposto dai titoli del file, con la prima riga d'esempio")),
            grid,
        ]
        if self._mapping.leftover:
            left = ", ".join(self._mapping.leftover)
            parts.append(InlineMessage("neutral", tr("Colonne che non servono qui e restano fuori: {titles}.", titles=left)))
        parts += [rule(), section_title(tr("Come trattare le righe")), options]
        return boxed(column(*parts, None, spacing=14, margins=(20, 16, 20, 20)), panel="true")

    def mapping(self) -> ImportMapping:
        """The mapping as it is chosen on the screen."""
        columns = {key: field.value() for key, field in self._fields.items() if field.value() is not None}
        prefix = self._mapping.offered_prefix if self.prefix.isChecked() else ""
        return replace(self._mapping, columns=columns, kind=self.kind.value(), name_prefix=prefix, on_duplicate=self.duplicates.value())

    def _keep_mapping(self, mapping: ImportMapping) -> None:
        assert self._sheet is not None
        kept = dict(self._workplace.settings.get("customers.import.mappings") or {})
        kept[signature(self._sheet.headers)] = mapping.to_json()
        self._workplace.settings.set("customers.import.mappings", kept)

    # runs ---------------------------------------------------------------------------------------------------------------
    def try_import(self) -> None:
        """The dry run."""
        self._mapping = self.mapping()
        self._keep_mapping(self._mapping)
        self._run(is_dry_run=True)

    def confirm_import(self) -> None:
        self._run(is_dry_run=False)

    def _run(self, *, is_dry_run: bool) -> None:
        sheet, mapping = self._sheet, self._mapping
        assert sheet is not None
        self.error.hide()
        title = tr("Prova dell'importazione") if is_dry_run else tr("Importazione dei clienti")
        overlay = Overlay(self.window())
        overlay.closed.connect(overlay.deleteLater)
        progress = RunProgress(title, left_behind=tr("Se annulli, nessuna riga resta scritta."))
        names = {"clean": tr("Lettura e controllo"), "write": tr("Scrittura")}
        progress.set_phases(list(names.values()))

        def done(result: ImportResult) -> None:
            overlay.close_content()
            self._show_result(result)

        def failed(error: AppError) -> None:
            overlay.close_content()
            self._on_failed(error)

        request = self._background.run(
            self,
            lambda unit: import_customers(unit, sheet.headers, sheet.rows, mapping, is_dry_run=is_dry_run),
            then=done,
            failed=failed,
            progress=lambda count, total, phase: progress.advance(count, total, names.get(phase, phase)),
            key="import",
        )
        progress.cancelled.connect(request.cancel)
        overlay.open_content(progress, locked=True)

    def _show_result(self, result: ImportResult) -> None:
        self.result_view.show_result(result)
        count = result.counts.get("created", 0) + result.counts.get("updated", 0)
        number = formats.number(count)
        if result.is_dry_run:
            self._show_step(TRIAL)
            self.go_button.setText(tr("Importa 1 cliente") if count == 1 else tr("Importa {n} clienti", n=number))
            self.go_button.setEnabled(count > 0)
            self.words.setText(tr("Nulla è ancora scritto: questo è quello che succederebbe."))
            return
        self._show_step(RESULT)
        self.go_button.setText(tr("Apri i clienti"))
        self.go_button.setEnabled(True)
        self.words.setText(tr("Importazione finita."))
        self._workplace.say("positive", tr("{n} clienti importati", n=number))
        self.imported.emit()

    def _on_failed(self, error: AppError) -> None:
        if not isinstance(error, Cancelled):
            self.error.set_message("negative", error_text(error))


def column_of(widget: QWidget) -> QWidget:
    """A tick at the height of the fields beside it."""
    return boxed(column(22, widget, None, spacing=0))
