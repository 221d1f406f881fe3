"""The page of parties: sections as chips with counts above the list, the party at the right; in a narrow dock one covers the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from cms_desktop.modules.registry import columns, queries
from cms_desktop.modules.registry.editor import mass_fields
from cms_desktop.modules.registry.editor.extraction import ExtractionDialog
from cms_desktop.modules.registry.editor.merging import Merging
from cms_desktop.modules.registry.editor.party_pane import PartyPane
from cms_desktop.modules.registry.importing import PARTIES
from cms_desktop.modules.registry.records import ClassField, PartyRow
from cms_desktop.ui.basics import button, column
from cms_desktop.ui.feedback import EmptyState, Overlay, ask
from cms_desktop.ui.later import BuiltLater, Pieces
from cms_desktop.ui.list_export import ListExport
from cms_desktop.ui.list_page import ListPage, change_list
from cms_desktop.ui.paste_import import PasteImport
from cms_desktop.ui.record_table import Noun
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("registry")
FORM_WIDTH = 684
NARROW = 1060  # below this the form covers the list


class PartiesPage(QWidget):
    tables = columns.PARTY_TABLES | columns.CONTACT_TABLES  # its people stand behind a tab
    loaded = Signal()
    dirty_changed = Signal(bool)

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self._wanted: int | None = None
        self._classes: tuple[ClassField, ...] | None = None
        self._form_wanted = False
        self.list = self._make_list(())
        self._pane_place = BuiltLater(self._make_pane)
        self._pane_place.built.connect(lambda pane: pane.show_classes(self._classes or ()))
        self._pane_place.setMinimumWidth(FORM_WIDTH)
        self.merging = Merging(self, workplace, self._on_merged)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.addWidget(self.list)
        self.split.addWidget(self._pane_place)
        self.split.setChildrenCollapsible(False)
        self.split.setHandleWidth(1)
        self.split.setStretchFactor(0, 1)
        self.split.setStretchFactor(1, 0)
        self.split.setSizes([10_000, FORM_WIDTH])
        self.setLayout(column(self.split, spacing=0))
        self.setFocusProxy(self.list)
        self._fit()

    def _make_list(self, classes: Sequence[ClassField]) -> ListPage:
        text = tr("Crea la prima con F2: basta un nome. I clienti nascono in Gestione Clienti e compaiono qui da soli.")
        extract = button(
            tr("Estrai"), "quiet", "list-filter", size="small", tip=tr("Estrai per una comunicazione, senza chi non vuole (Ctrl+Maiusc+E)")
        )
        extract.clicked.connect(self.extract)
        page = ListPage(
            self._workplace.background, columns.party_columns(classes), queries.list_parties, queries.sum_parties, name="registry.party",
            record_key=lambda row: row.party_id, noun=Noun("anagrafica", "anagrafiche", feminine=True),
            empty=lambda: EmptyState("book-user", tr("Nessuna anagrafica"), text, self._first_button()), settings=self._workplace.settings,
            views=columns.party_views(), filter_names=columns.party_filter_names(), tables=columns.PARTY_TABLES, actions=[extract], search=True,
        )  # fmt: skip
        ListExport(page, self._workplace)
        self.mass_change = mass_fields.attach(page, self._workplace, classes)
        self.paste = PasteImport(page, self._workplace, PARTIES)
        page.loaded.connect(self._on_loaded)
        page.selection_changed.connect(self._on_selection_changed)
        page.row_opened.connect(self._on_row_opened)
        return page

    def _first_button(self) -> QWidget:
        result = button(tr("Nuova anagrafica"), "primary", "plus", tip=tr("Nuova anagrafica (F2)"))
        result.setEnabled(self._workplace.may("registry.write"))
        result.clicked.connect(self.new_party)
        return result

    def _make_pane(self) -> Pieces:
        yield  # the list first
        pane: PartyPane = yield from PartyPane.in_pieces(self._workplace)
        pane.saved.connect(self._on_saved)
        pane.left.connect(self._on_left)
        pane.previous_wanted.connect(lambda: self._step(-1))
        pane.next_wanted.connect(lambda: self._step(1))
        pane.open_wanted.connect(self.open_party)
        pane.dirty_changed.connect(lambda _dirty: self.dirty_changed.emit(pane.is_dirty()))
        pane.back_button.setVisible(self._is_narrow())
        return pane

    @property
    def pane(self) -> PartyPane:
        """The party at the right, made when first shown or asked for."""
        return cast(PartyPane, self._pane_place.widget())

    def _made_pane(self) -> PartyPane | None:
        return cast(PartyPane | None, self._pane_place.found())

    # data -----------------------------------------------------------------------------------------------------------------
    def reload(self) -> None:
        self._workplace.background.run(self, queries.list_classes, then=self._show_classes, failed=lambda _error: None, key="classes")
        self.list.reload()
        pane = self._made_pane()
        if pane is not None:
            pane.refresh()

    def _show_classes(self, fields: Sequence[ClassField]) -> None:
        """The company's own fields of classification as columns; the list is made anew when they changed."""
        if self._classes == tuple(fields):
            return
        had_none = not self._classes
        self._classes = tuple(fields)
        pane = self._made_pane()
        if pane is not None:
            pane.show_classes(fields)
        if had_none and not fields:
            return
        self.list = change_list(self.split, self.list, self._make_list(fields))
        self.setFocusProxy(self.list)
        self._fit()

    def export(self) -> None:
        self.list.export()

    def extract(self) -> None:
        """The list in view for a communication: by a channel, without those who refuse it."""
        overlay = Overlay(self.window())
        dialog = ExtractionDialog(self._workplace, self.list.query())
        dialog.left.connect(overlay.close_content)
        overlay.closed.connect(overlay.deleteLater)
        overlay.open_content(dialog)

    # which party ----------------------------------------------------------------------------------------------------------
    def new_party(self) -> None:
        if self._may_leave():
            self.list.table.view.clearSelection()
            role = next((str(one.values[0]) for one in self.list.query().filters if one.key == "role"), "")
            self.pane.show_new(role)
            self._show_form(True)

    def open_party(self, party_id: int, *, contact_id: int | None = None) -> None:
        """Show a party; `contact_id` (0: a new one) opens one of its people."""
        if self._may_leave():
            self.list.select(party_id)
            self.pane.show_party(party_id, contact_id=contact_id)
            self._show_form(True)

    def merge_first_twin(self) -> None:
        """Merge the party in view with the first that the warning names; without a warning with the other selected row."""
        pane = self._made_pane()
        rows = [row.party_id for row in self.list.table.selected()]
        if len(rows) == 2:
            self.merging.begin(rows[0], rows[1])
        elif pane is not None and pane.party_id() is not None and pane.twins.twins:
            self.merging.begin(cast(int, pane.party_id()), pane.twins.twins[0].party_id)
        else:
            self._workplace.say("info", tr("Scegli due anagrafiche"), tr("Selezionane due nella lista (Ctrl o Maiusc), poi unisci."))

    def _on_merged(self, survivor_id: int) -> None:
        self._wanted = survivor_id
        self.list.reload()
        pane = self._made_pane()
        if pane is not None and not pane.is_dirty():
            pane.show_party(survivor_id)

    def _may_leave(self) -> bool:
        pane = self._made_pane()
        return (
            pane is None
            or not pane.is_dirty()
            or ask(
                self,
                tr("Lasciare l'anagrafica senza salvare?"),
                tr("Ci sono modifiche non salvate: aprendone un'altra si perdono."),
                tr("Perdi le modifiche"),
                "negative",
                cancel=tr("Torna alle modifiche"),
            )
        )

    def _on_selection_changed(self, rows: list[PartyRow]) -> None:
        pane = self._made_pane()
        if len(rows) != 1 or self._is_narrow() or (pane is not None and (rows[0].party_id == pane.party_id() or pane.is_dirty())):
            return  # the typed text stays; Enter on the row asks
        self.pane.show_party(rows[0].party_id)

    def _on_row_opened(self, row: PartyRow) -> None:
        if row.party_id != self.pane.party_id():
            self.open_party(row.party_id)
        self._show_form(True)
        self.pane.form.fields["name"].editor.setFocus()

    def _step(self, by: int) -> None:
        rows = self.list.table.rows()
        place = next((n for n, row in enumerate(rows) if row.party_id == self.pane.party_id()), None)
        if place is not None and 0 <= place + by < len(rows):
            self.open_party(rows[place + by].party_id)

    def _on_saved(self, party_id: int) -> None:
        self._wanted = party_id
        self.list.reload()

    def _on_loaded(self) -> None:
        if self._wanted is not None:
            self.list.select(self._wanted)
            self._wanted = None
        self.loaded.emit()

    def _on_left(self) -> None:
        self._show_form(False)
        self.list.table.setFocus()

    # narrow docks ---------------------------------------------------------------------------------------------------------
    def _is_narrow(self) -> bool:
        return self.width() < NARROW

    def _show_form(self, wanted: bool) -> None:
        self._form_wanted = wanted
        self._fit()

    def _fit(self) -> None:
        narrow = self._is_narrow()
        self.list.setVisible(not narrow or not self._form_wanted)
        self._pane_place.setVisible(not narrow or self._form_wanted)
        pane = self._made_pane()
        if pane is not None:
            pane.back_button.setVisible(narrow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
