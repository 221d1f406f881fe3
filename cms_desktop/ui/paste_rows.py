"""Rows pasted from a spreadsheet into a list: which column is which field, what becomes of each row, then one step, and its undo.

    PasteRows(page, workplace, fields=…, propose=…, check=…, paste=…, undo=mass_change.undo, required=("customers.write",))

gives a ListPage Ctrl+V. `fields` are (key, title) of what can be pasted, `propose(titles)` the columns by their titles; `check` and
`paste` are the module's functions `(unit, cells, columns)`, see core/pasting.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, cast

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QComboBox, QScrollArea, QWidget

from cms_desktop.core import formats
from cms_desktop.core.errors import AppError
from cms_desktop.core.mass_change import MassChangeRow, Sentence
from cms_desktop.core.pasting import MOST_PASTED, PasteCheck, PastedRow, read_clipboard, without_titles

from . import theme
from .basics import Elevated, ElidedLabel, IconLabel, Keycap, boxed, button, column, label, row, rule
from .chips import FilterChip
from .error_text import error_text
from .feedback import ConfirmKeys, InlineMessage, Overlay
from .record_table import Column, Noun, RecordTable
from .translation import translator
from .workplace import Workplace

tr = translator("ui")
WIDTH, TABLE_HEIGHT, MAPPING_HEIGHT, SAMPLES = 1040, 320, 92, 2
Cells = Sequence[Sequence[str]]
Fields = Sequence[tuple[str, str]]
Check = Callable[[Any, Cells, Mapping[str, int]], PasteCheck]
Paste = Callable[[Any, Cells, Mapping[str, int], str], MassChangeRow]


class PastePanel(Elevated):
    """The pasted cells, their fields, and what would become of each row. Ctrl+Enter writes, Esc leaves."""

    check_wanted = Signal(object, object)  # cells, columns
    confirmed = Signal(object, object)
    left = Signal()

    def __init__(
        self, cells: Cells, fields: Fields, columns: Mapping[str, int], has_titles: bool, noun: Noun, words: Callable[[Sentence], str]
    ) -> None:
        super().__init__(radius=12)
        self._cells, self._fields, self._noun, self._words = cells, list(fields), noun, words
        self.found: PasteCheck | None = None
        self.titles = QCheckBox(tr("La prima riga contiene i titoli"))
        self.titles.setChecked(has_titles)
        self.titles.clicked.connect(lambda _checked: self.ask())
        self.boxes = [self._box(place, columns) for place in range(len(cells[0]))]
        self.error = InlineMessage("negative", "")
        self.error.hide()
        self.chips = {
            key: FilterChip(text)
            for key, text in (
                ("", tr("Tutte")),
                ("new", tr("Nuove")),
                ("changed", tr("Cambiate")),
                ("same", tr("Uguali")),
                ("error", tr("Da correggere")),
            )
        }
        for key, chip in self.chips.items():
            chip.clicked.connect(lambda _checked=False, key=key: self._show_rows(key))
        self.table = RecordTable(
            self._columns(), record_key=lambda one: one.number, noun=Noun("riga", "righe", feminine=True), filters=False, totals=False
        )
        self.table.setFixedHeight(TABLE_HEIGHT)
        self.table.view.setObjectName("first-focus")
        self._arrange()
        ConfirmKeys(self, self.confirm)

    def _box(self, place: int, columns: Mapping[str, int]) -> QComboBox:
        box = QComboBox()
        box.setFont(theme.font("small"))
        box.addItem(tr("non usare"), "")
        for key, title in self._fields:
            box.addItem(title, key)
        chosen = next((key for key, column_place in columns.items() if column_place == place), "")
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.setAccessibleName(tr("Campo della colonna {n}", n=place + 1))
        box.activated.connect(lambda _index: self._on_chosen(place))
        return box

    def _columns(self) -> list[Column]:
        return [
            Column("number", tr("Riga"), kind="int", width=60, sortable=False),
            Column("name", self._noun.singular[:1].upper() + self._noun.singular[1:], kind="strong", width=240, sortable=False),
            Column("outcome", tr("Esito"), self._outcome, kind="chip", width=144, sortable=False),
            Column("what", tr("Che cosa cambia, o che cosa fare"), self._what, stretch=True, sortable=False),
        ]

    def _arrange(self) -> None:
        close = button("", "icon", "x", tip=tr("Chiudi (Esc)"))
        close.clicked.connect(self.left)
        count = label(
            (tr("1 riga dagli appunti") if len(self._cells) == 1 else tr("{n} righe dagli appunti", n=formats.number(len(self._cells)))),
            "body",
            "3",
        )
        head = row(
            IconLabel("clipboard-paste", 20, "accent_fill"),
            label(tr("Incolla righe"), "title"),
            count,
            None,
            self.titles,
            close,
            spacing=12,
            margins=(24, 20, 16, 12),
        )
        cards = boxed(row(*(self._card(place) for place in range(len(self.boxes))), None, spacing=8, margins=(24, 0, 24, 8)))
        scroll = QScrollArea()
        scroll.setWidget(cards)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        for part in (cards, scroll.viewport()):
            part.setAutoFillBackground(False)
        scroll.setFixedHeight(MAPPING_HEIGHT)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        chips = row(*self.chips.values(), None, margins=(24, 8, 24, 10))
        self.go_button = button("", "primary", "check", tip=tr("Conferma (Ctrl+↵)"))
        self.go_button.clicked.connect(self.confirm)
        cancel = button(tr("Annulla"), tip=tr("Annulla (Esc)"))
        cancel.clicked.connect(self.left)
        note = label(tr("Una cella vuota lascia il valore che c'è. Dopo si può annullare."), "small", "3")
        foot = row(note, None, cancel, self.go_button, Keycap("Ctrl", "↵"), margins=(24, 12, 24, 16))
        error = column(self.error, margins=(24, 0, 24, 0))
        self.body.addLayout(column(head, scroll, error, rule(), chips, self.table, rule(), foot, spacing=0))
        self.setFixedWidth(WIDTH + 2 * self.MARGIN)
        self.setAccessibleName(tr("Incolla righe"))
        self._show_counts()

    def _card(self, place: int) -> Any:
        samples = [line[place] for line in self._cells[: SAMPLES + 1]]
        card = boxed(column(self.boxes[place], *(ElidedLabel(text, "small", "3") for text in samples[:SAMPLES]), None, spacing=2))
        card.setFixedWidth(150)
        return card

    # what is asked --------------------------------------------------------------------------------------------------------
    def columns(self) -> dict[str, int]:
        return {str(box.currentData()): place for place, box in enumerate(self.boxes) if box.currentData()}

    def cells(self) -> Cells:
        return without_titles(self._cells, self.titles.isChecked())

    def _on_chosen(self, place: int) -> None:
        """A field stands in one column only."""
        key = self.boxes[place].currentData()
        for other, box in enumerate(self.boxes):
            if key and other != place and box.currentData() == key:
                box.setCurrentIndex(0)
        self.ask()

    def ask(self) -> None:
        self.found = None
        self._show_counts()
        if self.columns():
            self.check_wanted.emit(self.cells(), self.columns())

    # what comes back ------------------------------------------------------------------------------------------------------
    def show_check(self, found: PasteCheck) -> None:
        self.error.hide()
        self.found = found
        self._show_counts()
        self._show_rows("error" if found.count("error") else "")

    def show_error(self, error: AppError) -> None:
        self.error.set_message("negative", error_text(error))

    def _show_rows(self, outcome: str) -> None:
        rows = self.found.rows if self.found is not None else ()
        self.table.set_rows([one for one in rows if not outcome or one.outcome == outcome], keep_selection=False)
        for key, chip in self.chips.items():
            chip.setChecked(key == outcome)

    def _show_counts(self) -> None:
        found = self.found
        for key, chip in self.chips.items():
            count = 0 if found is None else len(found.rows) if not key else sum(1 for one in found.rows if one.outcome == key)
            chip.set_count(formats.number(count))
        self.go_button.setEnabled(found is not None and found.to_write > 0)
        self.go_button.setText(
            "\u2004" + (tr("Incolla {what}", what=self._noun.counted(found.to_write)) if found is not None else tr("Incolla"))
        )

    def _outcome(self, one: PastedRow) -> tuple[str, str]:
        return {
            "new": (tr("nuova"), "positive"), "changed": (tr("cambia"), "info"), "same": (tr("uguale"), "neutral"),
            "error": (tr("da correggere"), "negative"),
        }[one.outcome]  # fmt: skip

    def _what(self, one: PastedRow) -> str:
        titles = dict(self._fields)
        parts = [f"{titles.get(change.key, change.key)}: {change.before or tr('vuoto')} → {change.after}" for change in one.changes]
        return " · ".join([*parts, *(self._words(sentence) for sentence in one.sentences)])

    def confirm(self) -> None:
        if self.go_button.isEnabled():
            self.go_button.setEnabled(False)
            self.confirmed.emit(self.cells(), self.columns())


class PasteHost(Protocol):
    """What holds the list: a ListPage, or another widget with a table of records."""

    table: RecordTable

    def window(self) -> QWidget: ...

    def reload(self) -> None: ...


class PasteRows(QObject):
    """Ctrl+V on one list."""

    def __init__(
        self,
        page: PasteHost,
        workplace: Workplace,
        *,
        fields: Callable[[], Fields],
        propose: Callable[[Sequence[str]], Mapping[str, int]],
        check: Check,
        paste: Paste,
        undo: Callable[[MassChangeRow], None],
        required: Sequence[str],
        words: Callable[[Sentence], str] = str,
        area: QWidget | None = None,
    ) -> None:
        """`area`: where Ctrl+V is heard; the rows, when nothing else is said."""
        super().__init__(cast(QObject, page))
        self._page, self._workplace, self._background = page, workplace, workplace.background
        self._fields, self._propose, self._check, self._paste = fields, propose, check, paste
        self._undo, self._words = undo, words
        self.panel: PastePanel | None = None
        self._may = all(workplace.may(one) for one in required)
        shortcut = QShortcut(QKeySequence.StandardKey.Paste, area or page.table.view)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut if area is None else Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.open)

    def open(self) -> None:
        cells = read_clipboard(QGuiApplication.clipboard().text())
        if not self._may or not cells or not self.is_ready():
            return
        if len(cells) > MOST_PASTED:
            text = tr(
                "Si incollano al massimo {n} righe per volta: per elenchi più lunghi usa l'importazione.", n=formats.number(MOST_PASTED)
            )
            self._workplace.say("warning", tr("Troppe righe"), text)
            return
        fields = self._fields()
        columns, has_titles = self._columns_of(cells, {key for key, _title in fields})
        panel = self.panel = PastePanel(cells, fields, columns, has_titles, self._page.table.noun, self._words)
        overlay = Overlay(self._page.window())
        overlay.closed.connect(lambda: self._on_closed(overlay))
        panel.left.connect(overlay.close_content)
        panel.check_wanted.connect(lambda rows, places: self._on_check_wanted(panel, rows, places))
        panel.confirmed.connect(lambda rows, places: self._on_confirmed(panel, overlay, rows, places))
        overlay.open_content(panel)
        panel.ask()

    def is_ready(self) -> bool:
        """Whether rows can be pasted here now."""
        return True

    def _columns_of(self, cells: Cells, keys: set[str]) -> tuple[dict[str, int], bool]:
        """By the titles in the first row; rows without titles that came from this very list: by its columns."""
        named = {key: place for key, place in self._propose(cells[0]).items() if key in keys}
        if len(named) >= min(2, len(cells[0])) and named:
            return named, True
        table = self._page.table
        shown = [
            table.columns[index].key for index in table.header.visual_order() if table.columns[index].kind != "tick"
        ]  # as copying does
        own = {key: place for place, key in enumerate(shown) if key in keys} if len(shown) == len(cells[0]) else {}
        return own, False

    def _on_closed(self, overlay: Overlay) -> None:
        self.panel = None
        overlay.deleteLater()

    def _on_check_wanted(self, panel: PastePanel, cells: Cells, columns: Mapping[str, int]) -> None:
        self._background.run(
            panel, lambda unit: self._check(unit, cells, columns), then=panel.show_check, failed=panel.show_error, key="check"
        )

    def _on_confirmed(self, panel: PastePanel, overlay: Overlay, cells: Cells, columns: Mapping[str, int]) -> None:
        title = tr("Righe incollate")

        def done(change: MassChangeRow) -> None:
            overlay.close_content()
            self._page.reload()
            what = self._page.table.noun.counted(change.row_count)
            self._workplace.say("positive", tr("Incollate: {what}", what=what), "", tr("Annulla la modifica"), lambda: self._undo(change))

        def failed(error: AppError) -> None:
            panel.show_error(error)
            panel.go_button.setEnabled(True)

        self._background.run(panel, lambda unit: self._paste(unit, cells, columns, title), then=done, failed=failed, key="paste")
