"""Classificazione: the seven fields, each with the name and the list of values the company gives it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cms_desktop.core.errors import AppError
from cms_desktop.modules.registry import actions, queries
from cms_desktop.modules.registry.records import ClassField
from cms_desktop.ui.basics import boxed, column
from cms_desktop.ui.drafts import FormDraft
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.form import FieldSpec, FormSection, RecordForm, merge_if_apart
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("registry")
FIELDS = 7


class ClassesPage(QWidget):
    tables = frozenset({"registry.classification", "registry.classification_value"})
    loaded = Signal()
    dirty_changed = Signal(bool)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        lines = [
            [
                (FieldSpec(f"name_{one}", tr("Campo {n}", n=one), options={"longest": 40, "hint": _example(one)}), 4),
                (FieldSpec(f"values_{one}", tr("Voci, una per riga"), "multiline", options={"lines": 3}), 8),
            ]
            for one in range(1, FIELDS + 1)
        ]
        detail = tr("voci tolte restano dove sono già usate")
        self.form = RecordForm([FormSection(tr("Classificazione delle anagrafiche"), lines, detail=detail)])
        self.draft = FormDraft(self.form, workplace, "registry.classes", page="classes")
        self.problem = InlineMessage("negative", "")
        self.problem.hide()
        self.form.save_wanted.connect(self.save)
        self.form.save_and_next_wanted.connect(self.save)
        self.form.dirty_changed.connect(self.dirty_changed)
        self.form.set_read_only(not workplace.may("registry.classify"))
        panel = boxed(column(self.problem, self.draft.strip, self.form, spacing=0), panel="true")
        self.setLayout(column(panel, spacing=0))
        self.setFocusProxy(self.form)

    def reload(self) -> None:
        self._workplace.background.run(self, queries.list_classes, then=self._show, failed=self._on_failed, key="list")

    def _show(self, fields: Sequence[ClassField]) -> None:
        if not self.form.is_dirty:
            self.form.load(form_values(fields))
            self.draft.follow(0, tr("Classificazione delle anagrafiche"))
        elif not self.form.is_saving:
            merge_if_apart(self.form, {**dict.fromkeys(self.form.fields, ""), **form_values(fields)})
        self.loaded.emit()

    def save(self) -> None:
        changed = sorted({int(key.rpartition("_")[2]) for key in self.form.changes()})
        values = self.form.values()
        self.form.set_saving(True)

        def work(unit: Any) -> list[ClassField]:
            for position in changed:
                lines = str(values[f"values_{position}"] or "").splitlines()
                actions.store_class(unit, position, str(values[f"name_{position}"] or ""), lines)
            return queries.list_classes(unit)

        def done(fields: list[ClassField]) -> None:
            self.problem.hide()
            self.form.load(form_values(fields))
            self._workplace.say("positive", tr("Classificazione salvata"))

        self._workplace.background.run(self, work, then=done, failed=self._on_failed, key="save")

    def _on_failed(self, error: AppError) -> None:
        self.form.set_saving(False)
        self.problem.set_message("negative", error_text(error))


def form_values(fields: Sequence[ClassField]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in fields:
        if one.is_active:
            found[f"name_{one.position}"] = one.name
            found[f"values_{one.position}"] = "\n".join(name for _id, name in one.choices())
    return found


def _example(position: int) -> str:
    examples = (tr("Settore"), tr("Zona"), tr("Provenienza"), tr("Dimensione"), tr("Rischio"), tr("Lingua"), tr("Campagna"))
    return tr("per esempio {name}", name=examples[position - 1])
