"""Changing a field of many rows of a list at once: field and value, preview, one statement, undo.

    MassChange(page, workplace, fields=…, preview=…, apply=…, undo=…, recent=…, record_id=lambda row: row.customer_id, required="customers.write")

gives a ListPage its button and Ctrl+Maiusc+M. `fields()` declares what may be changed as FieldSpecs; the others are the module's
functions (`unit` first), see db/mass_change.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, cast

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from cms_desktop.core import formats
from cms_desktop.core.errors import AppError, Cancelled
from cms_desktop.core.listing import ListQuery, Totals
from cms_desktop.core.mass_change import ChangePreview, ChangeRow, MassChangeRow, Target, Undone

from .basics import Elevated, IconLabel, Keycap, boxed, button, column, label, row, rule, set_tone
from .chips import Segmented
from .error_text import error_text
from .feedback import ConfirmKeys, InlineMessage, Overlay
from .fields import ChoiceField, Field
from .form import FieldSpec
from .recent_changes import RecentChanges
from .record_table import Column, Noun, RecordTable
from .translation import translator
from .workplace import Workplace

tr = translator("ui")
WIDTH, TABLE_HEIGHT, TYPING_PAUSE_MS = 900, 320, 250
Preview = Callable[[Any, Target, str, Any], ChangePreview]
Apply = Callable[[Any, Target, str, Any, str], MassChangeRow]
Undo = Callable[[Any, int], Undone]
Recent = Callable[[Any], list[MassChangeRow]]


class MassChangePanel(Elevated):
    """Field, value, and what it would do; nothing is written before `confirmed`. Ctrl+Enter confirms, Esc leaves."""

    confirmed = Signal(object, str, object, str)  # Target, key, value, title
    preview_wanted = Signal(object, str, object)
    left = Signal()
    recent_wanted = Signal()

    def __init__(
        self,
        noun: Noun,
        fields: Sequence[FieldSpec],
        chosen: Target,
        all_rows: Target,
        counts: tuple[int, int],
        words: Callable[[str], str],
    ) -> None:
        super().__init__(radius=12)
        self._noun, self._words = noun, words
        self._specs = {spec.key: spec for spec in fields}
        self._targets = [chosen, all_rows] if chosen.ids else [all_rows]
        self.preview: ChangePreview | None = None
        self.field = ChoiceField(tr("Campo da cambiare"), [(spec.key, spec.label) for spec in fields], required=True)
        self.field.editor.setObjectName("first-focus")
        self.editors: dict[str, Field] = {}
        self._place = QVBoxLayout()
        titles = (
            [tr("Le {n} scelte", n=formats.number(counts[0])) if noun.feminine else tr("I {n} scelti", n=formats.number(counts[0]))]
            if chosen.ids
            else []
        )
        titles.append(tr("Tutte le righe della lista ({n})", n=formats.number(counts[1])))
        self.which = Segmented(titles)
        self.counts = label("", "medium")
        self.refusals = label("", "small", "2", wrap=True)
        self.error = InlineMessage("negative", "")
        self.error.hide()
        self.table = RecordTable(self._columns(), record_key=lambda one: one.record_id, noun=noun, filters=False, totals=False)
        self.table.setFixedHeight(TABLE_HEIGHT)
        self._arrange()
        self._keys = ConfirmKeys(self, self.confirm)
        self._pause = QTimer(self, singleShot=True, interval=TYPING_PAUSE_MS)
        self._pause.timeout.connect(self.ask)
        self.field.changed.connect(self._on_field)
        self.which.changed.connect(lambda _place: self.ask())
        self.field.set_value(fields[0].key)
        self._on_field()

    def _columns(self) -> list[Column]:
        return [
            Column("name", self._noun.singular[:1].upper() + self._noun.singular[1:], kind="strong", width=260, sortable=False),
            Column("before", tr("Adesso"), lambda one: self._text(one.before), width=170, tone=lambda _one: "second", sortable=False),
            Column("after", tr("Diventa"), self._becomes, width=170, sortable=False),
            Column("outcome", tr("Esito"), self._outcome, kind="chip", width=110, sortable=False),
            Column("refusal", tr("Perché resta com'è"), lambda one: self._words(one.refusal) if one.refusal else "", stretch=True, sortable=False),
        ]  # fmt: skip

    def _arrange(self) -> None:
        close = button("", "icon", "x", tip=tr("Chiudi (Esc)"))
        close.clicked.connect(self.left)
        recent = button(tr("Modifiche recenti"), "link", "history")
        recent.clicked.connect(self.recent_wanted)
        head = row(
            IconLabel("list-checks", 20, "accent_fill"),
            label(tr("Modifica insieme"), "title"),
            None,
            recent,
            close,
            spacing=12,
            margins=(24, 20, 16, 12),
        )
        choose = row(self.field, boxed(self._place), spacing=12, margins=(24, 0, 24, 0))
        choose.setStretch(0, 1)
        choose.setStretch(1, 1)
        counts = column(self.counts, self.refusals, spacing=2, margins=(24, 10, 24, 10))
        self.go_button = button("", "primary", "check", tip=tr("Conferma (Ctrl+↵)"))
        self.go_button.clicked.connect(self.confirm)
        cancel = button(tr("Annulla"), tip=tr("Annulla (Esc)"))
        cancel.clicked.connect(self.left)
        note = label(tr("Si può annullare dopo: chi è stato cambiato nel frattempo resta com'è."), "small", "3")
        foot = row(note, None, cancel, self.go_button, Keycap("Ctrl", "↵"), margins=(24, 12, 24, 16))
        which = row(self.which, None, margins=(24, 0, 24, 12))
        if len(self._targets) == 1:
            self.which.hide()
        error = column(self.error, margins=(24, 8, 24, 0))
        self.body.addLayout(column(head, which, choose, error, counts, rule(), self.table, rule(), foot, spacing=0))
        self.setFixedWidth(WIDTH + 2 * self.MARGIN)
        self.setAccessibleName(tr("Modifica insieme"))

    # what is asked --------------------------------------------------------------------------------------------------------
    def target(self) -> Target:
        return self._targets[self.which.active() if len(self._targets) > 1 else 0]

    def key(self) -> str:
        return str(self.field.value())

    def editor(self) -> Field:
        return self.editors[self.key()]

    def _on_field(self) -> None:
        key = self.key()
        if key not in self.editors:
            made = self.editors[key] = self._specs[key].build()
            made.changed.connect(self._pause.start)
            self._place.addWidget(made)
            self._keys.watch(made)
        for name, one in self.editors.items():
            one.setVisible(name == key)
        self.ask()

    def value(self) -> Any:
        normalise, value = self._specs[self.key()].normalise, self.editor().value()
        return normalise(value) if normalise is not None and value not in (None, "") else value

    def ask(self) -> None:
        """Ask for the preview of what is chosen now; what cannot be read is said at the field."""
        self._pause.stop()
        self.preview = None
        self._show_counts()
        spec, editor = self._specs[self.key()], self.editor()
        problem = editor.entry_problem()
        if not problem and spec.check is not None and not editor.is_empty():
            found = spec.check(self.value(), {})
            problem = found.text if found is not None else ""
        if problem:
            editor.set_error(problem)
            return
        editor.set_plain()
        if spec.required and editor.is_empty():
            self.counts.setText(tr("Scegli il valore."))
            return
        self.preview_wanted.emit(self.target(), self.key(), self.value())

    # what comes back ------------------------------------------------------------------------------------------------------
    def show_preview(self, preview: ChangePreview) -> None:
        self.error.hide()
        self.preview = preview
        self.table.set_rows(preview.rows)
        self.table.set_totals(Totals(preview.count))
        self._show_counts()

    def show_error(self, error: AppError) -> None:
        self.error.set_message("negative", error_text(error))

    def _show_counts(self) -> None:
        found = self.preview
        self.go_button.setEnabled(found is not None and found.changing > 0)
        if found is None:
            self.counts.setText(tr("Anteprima in arrivo…"))
            self.refusals.setText("")
            self.go_button.setText("\u2004" + tr("Modifica"))
            return
        parts = [tr("Cambiano: {what}", what=self._noun.counted(found.changing))]
        if found.same:
            parts.append(tr("già così: {n}", n=formats.number(found.same)))
        refused = sum(found.refused.values())
        if refused:
            parts.append(tr("restano come sono: {n}", n=formats.number(refused)))
        self.counts.setText(" · ".join(parts))
        set_tone(self.counts, "" if not refused else "warning")
        self.refusals.setText("\n".join(f"{formats.number(count)} · {self._words(reason)}" for reason, count in found.refused.items()))
        self.refusals.setVisible(bool(refused))
        self.go_button.setText("\u2004" + tr("Modifica {what}", what=self._noun.counted(found.changing)))

    def _text(self, value: Any) -> str:
        return self.editor().text_of(value) or tr("vuoto")

    def _becomes(self, one: ChangeRow) -> str:
        return "" if one.refusal or one.is_same else self._text(one.after)

    def _outcome(self, one: ChangeRow) -> tuple[str, str]:
        if one.refusal:
            return tr("resta"), "warning"
        return (tr("già così"), "neutral") if one.is_same else (tr("cambia"), "info")

    def title(self) -> str:
        """How the change is called in the list of changes: "Pagamento: RiBa 30 gg"."""
        return f"{self._specs[self.key()].label}: {self._text(self.value())}"

    def confirm(self) -> None:
        if self.go_button.isEnabled():
            self.go_button.setEnabled(False)
            self.confirmed.emit(self.target(), self.key(), self.value(), self.title())


class MassHost(Protocol):
    """What holds the list: a ListPage, or another widget with a table of records."""

    table: RecordTable

    def window(self) -> QWidget: ...

    def reload(self) -> None: ...

    def query(self) -> ListQuery: ...

    def add_tool(self, tool: QPushButton) -> None: ...


class MassChange(QObject):
    """The mass change of one list."""

    def __init__(
        self,
        page: MassHost,
        workplace: Workplace,
        *,
        fields: Callable[[], Sequence[FieldSpec]],
        preview: Preview,
        apply: Apply,
        undo: Undo,
        recent: Recent,
        record_id: Callable[[Any], int],
        required: str,
        words: Callable[[str], str] = str,
    ) -> None:
        super().__init__(cast(QObject, page))
        self._page, self._workplace, self._background = page, workplace, workplace.background
        self._fields, self._preview, self._apply, self._undo, self._recent = fields, preview, apply, undo, recent
        self._record_id, self._words = record_id, words
        self.panel: MassChangePanel | None = None
        self._overlay: Overlay | None = None
        self.button = button(
            tr("Modifica"), "quiet", "list-checks", size="small", tip=tr("Modifica insieme le righe scelte (Ctrl+Maiusc+M)")
        )
        self.button.clicked.connect(self.open)
        self._may = workplace.may(required) and workplace.may("base.mass_change")
        page.add_tool(self.button)
        self.button.setVisible(self._may)
        shortcut = QShortcut(QKeySequence("Ctrl+Shift+M"), cast(QWidget, page))
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.open)

    def open(self) -> None:
        if not self._may:
            return
        table = self._page.table
        chosen = Target(tuple(self._record_id(one) for one in table.selected()))
        counts = len(chosen.ids), table.rows_in_result()
        panel = MassChangePanel(table.noun, self._fields(), chosen, Target((), self._page.query()), counts, self._words)
        self.panel = panel
        panel.preview_wanted.connect(self._on_preview_wanted)
        panel.confirmed.connect(self._on_confirmed)
        panel.recent_wanted.connect(self.open_recent)
        self._show(panel)
        panel.ask()

    def _show(self, panel: Any) -> None:
        if self._overlay is None:
            overlay = self._overlay = Overlay(self._page.window())
            overlay.closed.connect(self._on_closed)
        panel.left.connect(self._overlay.close_content)
        self._overlay.open_content(panel)

    def _on_closed(self) -> None:
        overlay, self._overlay, self.panel = self._overlay, None, None
        if overlay is not None:
            overlay.deleteLater()

    def _close(self) -> None:
        if self._overlay is not None:
            self._overlay.close_content()

    def _on_preview_wanted(self, target: Target, key: str, value: Any) -> None:
        panel = self.panel
        if panel is not None:
            self._background.run(
                panel, lambda unit: self._preview(unit, target, key, value), then=panel.show_preview, failed=panel.show_error, key="preview"
            )

    def _on_confirmed(self, target: Target, key: str, value: Any, title: str) -> None:
        panel = self.panel
        assert panel is not None

        def done(change: MassChangeRow) -> None:
            self._close()
            self._page.reload()
            what = self._page.table.noun.counted(change.row_count)
            self._workplace.say(
                "positive", tr("Modifica fatta: {what}", what=what), title, tr("Annulla la modifica"), lambda: self.undo(change)
            )

        def failed(error: AppError) -> None:
            panel.show_error(error)
            panel.go_button.setEnabled(True)

        self._background.run(panel, lambda unit: self._apply(unit, target, key, value, title), then=done, failed=failed, key="apply")

    # undo -----------------------------------------------------------------------------------------------------------------
    def undo(self, change: MassChangeRow) -> None:
        def done(result: Undone) -> None:
            self._page.reload()
            left = tr("{n} cambiati nel frattempo e lasciati come sono", n=formats.number(result.left)) if result.left else change.title
            self._workplace.say(
                "positive" if not result.left else "warning",
                tr("Annullata: {what}", what=self._page.table.noun.counted(result.restored)),
                left,
            )

        def failed(error: AppError) -> None:
            if not isinstance(error, Cancelled):
                self._workplace.say("warning", tr("Annullamento non riuscito"), error_text(error))

        self._background.run(self, lambda unit: self._undo(unit, change.mass_change_id), then=done, failed=failed, key="undo")

    def open_recent(self) -> None:
        """The list of my recent mass changes, each with its undo."""

        def show(changes: list[MassChangeRow]) -> None:
            recent = RecentChanges(changes, self._page.table.noun)
            recent.undo_wanted.connect(self._on_undo_wanted)
            self._show(recent)

        self._background.run(self, self._recent, then=show, key="recent")

    def _on_undo_wanted(self, change: MassChangeRow) -> None:
        self._close()
        self.undo(change)


class MassFunctions(Protocol):
    """What a module says about a list whose rows may be changed together (see db/mass_change.MassList)."""

    @property
    def right(self) -> str: ...

    def preview(self, unit: Any, target: Target, key: str, value: Any) -> ChangePreview: ...

    def apply(self, unit: Any, target: Target, key: str, value: Any, title: str = "") -> MassChangeRow: ...

    def undo(self, unit: Any, mass_change_id: int) -> Undone: ...

    def recent(self, unit: Any) -> list[MassChangeRow]: ...


def mass_change(
    page: MassHost,
    workplace: Workplace,
    functions: MassFunctions,
    fields: Callable[[], Sequence[FieldSpec]],
    record_id: Callable[[Any], int],
    words: Callable[[str], str] = str,
) -> MassChange:
    """Give a list its mass change by what its module declared."""
    return MassChange(
        page, workplace, fields=fields, preview=functions.preview, apply=functions.apply, undo=functions.undo, recent=functions.recent,
        record_id=record_id, required=functions.right, words=words,
    )  # fmt: skip
