"""Saved views of a list: chips with counts, and the button that keeps the present filters under a name."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QMenu, QWidget

from cms_desktop.core import formats
from cms_desktop.core.listing import Filter, ListQuery, Sort, Value

from .basics import button, column, label, row
from .chips import FilterChip
from .popover import Popover
from .translation import translator

tr = translator("ui")


@dataclass(frozen=True)
class SavedView:
    """Filters, order and search under a name, with the arrangement of the columns (`RecordTable.state`; empty: leave as it is)."""

    name: str
    query: ListQuery = field(default_factory=ListQuery)
    state: Mapping[str, Any] = field(default_factory=dict)
    is_shared: bool = False
    is_fixed: bool = False  # comes with the module: cannot be renamed or deleted
    is_mine: bool = True  # a shared one is changed by who made it

    @property
    def may_change(self) -> bool:
        return not self.is_fixed and self.is_mine


class SavedViewsBar(QWidget):
    """One chip per view. The owner says which query is in force (`set_current`) and how many rows each view has (`set_counts`)."""

    view_chosen = Signal(object)
    views_changed = Signal()

    def __init__(
        self,
        load_views: Callable[[], Sequence[SavedView]],
        save_views: Callable[[list[SavedView]], None],
        present: Callable[[], tuple[ListQuery, Mapping[str, Any]]],
        *,
        can_share: bool = False,
    ) -> None:
        super().__init__()
        self._can_share = can_share
        self._save, self._present = save_views, present
        self._views = list(load_views())
        self._counts: dict[str, int] = {}
        self._current = ListQuery()
        self.chips: list[FilterChip] = []
        self._box = QHBoxLayout()
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)
        self.plus = button("", "icon", "plus", tip=tr("Salva i filtri attuali come vista"))
        self.plus.clicked.connect(self._on_plus)
        self.more = button("", "icon", "ellipsis", tip=tr("Altre viste"))
        self.more.clicked.connect(self._on_more)
        self.more.hide()
        self._room: int | None = None
        self.setLayout(row(self._box, self.more, self.plus, spacing=4))
        self._fill()

    def views(self) -> list[SavedView]:
        return list(self._views)

    def set_shared(self, views: Sequence[SavedView], *, may_share: bool) -> None:
        """The views of the company, as they are on the server."""
        self._can_share = may_share
        self._views = [one for one in self._views if not one.is_shared] + list(views)
        self._fill()
        if views:
            self.views_changed.emit()

    def share_view(self, name: str, shared: bool) -> None:
        """Show one of my views to the colleagues, too, or keep it for me again."""
        self._views = [replace(one, is_shared=shared) if one.name == name and one.may_change else one for one in self._views]
        self._keep()

    def set_counts(self, counts: Mapping[str, int]) -> None:
        self._counts = dict(counts)
        for view, chip in zip(self._views, self.chips, strict=True):
            if view.name in self._counts:
                chip.set_count(formats.number(self._counts[view.name]))
        self._fold()

    def set_current(self, query: ListQuery) -> None:
        """Tick the view whose filters are in force, whatever the order of the rows."""
        self._current = query
        for view, chip in zip(self._views, self.chips, strict=True):
            chip.setChecked(_means_the_same(view.query, query))
        self._fold()

    def says(self, query: ListQuery) -> bool:
        """Whether a ticked view already tells which filters are in force."""
        return bool(query.filters) and any(_means_the_same(view.query, query) for view in self._views)

    def set_room(self, width: int) -> None:
        """The pixels there are: views without room go into the menu behind the chips; the one in force stays in sight."""
        self._room = width
        self._fold()

    def _fold(self) -> None:
        if self._room is None:
            return
        gap, ends = self._box.spacing(), self.plus.sizeHint().width() + 4
        room = self._room - ends
        if sum(chip.width() + gap for chip in self.chips) - gap > room:
            room -= self.more.sizeHint().width() + 4
        room -= sum(chip.width() + gap for chip in self.chips if chip.isChecked())
        for chip in self.chips:
            is_in = chip.isChecked()
            if not is_in:
                room -= chip.width() + gap
                is_in = room + gap >= 0
            chip.setVisible(is_in)
        self.more.setVisible(bool(self.folded()))

    def folded(self) -> list[SavedView]:
        """The views that are in the menu only."""
        return [view for view, chip in zip(self._views, self.chips, strict=True) if chip.isHidden()]

    def _on_more(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for view in self.folded():
            count = self._counts.get(view.name)
            words = view.name if count is None else f"{view.name}  {formats.number(count)}"
            menu.addAction(words.replace("&", "&&")).triggered.connect(lambda _checked=False, view=view: self._on_chosen(view))
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def add_view(self, name: str, *, is_shared: bool = False) -> None:
        """Keep the present filters and arrangement under `name`; the same name replaces the older view."""
        query, state = self._present()
        view = SavedView(name, query, dict(state), is_shared)
        places = [place for place, one in enumerate(self._views) if one.name == name and one.may_change]
        if places:
            self._views[places[0]] = view
        else:
            self._views.append(view)
        self._keep()

    def rename_view(self, old: str, new: str) -> None:
        self._views = [replace(one, name=new) if one.name == old and one.may_change else one for one in self._views]
        self._keep()

    def delete_view(self, name: str) -> None:
        self._views = [one for one in self._views if one.name != name or not one.may_change]
        self._keep()

    def _keep(self) -> None:
        self._save(list(self._views))
        self._fill()
        self.views_changed.emit()

    def _fill(self) -> None:
        for chip in self.chips:
            self._box.removeWidget(chip)
            chip.deleteLater()
        self.chips = []
        for view in self._views:
            count = self._counts.get(view.name)
            chip = FilterChip(view.name, "" if count is None else formats.number(count))
            chip.clicked.connect(lambda _checked=False, view=view: self._on_chosen(view))
            chip.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            chip.customContextMenuRequested.connect(lambda place, view=view, chip=chip: self._open_menu(view, chip, place))
            if view.is_shared:
                chip.setToolTip(tr("Vista condivisa con i colleghi"))
            self.chips.append(chip)
            self._box.addWidget(chip)
        self.set_current(self._current)

    def _on_chosen(self, view: SavedView) -> None:
        self.set_current(self._current)  # the tick follows the query, not the click
        self.view_chosen.emit(view)

    def _on_plus(self) -> None:
        self._ask_name(
            tr("Salva la vista"), "", self.plus, lambda name, shared: self.add_view(name, is_shared=shared), can_share=self._can_share
        )

    def _open_menu(self, view: SavedView, chip: QWidget, place: QPoint) -> None:
        menu = self.menu_for(view, chip)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(chip.mapToGlobal(place))

    def menu_for(self, view: SavedView, chip: QWidget) -> QMenu:
        menu = QMenu(self)
        update = menu.addAction(tr("Aggiorna con i filtri attuali"))
        update.triggered.connect(lambda: self.add_view(view.name, is_shared=view.is_shared))
        rename = menu.addAction(tr("Rinomina…"))
        rename.triggered.connect(
            lambda: self._ask_name(tr("Rinomina la vista"), view.name, chip, lambda name, _shared: self.rename_view(view.name, name))
        )
        share = menu.addAction(tr("Tieni solo per me") if view.is_shared else tr("Mostra anche ai colleghi"))
        share.triggered.connect(lambda: self.share_view(view.name, not view.is_shared))
        share.setVisible(self._can_share)
        menu.addSeparator()
        delete = menu.addAction(tr("Elimina la vista"))
        delete.triggered.connect(lambda: self.delete_view(view.name))
        for action in (update, rename, share, delete):
            action.setEnabled(view.may_change)
        return menu

    def _ask_name(self, title: str, name: str, anchor: QWidget, done: Callable[[str, bool], None], *, can_share: bool = False) -> None:
        asker = NameAsker(title, name, anchor, can_share=can_share)
        asker.named.connect(done)
        asker.closed.connect(asker.deleteLater)
        asker.open(asker.field)
        asker.field.selectAll()


class NameAsker(Popover):
    """Asks for a name; Enter accepts."""

    named = Signal(str, bool)

    def __init__(self, title: str, name: str, anchor: QWidget, *, can_share: bool) -> None:
        super().__init__(anchor)
        self.field = QLineEdit(name)
        self.field.setPlaceholderText(tr("Nome della vista"))
        self.field.setAccessibleName(tr("Nome della vista"))
        self.field.setMaxLength(40)
        self.shared = QCheckBox(tr("Visibile anche ai colleghi"))
        if not can_share:
            self.shared.hide()
        self.accept_button = button(tr("Salva"), "primary", tip=tr("Salva (Invio)"))
        self.accept_button.clicked.connect(self._on_accepted)
        self.field.textChanged.connect(lambda text: self.accept_button.setEnabled(bool(text.strip())))
        self.accept_button.setEnabled(bool(name))
        line = row(self.field, self.accept_button, spacing=8)
        self.body.addLayout(column(label(title, "heading"), line, self.shared, spacing=10, margins=(16, 12, 16, 14)))
        self.setFixedWidth(340 + 2 * self.MARGIN)

    def _on_accepted(self) -> None:
        name, shared = self.field.text().strip(), self.shared.isChecked()
        if name:
            self.dismiss()
            self.named.emit(name, shared)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_accepted()
            event.accept()
        else:
            super().keyPressEvent(event)


def _means_the_same(first: ListQuery, second: ListQuery) -> bool:
    return set(first.filters) == set(second.filters) and first.search == second.search


def view_to_json(view: SavedView) -> dict[str, Any]:
    """For the settings store."""
    query = view.query
    return {
        "name": view.name,
        "filters": [[one.key, one.operator, [_value_to_json(value) for value in one.values]] for one in query.filters],
        "sort": [query.sort.key, query.sort.descending] if query.sort else None,
        "search": query.search,
        "state": dict(view.state),
        "is_shared": view.is_shared,
    }


def view_from_json(stored: Mapping[str, Any]) -> SavedView:
    filters = tuple(
        Filter(key, operator, tuple(_value_from_json(value) for value in values)) for key, operator, values in stored["filters"]
    )
    sort = Sort(stored["sort"][0], bool(stored["sort"][1])) if stored.get("sort") else None
    query = ListQuery(filters, sort, stored.get("search", ""))
    return SavedView(stored["name"], query, stored.get("state", {}), bool(stored.get("is_shared")))


def _value_to_json(value: Value) -> Any:
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, datetime.date):
        return {"date": value.isoformat()}
    return value


def _value_from_json(value: Any) -> Value:
    if isinstance(value, dict):
        return Decimal(value["decimal"]) if "decimal" in value else datetime.date.fromisoformat(value["date"])
    return value
