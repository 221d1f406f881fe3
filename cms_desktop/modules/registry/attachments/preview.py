"""PreviewPane: a document looked at inside the program: a page of a PDF, a picture, the beginning of a text."""

from __future__ import annotations

import pathlib
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QImageReader, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QPlainTextEdit, QStackedWidget, QWidget

from cms_desktop.core.errors import AppError, Cancelled, InvalidInput
from cms_desktop.documents.pages import PdfPage, draw_page
from cms_desktop.modules.registry.attachments import rules
from cms_desktop.ui import theme
from cms_desktop.ui.background import Background
from cms_desktop.ui.basics import boxed, button, column, label, row, rule
from cms_desktop.ui.error_text import error_text
from cms_desktop.ui.translation import translator

tr = translator("notes")
PICTURE_MOST = 1600  # pixels of the longer side that a preview keeps


class Picture(QWidget):
    """An image as large as fits, never enlarged."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self.setMinimumSize(120, 120)

    def show_image(self, image: QImage) -> None:
        self._image = image
        self.update()

    def image(self) -> QImage:
        return self._image

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.current().canvas))
        if self._image.isNull():
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        ratio = self.devicePixelRatioF()
        size = QSize(round(self._image.width() / ratio), round(self._image.height() / ratio))
        room = self.size() - QSize(24, 24)
        if size.width() > room.width() or size.height() > room.height():
            size.scale(room, Qt.AspectRatioMode.KeepAspectRatio)
        target = self.rect()
        target.setSize(size)
        target.moveCenter(self.rect().center())
        painter.fillRect(target, Qt.GlobalColor.white)
        painter.drawImage(target, self._image)


class PreviewPane(QWidget):
    """`show_file(path, name, size)` loads in the background; `clear(text)` says why there is nothing."""

    shown = Signal(str)  # the kind of preview, "" for none

    def __init__(self, background: Background) -> None:
        super().__init__()
        self._background, self._path, self._page, self._count = background, pathlib.Path(), 0, 0
        self.words = label("", "small", "3", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture, self.text = Picture(), QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(theme.font("body", code=True))
        self.text.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self._stack = QStackedWidget()
        for widget in (boxed(column(None, self.words, None, margins=(24, 24, 24, 24)), canvas="true"), self.picture, self.text):
            self._stack.addWidget(widget)
        self.place = label("", "small", "2")
        self._back = button("", "icon", "chevron-left", tip=tr("Pagina precedente (Pag↑)"))
        self._on = button("", "icon", "chevron-right", tip=tr("Pagina successiva (Pag↓)"))
        self._back.clicked.connect(lambda: self.turn(-1))
        self._on.clicked.connect(lambda: self.turn(1))
        self._pager = boxed(row(None, self._back, self.place, self._on, None, spacing=8, margins=(8, 4, 8, 4)))
        self._pager.hide()
        layout = column(self._stack, rule(), self._pager, spacing=0)
        layout.setStretch(0, 1)
        self.setLayout(layout)
        self.setAccessibleName(tr("Anteprima"))

    def page_keys(self, owner: QWidget) -> None:
        """PgUp and PgDn of `owner` turn the pages."""
        for keys, step in (("PgUp", -1), ("PgDown", 1)):
            shortcut = QShortcut(QKeySequence(keys), owner)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda step=step: self.turn(step))

    def clear(self, text: str = "") -> None:
        self._count = 0
        self._pager.hide()
        self.picture.show_image(QImage())
        self.words.setText(text)
        self._stack.setCurrentIndex(0)
        self.shown.emit("")

    def show_file(self, path: pathlib.Path, name: str, byte_count: int) -> None:
        kind = rules.preview_of(pathlib.PurePath(name).suffix.lower(), byte_count)
        self._path, self._page = path, 0
        if kind == "pdf":
            self._draw(0)
        elif kind == "image":
            self._background.run(self, lambda _unit: _read_picture(path), then=self._show_picture, failed=self._on_failed, key="preview")
        elif kind == "text":
            self._background.run(self, lambda _unit: _read_text(path), then=self._show_text, failed=self._on_failed, key="preview")
        else:
            self.clear(tr("Di questo tipo di documento non c'è anteprima: aprilo con Invio."))

    # pages of a PDF
    def turn(self, step: int) -> None:
        if self._count and 0 <= self._page + step < self._count:
            self._draw(self._page + step)

    def _draw(self, number: int) -> None:
        path, width = self._path, round(max(400, self.width() - 24) * self.devicePixelRatioF())
        self._background.run(
            self, lambda _unit: draw_page(path, number, width), then=self._show_page, failed=self._on_failed, key="preview"
        )

    def _show_page(self, page: PdfPage) -> None:
        self._page, self._count = page.number, page.count
        image = QImage(page.pixels, page.width, page.height, page.stride, QImage.Format.Format_RGB32).copy()
        self.place.setText(tr("Pagina {n} di {count}", n=page.number + 1, count=page.count))
        self._back.setEnabled(page.number > 0)
        self._on.setEnabled(page.number < page.count - 1)
        self._pager.setVisible(page.count > 1)
        self.picture.show_image(image)
        self._stack.setCurrentIndex(1)
        self.shown.emit("pdf")

    def _show_picture(self, image: QImage) -> None:
        self._pager.hide()
        self.picture.show_image(image)
        self._stack.setCurrentIndex(1)
        self.shown.emit("image")

    def _show_text(self, text: str) -> None:
        self._pager.hide()
        self.text.setPlainText(text)
        self._stack.setCurrentIndex(2)
        self.shown.emit("text")

    def _on_failed(self, error: AppError) -> None:
        if not isinstance(error, Cancelled):
            self.clear(error_text(error))


def _read_picture(path: pathlib.Path) -> QImage:
    """On a thread of the background: decoding a photograph takes its time."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > PICTURE_MOST:
        reader.setScaledSize(size.scaled(PICTURE_MOST, PICTURE_MOST, Qt.AspectRatioMode.KeepAspectRatio))
    image: Any = reader.read()
    if image.isNull():
        raise InvalidInput("L'immagine non si può leggere: è danneggiata o troppo grande.")
    return QImage(image)


def _read_text(path: pathlib.Path) -> str:
    with path.open("rb") as file:
        content = file.read(rules.TEXT_MOST + 1)
    text = rules.decoded(content[: rules.TEXT_MOST])
    return text + "\n…" if len(content) > rules.TEXT_MOST else text
