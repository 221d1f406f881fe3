"""The notification centre: what needs me, what I did, what the program said, how each kind is to reach me."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QMenu, QScrollArea, QStackedWidget, QWidget

from cms_desktop.modules.base.notices import actions, queries
from cms_desktop.modules.base.notices.centre import NoticeCentre
from cms_desktop.modules.base.notices.records import Choice, KindChoice, Notice
from cms_desktop.modules.base.notices.view import NoticeView, Words
from cms_desktop.ui.background import Background
from cms_desktop.ui.basics import Elevated, IconLabel, boxed, button, column, label, row, rule
from cms_desktop.ui.chips import Segmented
from cms_desktop.ui.fields.number import DateField
from cms_desktop.ui.notices import Notice as SessionNotice
from cms_desktop.ui.notices import notice_row
from cms_desktop.ui.translation import translator

tr = translator("notices")
CHOICES: tuple[Choice, ...] = ("now", "digest", "mute")
MORNING = 8  # o'clock of a snooze until a day


class NoticeCentreOverlay(Elevated):
    """`open_wanted(Notice)` leads to its record; `left` closes."""

    left = Signal()
    open_wanted = Signal(object)

    def __init__(
        self, background: Background, centre: NoticeCentre, words: Words, kinds: Mapping[str, str], said: Sequence[SessionNotice] = ()
    ) -> None:
        super().__init__(radius=12)
        self._background, self._centre, self._kinds = background, centre, kinds
        self.tabs = Segmented([tr("Da fare"), tr("Fatte"), tr("Messaggi"), tr("Preferenze")])
        self.list = NoticeView(words)
        self.done_button = button(tr("Fatto"), icon_name="check", tip=tr("Fatto: esce dall'elenco (Canc)"))
        self.snooze_button = button(tr("Rimanda"), icon_name="clock", tip=tr("Rimanda (R)"))
        self.keep_button = button(tr("Tieni"), icon_name="pin", tip=tr("Tieni in cima (T)"))
        self.open_button = button(tr("Apri"), "primary", "arrow-up-right", tip=tr("Apri (Invio)"))
        self.until = _UntilField(tr("Rimanda fino al"))
        self._until_row = boxed(row(self.until, None, margins=(0, 8, 0, 0)))
        self._until_row.hide()
        self._preferences = boxed(column(None))
        self.choices: dict[str, Segmented] = {}
        self._arrange(said)
        self._connect()
        self.reload()

    def _arrange(self, said: Sequence[SessionNotice]) -> None:
        self._empty = label("", "body", "2", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(boxed(column(None, row(None, IconLabel("bell", 28, "text_3"), None), self._empty, None, spacing=12)))
        self._stack.addWidget(
            _scrolled([notice_row(one) for one in said] or [label(tr("Nessun messaggio da quando sei entrato."), "body", "2")])
        )
        self._stack.addWidget(self._preferences)
        self._stack.setMinimumSize(600, 380)
        close = button(tr("Chiudi"), tip=tr("Chiudi (Esc)"))
        close.clicked.connect(self.left)
        head = row(label(tr("Notifiche"), "title"), None, self.tabs, spacing=12)
        foot = row(self.done_button, self.snooze_button, self.keep_button, None, close, self.open_button, spacing=8)
        self.body.addLayout(column(head, 12, self._stack, self._until_row, 12, rule(), 12, foot, spacing=0, margins=(24, 20, 24, 20)))

    def _connect(self) -> None:
        self.tabs.changed.connect(lambda _index: self.reload())
        self.list.opened.connect(self._open)
        self.list.pressed_key.connect(self._on_key)
        self.list.selectionModel().selectionChanged.connect(lambda *_what: self._show_tools())
        self.done_button.clicked.connect(self.finish)
        self.snooze_button.clicked.connect(self._show_snoozes)
        self.keep_button.clicked.connect(self.keep)
        self.open_button.clicked.connect(lambda: self._open(next(iter(self.list.chosen()), None)))
        self.until.line.returnPressed.connect(self._snooze_until_date)
        self._centre.changed.connect(self.reload)

    # what it shows
    def reload(self) -> None:
        tab = self.tabs.active()
        if tab in (0, 1):
            self._background.run(self, lambda unit: queries.list_notices(unit, done=tab == 1), then=self._show, key="list")
        elif tab == 3:
            self._background.run(self, queries.list_choices, then=self._show_choices, key="list")
        self._stack.setCurrentIndex({2: 2, 3: 3}.get(tab, 0))
        self._show_tools()

    def _show(self, notices: list[Notice]) -> None:
        if self.tabs.active() not in (0, 1):
            return
        self.list.show_notices(notices)
        self._empty.setText(
            tr("Niente che ti aspetti. Quando un collega ti scrive o ti affida qualcosa, arriva qui.") if self.tabs.active() == 0 else tr("Ancora niente di fatto.")
        )  # fmt: skip
        self._stack.setCurrentIndex(0 if notices else 1)
        self._show_tools()
        unread = [one.notice_id for one in notices if not one.is_read]
        if unread and self.tabs.active() == 0 and self.isVisible():
            self._background.run(self, lambda unit: actions.mark_read(unit, unread), then=lambda _done: self._centre.count())

    def _show_tools(self) -> None:
        chosen, tab = self.list.chosen(), self.tabs.active()
        for tool in (self.done_button, self.snooze_button, self.keep_button, self.open_button):
            tool.setVisible(tab in (0, 1))
            tool.setEnabled(bool(chosen) and self._stack.currentIndex() == 0)
        self.done_button.setText("\u2009" + (tr("Rimetti") if tab == 1 else tr("Fatto")))
        self.snooze_button.setVisible(tab == 0)
        self.keep_button.setVisible(tab == 0)
        self.keep_button.setText("\u2009" + (tr("Lascia") if chosen and all(one.is_kept for one in chosen) else tr("Tieni")))

    # steps
    def _on_key(self, key: int) -> None:
        if self.tabs.active() in (0, 1):
            {Qt.Key.Key_Delete: self.finish, Qt.Key.Key_R: self._show_snoozes, Qt.Key.Key_T: self.keep}[Qt.Key(key)]()

    def _ids(self) -> list[int]:
        return [one.notice_id for one in self.list.chosen()]

    def finish(self) -> None:
        """Done; or, in the list of the done, back again."""
        ids = self._ids()
        act = actions.recall_notices if self.tabs.active() == 1 else actions.finish_notices
        if ids:
            self._centre.run(lambda unit: act(unit, ids))

    def keep(self) -> None:
        ids, kept = self._ids(), not all(one.is_kept for one in self.list.chosen())
        if ids and self.tabs.active() == 0:
            self._centre.run(lambda unit: actions.keep_notices(unit, ids, kept=kept))

    def snooze_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(tr("Tra un'ora"), lambda: self._snooze(minutes=60))
        menu.addAction(tr("Domani mattina"), lambda: self._snooze(until=_morning(1)))
        menu.addAction(tr("Lunedì mattina"), lambda: self._snooze(until=_morning(7 - datetime.datetime.now().astimezone().weekday())))
        menu.addAction(tr("Fino a una data…"), self._ask_date)
        return menu

    def _show_snoozes(self) -> None:
        if self._ids() and self.tabs.active() == 0:
            menu = self.snooze_menu()
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(self.snooze_button.mapToGlobal(QPoint(0, -menu.sizeHint().height() - 2)))

    def _snooze(self, *, minutes: int = 0, until: datetime.datetime | None = None) -> None:
        ids = self._ids()
        if ids:
            self._centre.run(lambda unit: actions.snooze_notices(unit, ids, until=until, minutes=minutes))

    def _ask_date(self) -> None:
        self._until_row.show()
        self.until.set_value(None)
        self.until.editor.setFocus()

    def _snooze_until_date(self) -> None:
        problem = self.until.entry_problem()
        day = None if problem else self.until.value()
        today = datetime.datetime.now().astimezone().date()
        if day is None or day <= today:
            self.until.set_error(problem or tr("Scrivi un giorno da domani in poi."))
            return
        self._until_row.hide()
        self.list.setFocus()
        self._snooze(until=datetime.datetime.combine(day, datetime.time(MORNING)).astimezone())

    def _open(self, notice: Notice | None) -> None:
        if notice is not None:
            self.open_wanted.emit(notice)

    # preferences
    def _show_choices(self, choices: list[KindChoice]) -> None:
        if self.tabs.active() != 3:
            return
        hint = tr("Come vuoi ricevere ogni tipo di notifica. Il riepilogo arriva una volta al giorno, al mattino.")
        lines: list[QWidget] = [label(hint, "small", "3", wrap=True)]
        self.choices = {}
        for one in choices:
            title = label(self._kinds.get(one.kind, one.kind), "body")
            if one.may_wait:
                picker = Segmented([tr("Subito"), tr("Riepilogo"), tr("Mai")], CHOICES.index(one.choice))
                picker.setAccessibleName(self._kinds.get(one.kind, one.kind))
                picker.changed.connect(self._chooser(one.kind))
                self.choices[one.kind] = picker
                lines.append(boxed(row(title, None, picker)))
            else:
                lines.append(boxed(row(title, None, label(tr("sempre subito"), "small", "3"))))
        fresh = _scrolled(lines)
        self._stack.removeWidget(self._preferences)
        self._preferences.deleteLater()
        self._preferences = fresh
        self._stack.addWidget(fresh)
        self._stack.setCurrentWidget(fresh)

    def _chooser(self, kind: str) -> Callable[[int], None]:
        def choose(index: int) -> None:
            self._background.run(self, lambda unit: actions.choose_for_kind(unit, kind, CHOICES[index]))

        return choose

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class _UntilField(DateField):
    """Enter confirms the date."""

    def enter_goes_on(self) -> bool:
        return False


def _morning(days: int) -> datetime.datetime:
    day = datetime.datetime.now().astimezone().date() + datetime.timedelta(days=days)
    return datetime.datetime.combine(day, datetime.time(MORNING)).astimezone()


def _scrolled(rows: Sequence[QWidget]) -> QFrame:
    inner = boxed(column(*rows, None, spacing=8, margins=(0, 4, 8, 4)))
    inner.setProperty("scroll", "true")
    scroll = QScrollArea()
    scroll.setWidget(inner)
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    return boxed(column(scroll, spacing=0))
