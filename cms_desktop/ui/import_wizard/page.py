"""Import of a list: what and from which file, mapping, dry run, result."""

from __future__ import annotations

import pathlib
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from cms_desktop.core import formats
from cms_desktop.core.errors import AppError, Cancelled
from cms_desktop.documents.importing import (
    ImportMapping,
    ImportResult,
    ImportRun,
    ImportSource,
    ImportTarget,
    find_same_source,
    propose_mapping,
    run_import,
    signature,
    source_of,
)
from cms_desktop.documents.spreadsheet import Sheet, TableColumn, read_rows, write_table
from cms_desktop.ui.basics import boxed, button, column, label, row
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState, InlineMessage, Overlay, RunProgress
from cms_desktop.ui.fields import ChoiceField
from cms_desktop.ui.import_wizard.history import ImportHistory
from cms_desktop.ui.import_wizard.mapping_form import MappingForm
from cms_desktop.ui.import_wizard.result import ImportResultView
from cms_desktop.ui.import_wizard.words import counted, said
from cms_desktop.ui.steps import Stepper
from cms_desktop.ui.translation import one_or_many, translator
from cms_desktop.ui.workplace import Workplace

tr = translator("importing")
FILE, MAPPING, TRIAL, RESULT = range(4)


class ImportWizard(QWidget):
    """`imported` comes with the key of the target after something was written or undone."""

    imported = Signal(str)
    show_records_wanted = Signal(str)
    tables = frozenset({"base.import_run"})

    def __init__(self, workplace: Workplace, targets: Sequence[ImportTarget]) -> None:
        super().__init__()
        self._workplace, self._background = workplace, workplace.background
        self._targets = {target.key: target for target in targets if workplace.may(target.right)}
        self.target = next(iter(self._targets.values()))
        self._sheet: Sheet | None = None
        self._source = ImportSource()
        self._mapping = ImportMapping({})
        self.stepper = Stepper([tr("File"), tr("Abbinamento"), tr("Prova"), tr("Esito")], 0)
        self.title = label("", "title")
        self.detail = label("", "small", "3")
        self.error = InlineMessage("negative", "", closable=True)
        self.error.hide()
        self.same = InlineMessage("warning", "", closable=True)
        self.same.hide()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._first_step())
        self.form = MappingForm()
        self._stack.addWidget(self.form)
        self.result_view = ImportResultView()
        self._stack.addWidget(self.result_view)
        head = boxed(row(self.title, self.detail, None, self.stepper, spacing=12, margins=(16, 12, 16, 12)))
        strip = column(self.error, self.same, margins=(16, 0, 16, 8))
        self.setLayout(column(head, strip, self._stack, self._foot(), spacing=0))
        self.choose_target(self.target.key)
        self._show_step(FILE)
        self.history.reload()

    def _first_step(self) -> QWidget:
        self.what = ChoiceField(tr("Che cosa vuoi importare"), [(key, said(one, one.title)) for key, one in self._targets.items()])
        self.what.set_value(self.target.key)
        self.what.changed.connect(lambda: self.choose_target(self.what.value()))
        self.what.setFixedWidth(320)
        self.choose_button = button(tr("Scegli il file"), "primary", "file-up", tip=tr("Scegli il file (Ctrl+I)"))
        self.choose_button.clicked.connect(self.choose_file)
        self.sample_button = button(tr("Modello vuoto"), "", "download", tip=tr("Un foglio con i titoli giusti, da riempire"))
        self.sample_button.clicked.connect(self.save_sample)
        text = tr(
            "Un elenco in Excel o CSV, con i titoli nella prima riga. Prima di scrivere si fa una prova: non cambia niente finché non confermi."
        )
        empty = EmptyState("file-spreadsheet", tr("Porta dentro un elenco"), text)
        empty.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.history = ImportHistory(self._workplace, tuple(self._targets.values()))
        self.history.hide()
        self.history.undone.connect(self.imported)
        if len(self._targets) == 1:
            self.what.hide()
        buttons = row(None, self.choose_button, self.sample_button, None, spacing=8)
        return boxed(column(None, empty, row(None, self.what, None), 12, buttons, None, self.history, spacing=4), panel="true")

    def _foot(self) -> QWidget:
        self.words = label("", "small", "2")
        self.back_button = button(tr("Indietro"))
        self.back_button.clicked.connect(self._on_back)
        self.go_button = button(tr("Prova senza scrivere"), "primary")
        self.go_button.clicked.connect(self._on_go)
        self.foot = boxed(row(self.words, None, self.back_button, self.go_button, margins=(16, 0, 16, 0)), strip="foot")
        self.foot.setFixedHeight(56)
        return self.foot

    def reload(self) -> None:
        self.history.reload()

    # steps --------------------------------------------------------------------------------------------------------------
    def choose_target(self, key: str) -> None:
        self.target = self._targets[key]
        self.what.set_value(key)
        self.title.setText(tr("Importa: {what}", what=said(self.target, self.target.title)))

    def _show_step(self, step: int) -> None:
        self.step = step
        self.stepper.set_active(step)
        self._stack.setCurrentIndex(min(step, TRIAL))
        self.foot.setVisible(step != FILE)
        self.back_button.setText(tr("Un altro file") if step == RESULT else tr("Indietro"))
        if step == FILE:
            self.detail.setText("")
            self.same.hide()
            self.choose_button.setFocus()
        elif step == MAPPING:
            self.go_button.setEnabled(True)
            self.go_button.setText(tr("Prova senza scrivere"))
            self.words.setText(tr("La prova fa tutto quello che farebbe l'importazione, e poi lo disfa."))
            self.form.take_focus()
        else:
            self.go_button.setFocus()

    def _on_back(self) -> None:
        self.error.hide()
        self._show_step(FILE if self.step in (MAPPING, RESULT) else MAPPING)

    def _on_go(self) -> None:
        if self.step == MAPPING:
            self.try_import()
        elif self.step == TRIAL:
            self.confirm_import()
        else:
            self.show_records_wanted.emit(self.target.key)

    # file ---------------------------------------------------------------------------------------------------------------
    def choose_file(self) -> None:
        path = self._workplace.files.open_file(tr("Elenco da importare"), tr("Elenchi (*.xlsx *.xlsm *.csv *.txt)"))
        if path is not None:
            self.open_file(path)

    def save_sample(self) -> None:
        """A sheet with the titles of every field, to be filled."""
        name = f"{said(self.target, self.target.title)}.xlsx"
        path = self._workplace.files.save_as(tr("Modello vuoto"), name, "Excel (*.xlsx)")
        if path is not None:
            columns = [TableColumn(one.title) for one in self.target.fields]
            examples = [tuple(one.example for one in self.target.fields)] if any(one.example for one in self.target.fields) else []
            write_table(path, columns, examples, title=self.target.title)
            self._workplace.say("positive", tr("Modello salvato"), path.name)

    def open_file(self, path: pathlib.Path) -> None:
        """Read the file in the background, look whether it was imported before, and propose a mapping."""
        target = self.target

        def read(unit: object) -> tuple[Sheet, ImportSource, ImportRun | None]:
            source = source_of(path)
            return read_rows(path), source, find_same_source(unit, target.key, source)  # type: ignore[arg-type]

        self._background.run(self, read, then=lambda found: self._show_read(*found), failed=self._on_failed, key="read")

    def _show_read(self, sheet: Sheet, source: ImportSource, same: ImportRun | None) -> None:
        self.show_sheet(sheet, source)
        if same is not None:
            when = formats.date(same.created_at.astimezone().date())
            text = tr("Lo stesso file è già stato importato il {when} da {author}: forse basta così.", when=when, author=same.author)
            self.same.set_message("warning", text)

    def show_sheet(self, sheet: Sheet, source: ImportSource | None = None) -> None:
        """Start with a list that is already read: a file, or cells pasted from a spreadsheet."""
        self.error.hide()
        self._sheet, self._source = sheet, source or ImportSource()
        proposed = propose_mapping(self.target, sheet.headers)
        stored = (self._workplace.settings.get(self._settings_key()) or {}).get(signature(sheet.headers))
        kept = replace(ImportMapping.from_json(self.target, stored), leftover=proposed.leftover) if stored else proposed
        self._mapping = kept
        name = self._source.file_name or tr("incollato")
        many = len(sheet.rows)
        self.detail.setText(
            one_or_many(many, tr("{file} · 1 riga", file=name), tr("{file} · {n} righe", file=name, n=formats.number(many)))
        )
        self.form.show_mapping(self.target, sheet, kept)
        self._show_step(MAPPING)

    def _settings_key(self) -> str:
        return f"{self.target.key}.import.mappings"

    def _keep_mapping(self, mapping: ImportMapping) -> None:
        assert self._sheet is not None
        kept = dict(self._workplace.settings.get(self._settings_key()) or {})
        kept[signature(self._sheet.headers)] = mapping.to_json()
        self._workplace.settings.set(self._settings_key(), kept)

    # runs ---------------------------------------------------------------------------------------------------------------
    def try_import(self) -> None:
        """The dry run."""
        self._mapping = self.form.mapping()
        self._keep_mapping(self._mapping)
        self._run(is_dry_run=True)

    def confirm_import(self) -> None:
        self._run(is_dry_run=False)

    def _run(self, *, is_dry_run: bool) -> None:
        sheet, mapping, target, source = self._sheet, self._mapping, self.target, self._source
        assert sheet is not None
        self.error.hide()
        overlay = Overlay(self.window())
        overlay.closed.connect(overlay.deleteLater)
        title = tr("Prova dell'importazione") if is_dry_run else tr("Importazione")
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
            lambda unit: run_import(unit, target, sheet.headers, sheet.rows, mapping, source=source, is_dry_run=is_dry_run),
            then=done,
            failed=failed,
            progress=lambda count, total, phase: progress.advance(count, total, names.get(phase, phase)),
            key="import",
        )
        progress.cancelled.connect(request.cancel)
        overlay.open_content(progress, locked=True)

    def _show_result(self, result: ImportResult) -> None:
        self.result_view.set_target(self.target)
        self.result_view.show_result(result)
        if result.is_dry_run:
            self.go_button.setText(tr("Importa {what}", what=counted(self.target, result.written)))
            self.go_button.setEnabled(result.written > 0)
            self.words.setText(tr("Nulla è ancora scritto: questo è quello che succederebbe."))
            self._show_step(TRIAL)
            return
        self.go_button.setText(tr("Apri l'elenco"))
        self.go_button.setEnabled(True)
        self.words.setText(tr("Importazione finita. Finché nessuno tocca questi record, si può annullare tutta dalla pagina iniziale."))
        self._show_step(RESULT)
        self._workplace.say("positive", tr("Importati: {what}", what=counted(self.target, result.written)))
        self.imported.emit(self.target.key)
        self.history.reload()

    def _on_failed(self, error: AppError) -> None:
        if not isinstance(error, Cancelled):
            self.error.set_message("negative", error_text(error))
