"""Panoramica: everything about a customer on one screen, whoever of the modules knows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from cms_desktop.core.errors import AppError, Cancelled
from cms_desktop.modules.customers import overview
from cms_desktop.ui.basics import boxed, column
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import InlineMessage
from cms_desktop.ui.later import Pieces
from cms_desktop.ui.overview import FigureTile, OverviewSection, Place, SectionCard, SectionContent
from cms_desktop.ui.translation import translator
from cms_desktop.ui.workplace import Workplace

tr = translator("customers")
TWO_COLUMNS = 1040  # pixels from which the sections stand in two columns
TABLES = frozenset({
    "registry.party", "customers.customer", "customers.contract", "customers.service", "customers.site", "customers.plant",
    "customers.held_key", "billing.invoice", "billing.transmission", "ledger.open_item", "ledger.payment", "bank_effects.effect",
})  # fmt: skip
ORDER = ("contracts", "open_items", "invoices", "payments", "effects", "sites", "events")


def make_overview(workplace: Workplace) -> Pieces:
    """The pane with the sections of all modules, in pieces."""
    own = overview.sections()
    yield
    provided = yield from workplace.sections_in_pieces("customers.customer")
    return OverviewPane(workplace, [*own, *provided])


class OverviewPane(QWidget):
    """Loads all sections in one piece of work, so that they fit together. `loaded` when they are shown."""

    loaded = Signal()
    left = Signal()
    tables = TABLES

    def __init__(self, workplace: Workplace, sections: Sequence[OverviewSection]) -> None:
        super().__init__()
        self._workplace, self._background = workplace, workplace.background
        self._customer_id: int | None = None
        place = {key: number for number, key in enumerate(ORDER)}
        self._sections: list[OverviewSection] = sorted(sections, key=lambda one: place.get(one.key, len(ORDER)))
        self.cards: dict[str, SectionCard] = {}
        self.figures: list[FigureTile] = []
        self.error = InlineMessage("negative", "")
        self.error.add_link(tr("Riprova"), self.reload)
        self.error.hide()
        self._figures = QGridLayout()
        self._figures.setSpacing(8)
        self._columns = [QVBoxLayout(), QVBoxLayout()]
        sides = QGridLayout()
        sides.setSpacing(12)
        for number, side in enumerate(self._columns):
            side.setSpacing(12)
            sides.addLayout(side, 0, number, Qt.AlignmentFlag.AlignTop)
        self._sides = sides
        inner = boxed(column(self.error, self._figures, sides, None, spacing=12, margins=(16, 12, 16, 16)), canvas="true")
        self.scroller = QScrollArea()
        self.scroller.setWidget(inner)
        self.scroller.setWidgetResizable(True)
        self.scroller.setFrameShape(QFrame.Shape.NoFrame)
        self.scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroller.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.scroller)
        self.setLayout(column(self.scroller, spacing=0))

    def section_keys(self) -> list[str]:
        return [one.key for one in self._sections]

    def show_customer(self, customer_id: int | None) -> None:
        if customer_id != self._customer_id:
            self._customer_id = customer_id
            self._clear()
        self.reload()

    def reload(self) -> None:
        number = self._customer_id
        if number is None:
            self._clear()
            return
        self._background.run(
            self, lambda unit: [one.load(unit, number) for one in self._sections], then=self._show, failed=self._on_failed, key="overview"
        )

    def _show(self, loaded: Sequence[Any]) -> None:
        self.error.hide()
        focused = next((place for place, one in enumerate(self._buttons()) if one.hasFocus()), None)
        self._clear()
        contents = [section.show(one) for section, one in zip(self._sections, loaded, strict=True)]
        self._show_figures(contents)
        for section, content in zip(self._sections, contents, strict=True):
            self.cards[section.key] = SectionCard(section, content, self._follow)
        self._arrange()
        buttons = self._buttons()
        if focused is not None and focused < len(buttons):
            buttons[focused].setFocus()
        self.loaded.emit()

    def _show_figures(self, contents: Sequence[SectionContent]) -> None:
        for figure in (figure for content in contents for figure in content.figures):
            tile = FigureTile(figure)
            tile.clicked.connect(lambda _checked=False, place=figure.place: self._follow(place) if place else None)
            self._figures.addWidget(tile, 0, len(self.figures))
            self.figures.append(tile)

    def _buttons(self) -> list[QWidget]:
        return [*self.figures, *(line for card in self.cards.values() for line in card.lines)]

    def _clear(self) -> None:
        for widget in (*self.figures, *self.cards.values()):
            widget.hide()
            widget.deleteLater()
        self.figures, self.cards = [], {}

    def _arrange(self) -> None:
        wide = self.width() >= TWO_COLUMNS
        heights = [0, 0]
        for card in self.cards.values():
            side = heights.index(min(heights)) if wide else 0
            self._columns[side].addWidget(card)
            heights[side] += card.sizeHint().height() + 12
        self._sides.setColumnStretch(0, 1)
        self._sides.setColumnStretch(1, 1 if wide else 0)

    def _follow(self, place: Place) -> None:
        self._workplace.go_to(place.module, place.page, **place.what)

    def _on_failed(self, error: AppError) -> None:
        if not isinstance(error, Cancelled):
            self.error.set_message("negative", error_text(error))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if (event.oldSize().width() >= TWO_COLUMNS) != (self.width() >= TWO_COLUMNS):
            self._arrange()
