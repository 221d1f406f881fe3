"""The form of a mapping: which column fills which field, and how rows are treated."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QCheckBox, QFrame, QScrollArea, QSizePolicy, QWidget

from cms_desktop.documents.importing import ImportMapping, ImportOption, ImportTarget
from cms_desktop.documents.spreadsheet import Sheet
from cms_desktop.ui.basics import boxed, column, rule
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.fields import ChoiceField
from cms_desktop.ui.form import form_grid, section_title
from cms_desktop.ui.import_wizard.words import said
from cms_desktop.ui.translation import translator

tr = translator("importing")


class MappingForm(QScrollArea):
    """Shows a mapping; `mapping()` is what the person made of it."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._mapping = ImportMapping({})
        self.fields: dict[str, ChoiceField] = {}
        self.options: dict[str, ChoiceField | QCheckBox] = {}

    def show_mapping(self, target: ImportTarget, sheet: Sheet, mapping: ImportMapping) -> None:
        self._mapping = mapping
        samples = sheet.rows[0] if sheet.rows else tuple("" for _ in sheet.headers)
        choices = [(place, f"{title}  ·  {samples[place]}" if samples[place] else title) for place, title in enumerate(sheet.headers)]
        self.fields = {}
        for one in target.fields:
            field = ChoiceField(said(target, one.title), choices, empty=tr("non c'è nel file"), required=one.is_required)
            field.set_value(mapping.columns.get(one.key))
            self.fields[one.key] = field
        cells = [(field, 4) for field in self.fields.values()]
        parts: list[Any] = [
            section_title(tr("Che cosa c'è in ogni colonna"), tr("proposto dai titoli del file, con la prima riga d'esempio")),
            form_grid([cells[start : start + 3] for start in range(0, len(cells), 3)]),
        ]
        if mapping.leftover:
            left = ", ".join(mapping.leftover)
            unused = InlineMessage("neutral", tr("Colonne che non servono qui e restano fuori: {titles}.", titles=left))
            unused.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
            parts.append(unused)
        self.options = {option.key: made for option in target.options if (made := _option(target, option, mapping)) is not None}
        if self.options:
            below = [(_placed(widget), 4) for widget in self.options.values()]
            parts += [rule(), section_title(tr("Come trattare le righe")), form_grid([below])]
        self.setWidget(boxed(column(*parts, None, spacing=14, margins=(20, 16, 20, 20)), panel="true"))

    def take_focus(self) -> None:
        if self.fields:
            next(iter(self.fields.values())).combo.setFocus()

    def mapping(self) -> ImportMapping:
        """The mapping as it is chosen on the screen."""
        columns = {key: field.value() for key, field in self.fields.items() if field.value() is not None}
        return replace(self._mapping, columns=columns, options={key: self._chosen(key) for key in self.options})

    def _chosen(self, key: str) -> str:
        widget = self.options[key]
        if isinstance(widget, QCheckBox):
            return self._mapping.offered[key] if widget.isChecked() else ""
        return str(widget.value() or "")


def _option(target: ImportTarget, option: ImportOption, mapping: ImportMapping) -> ChoiceField | QCheckBox | None:
    """A choice; or a tick for what the mapping offers, if it offers something."""
    if option.tick:
        offered = mapping.offered.get(option.key)
        if not offered:
            return None
        tick = QCheckBox(said(target, option.tick, value=offered))
        tick.setChecked(mapping.option(option.key) == offered)
        return tick
    field = ChoiceField(said(target, option.title), tuple((value, said(target, text)) for value, text in option.choices))
    field.set_value(mapping.option(option.key) or option.usual)
    return field


def _placed(widget: QWidget) -> QWidget:
    """A tick at the height of the fields beside it."""
    return boxed(column(22, widget, None, spacing=0)) if isinstance(widget, QCheckBox) else widget
