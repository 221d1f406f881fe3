"""Diritti: the matrix, presets, a colleague's rights, and why somebody can or cannot do something."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QWidget

from cms_desktop.core import formats
from cms_desktop.core.errors import AppError
from cms_desktop.modules.base import actions, queries
from cms_desktop.modules.base.columns import function_title, preset_name
from cms_desktop.modules.base.editor import rights_tools
from cms_desktop.modules.base.editor.rights_grid import RightsGrid
from cms_desktop.modules.base.records import ExplainStep, Explanation, Holder, PermissionMatrix
from cms_desktop.ui.basics import IconLabel, boxed, button, column, label, row
from cms_desktop.ui.cards import Card
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.feedback.overlay import Overlay
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("base")
DETAIL_WIDTH = 330


def step_text(step: ExplainStep) -> str:
    """One link of the chain in words."""
    facts = step.facts
    match step.kind, step.is_met:
        case "company", _:
            return tr("L'azienda {name} è chiusa nel programma", name=facts["name"])
        case "client", True:
            return tr("Il programma sulla sua postazione è aggiornato ({version})", version=facts["version"])
        case "client", False:
            return tr(
                "Il programma sulla sua postazione è vecchio ({version}, serve {minimum})",
                version=facts["version"],
                minimum=facts["minimum"],
            )
        case "place", True:
            return tr("Ha un posto in questa azienda (diritti: {n})", n=facts["count"])
        case "place", False:
            return tr("Non ha un posto in questa azienda")
        case "active", True:
            return tr("L'accesso è attivo")
        case "active", False:
            return tr("L'accesso è sospeso")
        case "expiry", True:
            return tr("L'accesso vale fino al {day}", day=formats.date(facts["on"])) if facts["on"] else tr("L'accesso non scade")
        case "expiry", False:
            return tr("L'accesso è scaduto il {day}", day=formats.date(facts["on"]))
        case "lock", True:
            return tr("Non è bloccata per tentativi falliti")
        case "lock", False:
            return tr("È bloccata fino alle {time}", time=f"{facts['until'].astimezone():%H:%M}")
        case "password", True:
            return tr("Ha scelto la sua password")
        case "password", False:
            return tr("Deve ancora cambiare la password temporanea: fino ad allora nessun diritto vale")
        case "granted", True:
            return _granted_text(facts)
    return tr("La funzione non le è stata data")


def _granted_text(facts: Any) -> str:
    when = facts["at"].astimezone()
    if facts["by"]:
        return tr("Data da {name} il {day} alle {time}", name=facts["by"], day=formats.date(when), time=f"{when:%H:%M}")
    return tr("Data all'installazione, il {day}", day=formats.date(when))


class RightsPage(QWidget):
    loaded = Signal()
    dirty_changed = Signal(bool)
    saved = Signal()
    tables = frozenset({"base.permission", "base.person"})

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self._wanted: tuple[int, str] | None = None
        self._was_dirty = False
        self.grid = RightsGrid(workplace.person.person_id)
        self.rights = self.grid.rights
        self.rights.is_read_only = not workplace.may("base.administer")
        self.grid.place_changed.connect(self._on_place)
        self.rights.changed.connect(self._on_changed)
        self.problem = InlineMessage("negative", "")
        self.problem.hide()
        self._build_tools()
        self._build_explanation()
        hint = label(tr("Frecce per muoversi, Spazio per dare o togliere, F10 per salvare"), "small", "3")
        foot = boxed(row(self.count, hint, None, self.undo_button, self.save_button, margins=(16, 10, 12, 10)), strip="foot")
        grid_card = Card(tr("Diritti in questa azienda"), self.grid, self.preset_button, self.copy_button, self.more_button, foot=foot)
        body = row(grid_card, self.explain_card, spacing=12, margins=(16, 12, 16, 16))
        body.setStretchFactor(grid_card, 1)
        layout = column(self.problem, body, spacing=0)
        layout.setStretchFactor(body, 1)
        self.setLayout(layout)
        self.setFocusProxy(self.grid)
        for keys, slot in (("F10", self.save), ("Ctrl+S", self.save), ("Esc", self.undo)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    def is_dirty(self) -> bool:
        return bool(self.rights.changes)

    def _build_tools(self) -> None:
        self.preset_button = button(tr("Applica un profilo"), "quiet", "badge-check")
        self.copy_button = button(tr("Copia da un collega"), "quiet", "copy")
        self.preset_menu, self.copy_menu, self.more_menu = QMenu(self), QMenu(self), QMenu(self)
        self.more_button = button(tr("Altro"), "quiet", "ellipsis")
        self.compare_menu = self.more_menu.addMenu(tr("Confronta con"))
        self.more_menu.addAction(tr("Nelle mie aziende")).triggered.connect(self.show_places)
        self.more_menu.addAction(tr("Esporta in Excel")).triggered.connect(self.export)
        self.more_button.setMenu(self.more_menu)
        self.preset_button.setMenu(self.preset_menu)
        self.copy_button.setMenu(self.copy_menu)
        self.count = label("", "small-medium")
        self.undo_button = button(tr("Annulla"), tip=tr("Annulla (Esc)"))
        self.undo_button.clicked.connect(self.undo)
        self.save_button = button(tr("Salva"), "primary", "check", tip=tr("Salva (F10)"))
        self.save_button.clicked.connect(self.save)

    def _build_explanation(self) -> None:
        self.answer = label("", "heading", wrap=True)
        self.unsaved = label("", "small", "warning", wrap=True)
        self.preset_line = label("", "small", "2", wrap=True)
        self.steps = column(spacing=10)
        body = boxed(column(self.answer, self.preset_line, self.unsaved, self.steps, None, spacing=12, margins=(16, 4, 16, 16)))
        self.explain_card = Card(tr("Perché"), body)
        self.explain_card.setFixedWidth(DETAIL_WIDTH)
        self.explanation: Explanation | None = None

    # -- matrix
    def reload(self) -> None:
        self._workplace.background.run(self, queries.find_matrix, then=self._show, failed=self._on_failed, key="matrix")

    def show_person(self, person_id: int, function: str = "") -> None:
        """Put the cursor on a person as soon as the matrix is there."""
        self._wanted = (person_id, function)
        self.reload()

    def _show(self, matrix: PermissionMatrix) -> None:
        place = self._wanted or self._place()
        self._wanted = None
        self.rights.set_matrix(matrix)
        if place is not None:
            self.grid.go_to(*place)
        elif matrix.holders:
            self.grid.setCurrentIndex(self.rights.index(0, 0))
        self._fill_menus()
        self._ask_why()
        self.loaded.emit()

    def _place(self) -> tuple[int, str] | None:
        index = self.grid.currentIndex()
        if not index.isValid():
            return None
        holder, function = self.rights.place(index)
        return holder.person_id, function

    def _holder(self) -> Holder | None:
        index = self.grid.currentIndex()
        return self.rights.place(index)[0] if index.isValid() else None

    def _fill_menus(self) -> None:
        self.preset_menu.clear()
        for preset, functions in self.rights.matrix.presets.items():
            name = preset_name(preset)
            self.preset_menu.addAction(name).triggered.connect(partial(self.offer, functions, tr("il profilo {name}", name=name)))
        self.copy_menu.clear()
        self.compare_menu.clear()
        for holder in self.rights.matrix.holders:
            self.copy_menu.addAction(holder.display_name).triggered.connect(partial(self.offer, holder.functions, holder.display_name))
            self.compare_menu.addAction(holder.display_name).triggered.connect(partial(self.compare, holder))
        for one in (self.preset_button, self.copy_button):
            one.setEnabled(not self.rights.is_read_only)

    def offer(self, functions: frozenset[str], source: str, _checked: bool = False) -> None:
        """Show what the person under the cursor would get and lose; given when confirmed."""
        holder = self._holder()
        if holder is None:
            return
        lines = rights_tools.difference_lines(self.rights.matrix, holder, functions)
        title = tr("{name} come {source}", name=holder.display_name, source=source)
        self.preview = rights_tools.CopyPreview(title, lines)
        overlay = Overlay(self.window())
        self.preview.left.connect(overlay.close_content)
        self.preview.confirmed.connect(overlay.close_content)
        self.preview.confirmed.connect(partial(self.apply, functions))
        overlay.closed.connect(overlay.deleteLater)
        overlay.open_content(self.preview)

    def compare(self, other: Holder, _checked: bool = False) -> None:
        """In what the person under the cursor and another differ."""
        holder = self._holder()
        if holder is not None:
            box = rights_tools.comparison_box(self.rights.matrix, holder, other)
            self._show_aside(tr("{one} e {other}", one=holder.display_name, other=other.display_name), box)

    def show_places(self) -> None:
        """The person under the cursor in all the companies I administer."""
        holder = self._holder()
        if holder is not None:
            self._workplace.background.run(
                self,
                lambda unit: queries.list_places(unit, holder.person_id),
                then=lambda places: self._show_aside(holder.display_name, rights_tools.places_box(self.rights.matrix, places)),
                failed=self._on_failed,
                key="places",
            )

    def export(self) -> None:
        """The whole matrix as a spreadsheet."""
        path = self._workplace.files.save_as(tr("Esporta i diritti"), "diritti.xlsx", "Excel (*.xlsx)")
        if path is not None:
            matrix = self.rights.matrix
            self._workplace.background.run(
                self,
                lambda _unit: rights_tools.write_matrix(path, matrix),
                then=lambda _none: self._workplace.say("positive", tr("Diritti esportati"), path.name),
                failed=self._on_failed,
                key="export",
            )

    def _show_aside(self, title: str, box: QWidget) -> None:
        """Instead of the explanation, until the cursor moves."""
        self._clear_steps()
        self.explanation = None
        self.answer.setText(title)
        self.unsaved.hide()
        self.preset_line.hide()
        self.steps.addWidget(box)

    def _clear_steps(self) -> None:
        while (item := self.steps.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()

    def apply(self, functions: frozenset[str], _checked: bool = False) -> None:
        """Give the person under the cursor exactly these; nothing is saved yet."""
        holder = self._holder()
        if holder is not None:
            self.rights.set_functions(holder.person_id, functions)
        self.grid.setFocus()

    def _on_changed(self) -> None:
        many = len(self.rights.changes)
        self.count.setText(tr("Modifiche da salvare: {n}", n=many) if many else "")
        self.count.setVisible(bool(many))
        self.save_button.setEnabled(bool(many))
        self.undo_button.setEnabled(bool(many))
        self._show_unsaved()
        if bool(many) != self._was_dirty:
            self._was_dirty = bool(many)
            self.dirty_changed.emit(self._was_dirty)

    # -- why
    def _on_place(self, _person_id: int, _function: str) -> None:
        self._ask_why()

    def _ask_why(self) -> None:
        place = self._place()
        if place is not None:
            self._workplace.background.run(
                self, lambda unit: queries.explain(unit, *place), then=self._show_why, failed=self._on_failed, key="why"
            )

    def _show_why(self, found: Explanation) -> None:
        self.explanation = found
        title = function_title(found.function, found.title)
        words = tr("{name} può: {title}") if found.is_allowed else tr("{name} non può: {title}")
        self.answer.setText(words.format(name=found.person_name, title=title))
        self._clear_steps()
        holder = self._holder()
        resembles = rights_tools.preset_line(self.rights.matrix, holder) if holder is not None else ""
        self.preset_line.setText(resembles)
        self.preset_line.setVisible(bool(resembles))
        for step in found.steps:
            mark = IconLabel("circle-check" if step.is_met else "circle-x", 16, "positive_fill" if step.is_met else "negative_fill", 2)
            text = label(step_text(step), "body", "" if step.is_met else "negative", wrap=True)
            line = row(column(mark, None, margins=(0, 1, 0, 0)), text, spacing=8)
            line.setStretch(1, 1)
            self.steps.addWidget(boxed(line))
        if found.remedies:
            self.steps.addWidget(label(tr("Che cosa serve"), "small-medium", "2"))
        for remedy in found.remedies:
            self.steps.addWidget(label(rights_tools.remedy_text(remedy), "body", wrap=True))
        self._show_unsaved()

    def _show_unsaved(self) -> None:
        place = self._place()
        wanted = self.rights.changes.get(place) if place is not None else None
        text = "" if wanted is None else tr("Da salvare: le sarà data.") if wanted else tr("Da salvare: le sarà tolta.")
        holder = self._holder()
        if not text and holder is not None and holder.person_id == self._workplace.person.person_id:
            text = tr("I propri diritti li cambia un altro amministratore.")
        self.unsaved.setText(text)
        self.unsaved.setVisible(bool(text))

    # -- doing
    def save(self) -> None:
        changes = dict(self.rights.changes)
        if changes and self.save_button.isEnabled():
            self.save_button.setEnabled(False)
            self._workplace.background.run(
                self, lambda unit: actions.change_functions(unit, changes), then=self._on_saved, failed=self._on_failed, key="save"
            )

    def _on_saved(self, _nothing: object) -> None:
        many = len(self.rights.changes)
        self.problem.hide()
        self.rights.clear_changes()
        self._workplace.say("positive", tr("Diritti salvati"), tr("Modifiche: {n}, valgono da subito", n=many))
        self.saved.emit()
        self.reload()

    def undo(self) -> None:
        self.rights.clear_changes()

    def _on_failed(self, error: AppError) -> None:
        self.save_button.setEnabled(bool(self.rights.changes))
        self.problem.set_message("negative", error_text(error))
