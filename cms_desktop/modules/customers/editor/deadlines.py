"""The expiry scheduler: twelve months as bars, what falls in the chosen one, row by row."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cms_desktop.core import formats
from cms_desktop.core.dates import local_today
from cms_desktop.core.errors import AppError
from cms_desktop.core.listing import Filter, ListQuery, Page, Totals
from cms_desktop.modules.customers.contracts import queries
from cms_desktop.modules.customers.contracts.records import Deadline, MonthCount
from cms_desktop.ui import theme
from cms_desktop.ui.basics import boxed, button, column, label, row
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.feedback import EmptyState, InlineMessage
from cms_desktop.ui.filter_tiles import FilterTile, FilterTiles
from cms_desktop.ui.list_export import ListExport
from cms_desktop.ui.list_page import ListPage
from cms_desktop.ui.record_table import Column, Noun
from cms_desktop.ui.translation import one_or_many, translator
from cms_desktop.ui.workplace import Workplace

tr = translator("customers")
MONTHS = 12
TABLES = frozenset({"customers.contract", "customers.service"})


def kind_words() -> dict[str, tuple[str, str, str]]:
    """Kind of deadline → (words, tone, icon)."""
    return {
        "notice": (tr("Ultimo giorno per disdire"), "warning", "bell"),
        "renewal": (tr("Rinnovo tacito"), "info", "refresh-cw"),
        "expiry": (tr("Fine del contratto"), "negative", "flag"),
        "price_clause": (tr("Adeguamento ISTAT"), "positive", "percent"),
        "deposit": (tr("Deposito da restituire"), "neutral", "wallet"),
    }


def month_end(first: datetime.date) -> datetime.date:
    return (first + datetime.timedelta(days=32)).replace(day=1) - datetime.timedelta(days=1)


class MonthBars(QWidget):
    """A column a month, cut by kind; one is chosen. ←→, Home, End and the mouse choose."""

    chosen = Signal(object)  # first day of the month

    def __init__(self) -> None:
        super().__init__()
        self._months: list[MonthCount] = []
        self._place = 0
        self.setFixedHeight(168)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(720, 168)

    def set_months(self, months: Sequence[MonthCount]) -> None:
        self._months = list(months)
        self._place = min(self._place, max(len(self._months) - 1, 0))
        self._tell()

    def month(self) -> MonthCount | None:
        return self._months[self._place] if self._months else None

    def choose(self, place: int) -> None:
        if self._months and 0 <= place < len(self._months) and place != self._place:
            self._place = place
            self._tell()
            self.chosen.emit(self._months[place].month_on)

    def _tell(self) -> None:
        one = self.month()
        if one is not None:
            total = sum(count for _, count in one.counts)
            month = f"{one.month_on:%m/%Y}"
            self.setAccessibleName(
                one_or_many(
                    total, tr("{month}: 1 scadenza", month=month), tr("{month}: {n} scadenze", month=month, n=formats.number(total))
                )
            )
        self.update()

    def _slot(self) -> float:
        return self.width() / max(len(self._months), 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.choose(int(event.position().x() // self._slot()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        places = {
            Qt.Key.Key_Left: self._place - 1, Qt.Key.Key_Right: self._place + 1, Qt.Key.Key_Home: 0, Qt.Key.Key_End: len(self._months) - 1,
        }  # fmt: skip
        place = places.get(Qt.Key(event.key()))
        if place is None:
            super().keyPressEvent(event)
        else:
            self.choose(place)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tones = {
            "warning": t.warning_fill,
            "info": t.accent_fill,
            "negative": t.negative_fill,
            "positive": t.positive_fill,
            "neutral": t.text_3,
        }
        colours = {kind: QColor(tones[tone]) for kind, (_, tone, _) in kind_words().items()}
        most = max((sum(many for _, many in one.counts) for one in self._months), default=0) or 1
        slot, top, bottom = self._slot(), 26.0, self.height() - 30.0
        for place, one in enumerate(self._months):
            left = place * slot
            if place == self._place:
                painter.setPen(QPen(QColor(t.accent_fill), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
                painter.setBrush(QColor(t.accent_soft))
                painter.drawRoundedRect(QRectF(left + 3, 2, slot - 6, self.height() - 4), 8, 8)
            painter.setPen(Qt.PenStyle.NoPen)
            width = min(slot * 0.5, 44.0)
            y = bottom
            for kind, many in one.counts:
                height = (bottom - top) * many / most
                painter.setBrush(colours[kind])
                painter.drawRect(QRectF(left + (slot - width) / 2, y - height, width, max(height - 1, 0)))
                y -= height
            total = sum(count for _, count in one.counts)
            painter.setPen(QColor(t.text if total else t.text_3))
            painter.setFont(theme.font("small-medium"))
            painter.drawText(QRectF(left, y - 20, slot, 18), Qt.AlignmentFlag.AlignCenter, formats.number(total) if total else "–")
            painter.setPen(QColor(t.text_2))
            painter.setFont(theme.font("small"))
            name = formats.MONTHS[one.month_on.month - 1][:3]
            painter.drawText(QRectF(left, bottom + 4, slot, 20), Qt.AlignmentFlag.AlignCenter, f"{name} {one.month_on:%y}")


def _columns() -> list[Column]:
    words = kind_words()

    def notice_tone(deadline: Deadline) -> str:
        return "negative" if deadline.notice_by is not None and deadline.notice_by < local_today() else ""

    return [
        Column("on_day", tr("Giorno"), kind="date", width=104, filter="date", locked=True),
        Column("kind", tr("Scadenza"), lambda one: words[one.kind], kind="chip", width=220, filter="choice", choices=tuple((key, text) for key, (text, _, _) in words.items())),
        Column("customer", tr("Cliente"), kind="strong", width=240, stretch=True, filter_hint=tr("contiene…")),
        Column("number", tr("Contratto"), kind="code", width=124),
        Column("notice_by", tr("Disdetta entro"), kind="date", width=116, filter="date", tone=notice_tone, gives_way=1),
        Column("term_end", tr("Fine periodo"), kind="date", width=108, filter="date", gives_way=2),
        Column("monthly_fee", tr("Canone €"), kind="money", width=112, filter="number", total=True),
    ]  # fmt: skip


class DeadlinesPage(QWidget):
    """`contract_wanted` opens the contract of a row."""

    tables = TABLES
    loaded = Signal()
    contract_wanted = Signal(int, int)  # customer, contract

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self._first = local_today().replace(day=1)
        self._month = self._first
        self.title = label("", "heading")
        self.earlier = button("", "icon", "chevron-left", tip=tr("Dodici mesi prima"))
        self.later = button("", "icon", "chevron-right", tip=tr("Dodici mesi dopo"))
        self.bars = MonthBars()
        self.error = InlineMessage("negative", "")
        self.error.hide()
        self.tiles = FilterTiles([FilterTile(kind, text, icon, tone) for kind, (text, tone, icon) in kind_words().items()])
        self.list = self._make_list()
        head = row(self.earlier, self.title, self.later, None, spacing=6)
        upper = boxed(column(head, self.bars, spacing=6, margins=(16, 10, 16, 8)), card="true")
        rows_card = boxed(column(self.list, margins=(1, 1, 1, 1)), card="true")
        layout = column(upper, self.tiles, self.error, rows_card, spacing=12, margins=(16, 12, 16, 16))
        layout.setStretchFactor(rows_card, 1)
        self.setLayout(layout)
        self.setFocusProxy(self.bars)
        self.bars.chosen.connect(self._on_month)
        self.tiles.chosen.connect(self._on_kind)
        self.list.query_changed.connect(self._on_query)
        self.list.row_opened.connect(lambda one: self.contract_wanted.emit(one.customer_id, one.contract_id))
        self.earlier.clicked.connect(lambda: self._turn(-MONTHS))
        self.later.clicked.connect(lambda: self._turn(MONTHS))

    def _make_list(self) -> ListPage:
        page = ListPage(
            self._workplace.background, _columns(), self._load, self._totals, name="customers.deadline", record_key=lambda one: one.row_id,
            noun=Noun(tr("scadenza"), tr("scadenze"), feminine=True),
            empty=lambda: EmptyState("calendar-check", tr("Nessuna scadenza in questo mese"), tr("Scegli un altro mese con ← e →: le barre dicono dove ce ne sono.")),
            settings=self._workplace.settings, search=True,
        )  # fmt: skip
        page.views_bar.setVisible(bool(page.views_bar.views()))
        page.loaded.connect(self.loaded)
        ListExport(page, self._workplace)
        return page

    def _load(self, unit: Any, query: ListQuery, after: tuple[object, ...] | None) -> Page[Any]:
        return queries.list_deadlines(unit, self._month, month_end(self._month), query, after)

    def _totals(self, unit: Any, query: ListQuery) -> Totals:
        return queries.sum_deadlines(unit, self._month, month_end(self._month), query)

    def reload(self) -> None:
        first = self._first
        last = month_end((first + datetime.timedelta(days=31 * (MONTHS - 1))).replace(day=1))
        self.title.setText(f"{first:%m/%Y} – {last:%m/%Y}")
        self._workplace.background.run(
            self, lambda unit: queries.count_deadlines(unit, first, last), then=self._show, failed=self._on_failed, key="months"
        )
        self.list.reload()

    def _show(self, months: list[MonthCount]) -> None:
        self.error.hide()
        self.bars.set_months(months)
        self._show_tiles()

    def _show_tiles(self) -> None:
        one = self.bars.month()
        for kind, many in one.counts if one else ():
            self.tiles.tiles[kind].set_figures(formats.number(many), "")

    def _on_month(self, month: datetime.date) -> None:
        self._month = month
        self._show_tiles()
        self.list.reload()

    def _turn(self, months: int) -> None:
        count = self._first.year * 12 + self._first.month - 1 + months
        self._first = datetime.date(count // 12, count % 12 + 1, 1)
        place = self.bars.month()
        shift = 0 if place is None else (place.month_on.year * 12 + place.month_on.month) - (count - months + 1)
        month = count + shift
        self._month = datetime.date(month // 12, month % 12 + 1, 1)
        self.reload()

    def _on_kind(self, kind: str) -> None:
        others = tuple(one for one in self.list.query().filters if one.key != "kind")
        self.list.set_query(ListQuery((*others, Filter("kind", "in", (kind,))) if kind else others))

    def _on_query(self, query: ListQuery) -> None:
        kinds = next((one.values for one in query.filters if one.key == "kind"), ())
        self.tiles.show_chosen(str(kinds[0]) if len(kinds) == 1 else "")

    def _on_failed(self, error: AppError) -> None:
        self.error.set_message("negative", error_text(error))
