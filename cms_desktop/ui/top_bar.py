"""The bar over everything: company, search, help, notifications, person."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu, QSizePolicy, QWidget

from . import theme
from .basics import Avatar, Item, Keycap, Pressable, button, column, icon_label, label, row
from .chips import badge_width, paint_badge
from .icons import icon, paint_icon
from .rail import Logo
from .tokens import TOP_BAR
from .translation import translator

tr = translator("ui")


class PressBox(Pressable):
    """A clickable box with children laid inside; paints hover and focus."""

    def __init__(self, *items: Item, border: bool = True, margins: tuple[int, int, int, int] = (10, 0, 8, 0)) -> None:
        super().__init__()
        self._border = border
        self.setLayout(row(*items, spacing=8, margins=margins))
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter, focus = theme.current(), QPainter(self), self.hasFocus()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = QPen(QColor(t.accent_fill if focus else t.border), 2 if focus else 1)
        painter.setPen(edge if self._border or focus else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.hover if self.underMouse() else (t.surface_alt if self._border else t.surface)))
        inset = 1.0 if focus else 0.5
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 6, 6)


class Bell(Pressable):
    """The notifications, with how many are unread."""

    def __init__(self) -> None:
        super().__init__()
        self._count = 0
        self.setFixedSize(40, 34)
        self.set_count(0)

    def set_count(self, count: int) -> None:
        self._count = count
        self.setAccessibleName(tr("Notifiche: {n} da leggere", n=count))
        self.setToolTip(tr("Notifiche (Ctrl+Maiusc+N)"))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.is_hot():
            painter.setPen(QPen(QColor(t.accent_fill), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.hover))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        paint_icon(painter, "bell", QRectF(9, 8, 18, 18), t.text_2)
        if self._count:
            text = str(self._count) if self._count < 100 else "99+"
            width = badge_width(text) - 2
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.surface))
            painter.drawRoundedRect(QRectF(self.width() - width - 4, 1, width + 2, 18), 9, 9)
            paint_badge(painter, QRectF(self.width() - width - 3, 2, width, 16), text, "negative")


class TopBar(QFrame):
    """Only signals: the main window and the program act on them."""

    company_change_wanted = Signal()
    search_wanted = Signal()
    help_wanted = Signal()
    notifications_wanted = Signal()
    password_change_wanted = Signal()
    log_out_wanted = Signal()
    lock_wanted = Signal()
    exit_wanted = Signal()
    about_wanted = Signal()
    theme_chosen = Signal(str)
    language_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(TOP_BAR)
        self.language = "it"
        self._company, self._company_detail = label("", "medium"), label("", "small", "3")
        self.selector = PressBox(
            icon_label("building-2"), self._company, self._company_detail, icon_label("chevrons-up-down", 14, "text_3")
        )
        self.selector.setFixedHeight(34)
        self.selector.setToolTip(tr("Cambia azienda (Ctrl+Maiusc+A)"))
        self.selector.clicked.connect(self.company_change_wanted)
        self._search_words = label(tr("Cerca clienti, contratti, fatture o un comando"), "body", "3")
        self._search_words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.search = PressBox(icon_label("search", 16, "text_3"), self._search_words, Keycap("Ctrl", "K"))
        self.search.setFixedHeight(34)
        self.search.setMinimumWidth(160)
        self.search.setMaximumWidth(460)
        self.search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.search.setAccessibleName(tr("Comandi e ricerca (Ctrl+K)"))
        self.search.setToolTip(tr("Comandi e ricerca (Ctrl+K)"))
        self.search.clicked.connect(self.search_wanted)
        help_button = button("", "icon", "circle-help", tip=tr("Guida e tasti (F1)"))
        help_button.clicked.connect(self.help_wanted)
        self.bell = Bell()
        self.bell.clicked.connect(self.notifications_wanted)
        self._make_person()
        self._product = label("CMS Desktop", "strong")
        line = row(Logo(26), self._product, 8, self.selector, 16, None, spacing=8, margins=(14, 0, 12, 0))
        line.addWidget(self.search, 8)
        for item in (16, help_button, self.bell, self.person):
            if isinstance(item, int):
                line.addStretch(1)
            else:
                line.addWidget(item)
        self.setLayout(line)

    def _make_person(self) -> None:
        self._avatar = Avatar("", 28, True)
        self._person_name, self._person_role = label("", "small-medium"), label("", "caption", "3")
        self._person_texts = QWidget()
        self._person_texts.setLayout(column(None, self._person_name, self._person_role, None, spacing=0))
        chevron = icon_label("chevron-down", 14, "text_3")
        self.person = PressBox(self._avatar, self._person_texts, chevron, border=False, margins=(6, 2, 6, 2))
        self.person.setFixedHeight(40)
        self.person.clicked.connect(self._on_person_clicked)

    # -- what it shows
    def set_company(self, name: str, detail: str = "") -> None:
        self._company.setText(name)
        self._company_detail.setText(detail)
        self._company_detail.setVisible(bool(detail))
        self.selector.setAccessibleName(tr("Azienda: {name}", name=name))

    def set_person(self, name: str, role: str = "") -> None:
        initials = "".join(part[0] for part in name.split()[:2]).upper()
        self._avatar.set_initials(initials)
        self._person_name.setText(name)
        self._person_role.setText(role)
        self._person_role.setVisible(bool(role))
        self.person.setAccessibleName(tr("Menu di {name}", name=name))
        self.person.setToolTip(f"{name}\n{role}".strip())

    def set_notifications(self, count: int) -> None:
        self.bell.set_count(count)

    # -- the person's menu
    def person_menu(self) -> QMenu:
        menu = QMenu(self)
        look = menu.addMenu(icon("sun-moon"), tr("Aspetto"))
        choices = (("light", tr("Chiaro")), ("dark", tr("Scuro")), ("system", tr("Come il sistema")))
        self._add_choices(look, choices, theme.choice(), self.theme_chosen.emit)
        languages = menu.addMenu(icon("languages"), tr("Lingua"))
        self._add_choices(languages, (("it", "Italiano"), ("en", "English")), self.language, self.language_chosen.emit)
        menu.addSeparator()
        menu.addAction(icon("key-round"), tr("Cambia la password…"), self.password_change_wanted.emit)
        menu.addAction(icon("info"), tr("Informazioni su CMS Desktop"), self.about_wanted.emit)
        menu.addSeparator()
        menu.addAction(icon("lock"), tr("Blocca lo schermo"), self.lock_wanted.emit)
        menu.addAction(icon("log-out"), tr("Esci dall'utente"), self.log_out_wanted.emit)
        menu.addAction(icon("power"), tr("Chiudi il programma"), self.exit_wanted.emit)
        return menu

    def _add_choices(self, menu: QMenu, choices: tuple[tuple[str, str], ...], chosen: str, tell: Callable[[str], None]) -> None:
        group = QActionGroup(menu)
        for key, words in choices:
            action: QAction = menu.addAction(words)
            action.setCheckable(True)
            action.setChecked(key == chosen)
            action.triggered.connect(lambda _checked=False, key=key: tell(key))
            group.addAction(action)

    def _on_person_clicked(self) -> None:
        menu = self.person_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        size = menu.sizeHint()
        menu.popup(self.person.mapToGlobal(QPoint(self.person.width() - size.width(), self.person.height() + 4)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= 1100
        self._person_texts.setVisible(wide)
        self._product.setVisible(wide)
        self._company_detail.setVisible(wide and bool(self._company_detail.text()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        t, painter = theme.current(), QPainter(self)
        painter.fillRect(self.rect(), QColor(t.surface))
        painter.fillRect(0, self.height() - 1, self.width(), 1, QColor(t.border))
