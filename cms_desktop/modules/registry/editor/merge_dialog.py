"""Two parties side by side: which value each field keeps, what moves, what stays; then the merge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QScrollArea, QWidget

from cms_desktop.core import formats
from cms_desktop.modules.registry.columns import kind_names, table_name
from cms_desktop.modules.registry.records import ClassField, MergePreview
from cms_desktop.ui.basics import Elevated, IconLabel, boxed, button, column, label, row, rule
from cms_desktop.ui.chips import FilterChip
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.translation import translator

tr = translator("registry")
GROUPED = {"town": ("istat_code",)}  # what goes with a field without a line of its own


def field_names(classes: Sequence[ClassField]) -> dict[str, str]:
    """The fields that are chosen, in order."""
    return {
        "name": tr("Denominazione"), "kind": tr("Tipo di soggetto"), "last_name": tr("Cognome"), "first_name": tr("Nome"),
        "vat_country": tr("Paese"), "vat_number": tr("Partita IVA"), "tax_code": tr("Codice fiscale"), "street": tr("Indirizzo"),
        "street_number": tr("Civico"), "postal_code": tr("CAP"), "town": tr("Comune"), "province_code": tr("Prov."), "country": tr("Nazione"),
        "phone": tr("Telefono"), "mobile": tr("Cellulare"), "fax": tr("Fax"), "email": tr("E-mail"), "pec": tr("PEC"), "website": tr("Sito web"),
        "notes": tr("Annotazioni"), **{f"class_{one.position}": one.name for one in classes},
    }  # fmt: skip


class MergeDialog(Elevated):
    """↑↓ from field to field, ←→ choose, F10 or Ctrl+Enter merges, Esc leaves. What only one side has is taken from it already."""

    confirmed = Signal()
    left = Signal()
    swap_wanted = Signal()

    def __init__(self, preview: MergePreview, classes: Sequence[ClassField]) -> None:
        super().__init__(radius=12)
        self.preview = preview
        self._names, self._classes = field_names(classes), {value.value_id: value.name for one in classes for value in one.values}
        self.choices: dict[str, QButtonGroup] = {}
        mine, theirs = (str(value) for value in preview.fields["name"])
        close = button("", "icon", "x", tip=tr("Chiudi (Esc)"))
        close.clicked.connect(self.left)
        titles = column(
            label(tr("Unire due anagrafiche"), "title"),
            label(tr("Resta «{kept}»; «{merged}» esce dalle liste. Si può annullare.", kept=mine, merged=theirs), "body", "2", wrap=True),
            spacing=2,
        )
        titles_box = boxed(titles)
        titles_box.setMinimumWidth(680)
        head = row(IconLabel("git-merge", 20, "accent_fill", 2), titles_box, None, close, spacing=12, margins=(24, 20, 16, 12))
        self.obstacle = InlineMessage("negative", "")
        self.obstacle.hide()
        if preview.obstacle is not None:
            self.obstacle.set_message("negative", error_text(preview.obstacle))
        self.body.addLayout(
            column(
                head,
                boxed(column(self.obstacle, margins=(24, 0, 24, 6))),
                self._fields(),
                rule(),
                self._moves(),
                rule(),
                self._foot(),
                spacing=0,
            )
        )
        self.setFixedWidth(860 + 2 * self.MARGIN)
        self.setAccessibleName(tr("Unire due anagrafiche"))

    # fields ---------------------------------------------------------------------------------------------------------------
    def _fields(self) -> QWidget:
        grid = QGridLayout()
        grid.setContentsMargins(24, 4, 24, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        for place, stretch in enumerate((2, 4, 4)):
            grid.setColumnStretch(place, stretch)
        for place, title in enumerate((tr("Campo"), tr("Quella che resta"), tr("Quella che si unisce"))):
            grid.addWidget(label(title, "small-medium", "3"), 0, place)
        different = [key for key in self._names if key in self.preview.fields and _is_a_choice(*self.preview.fields[key])]
        for line, key in enumerate(different, 1):
            self._add_line(grid, line, key)
        grid.setRowStretch(len(different) + 2, 1)
        if not different:
            grid.addWidget(label(tr("I dati sono uguali."), "body", "2"), 1, 0, 1, 3)
        scroll = QScrollArea()
        inner = boxed(grid)
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        for part in (inner, scroll.viewport()):
            part.setAutoFillBackground(False)
        scroll.setFixedHeight(48 + 36 * min(9, max(1, len(different))))
        return scroll

    def _add_line(self, grid: QGridLayout, line: int, key: str) -> None:
        mine, theirs = self.preview.fields[key]
        group = QButtonGroup(self)
        grid.addWidget(label(self._names[key], "body", "2"), line, 0)
        for side, value in enumerate((mine, theirs)):
            choice = FilterChip(self._words(key, value))
            choice.setCheckable(True)
            choice.setAccessibleName(f"{self._names[key]}: {self._words(key, value)}")
            group.addButton(choice, side)
            grid.addWidget(choice, line, 1 + side, Qt.AlignmentFlag.AlignLeft)
        chosen = group.button(1 if mine in (None, "") else 0)
        chosen.setChecked(True)
        if not self.choices:
            chosen.setObjectName("first-focus")
        self.choices[key] = group

    def _words(self, key: str, value: Any) -> str:
        if value in (None, ""):
            return "–"
        if key == "kind":
            return kind_names()[value]
        text = self._classes.get(value, str(value)) if key.startswith("class_") else str(value)
        return text if len(text) <= 44 else f"{text[:43]}…"

    def taken(self) -> list[str]:
        """The fields whose value comes from the merged party."""
        found = [key for key, group in self.choices.items() if group.checkedId() == 1]
        return [*found, *(more for key in found for more in GROUPED.get(key, ()) if more in self.preview.fields)]

    # what moves ------------------------------------------------------------------------------------------------------------
    def _moves(self) -> QWidget:
        moving = [_counted(one.table, one.moves) for one in self.preview.tables if one.moves]
        staying = [_counted(one.table, one.stays) for one in self.preview.tables if one.stays and one.table not in HIDDEN]
        rows = [
            row(label(tr("Passano"), "small-medium", "3"), label(" · ".join(moving) or tr("niente"), "body", wrap=True), spacing=12),
            row(label(tr("Restano"), "small-medium", "3"), label(" · ".join(staying) or tr("niente"), "body", wrap=True), spacing=12),
        ]
        for one in rows:
            one.setStretch(1, 1)
        note = tr("Fatture, scadenze e incassi restano intestati come sono stati emessi e registrati.")
        if self.preview.open_amount:
            note += " " + tr("Saldo aperto che resta di là: {amount}.", amount=formats.money(self.preview.open_amount))
        return boxed(column(*rows, label(note, "small", "3", wrap=True), spacing=6, margins=(24, 12, 24, 12)))

    def _foot(self) -> QWidget:
        swap = button(tr("Scambia"), "quiet", "arrow-left-right", tip=tr("Tieni l'altra"))
        swap.clicked.connect(self.swap_wanted)
        leave = button(tr("Annulla"), tip=tr("Annulla (Esc)"))
        leave.clicked.connect(self.left)
        self.confirm_button = button(tr("Unisci"), "primary", "git-merge", tip=tr("Unisci (F10)"))
        self.confirm_button.clicked.connect(self._confirm)
        self.confirm_button.setEnabled(self.preview.obstacle is None)
        return boxed(row(swap, None, leave, self.confirm_button, margins=(16, 12, 24, 14)))

    def _confirm(self) -> None:
        if self.preview.obstacle is None:
            self.confirmed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_F10 or (control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_S)):
            self._confirm()
        else:
            super().keyPressEvent(event)


HIDDEN = frozenset({"registry.merge", "registry.twin", "registry.privacy_request"})  # history of the record itself


def _counted(table: str, count: int) -> str:
    return f"{table_name(table)} {formats.number(count)}"


def _is_a_choice(mine: Any, theirs: Any) -> bool:
    """What the merged party lacks stays as it is."""
    return theirs not in (None, "") and mine != theirs
